"""The label of a choice begins a cell, a badge, an option or an answer with a capital letter; in the middle of a
sentence it stands as it is. Every page of the matrix is read in English for one reader of it.
"""

import re
from functools import cache
from html import unescape

from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from appraisal_portal.accounts.models import User
from tests.matrix.pages import PAGES
from tests.matrix.test_pages import HANDLER, committed, spelled
from tests.matrix.world import World

BEGINS = re.compile(
    r"<(?:td|dd|th|dt|option|legend)\b[^>]*>\s*([^<]+)"
    r'|<span class="tag[^>]*>\s*([^<]+)'
    r'|<div class="choice"><input[^>]*><label[^>]*>\s*([^<]+)'
)


@cache
def labels() -> frozenset[str]:
    """Labels of all choices that begin in lower case."""
    with override("en"):
        found = {
            str(label)
            for model in apps.get_models()
            for field in model._meta.get_fields()
            for _value, label in getattr(field, "flatchoices", None) or ()
        }
    return frozenset(label for label in found if label[:1].islower())


def began(page: str) -> set[str]:
    """With what a page's cells, badges, options and answers begin."""
    return {unescape(next(filter(None, match.groups()))).strip() for match in BEGINS.finditer(page)}


def test_no_label_begins_a_cell_in_lower_case(world: World) -> None:
    assert "regular review" in labels()
    assert began('<td class="x">regular review</td><span class="tag ok">x</span>') & labels() == {"regular review"}
    wrong, capital = [], set()
    logins = set(User.objects.values_list("username", flat=True))
    capitals = {label[0].upper() + label[1:] for label in labels()}
    for name, page in PAGES.items():
        who = next((who for who, status in spelled(committed("get")[name]).items() if status == 200), None)
        if who is None:
            continue
        client = Client(raise_request_exception=False, headers={"accept-language": "en"})
        client.handler = HANDLER
        user = world.user(who, world.rows.get(page.row))
        if user.is_authenticated:
            client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies[user.pk]
        answer = client.get(reverse(name, kwargs=page.kwargs(world)))
        if answer.streaming or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        seen = began(answer.content.decode()) - (logins if name == "accounts:user-list" else set())
        wrong += [f"{name} ({who}): {label}" for label in sorted(seen & labels())]
        capital |= seen & capitals
    assert not wrong, "\n".join(wrong)
    assert len(capital) > 40, "labels stand on the pages"
