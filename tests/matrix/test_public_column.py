"""Never an identity number, not even masked, nor a day of birth on a page anybody may read (domain.md §6)."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from appraisal_portal.accounts.models import Person
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.checks import declared_access, url_patterns
from tests.journeys.steps.papers import text_of
from tests.matrix.pages import PAGES
from tests.matrix.world import World

WHOLE = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])")
MASKED = re.compile(r"\d{3,6}[*＊]{4,}[0-9A-Za-z]{0,4}")


def read(answer: Any) -> str:
    """Everything the answer says, a PDF by its text."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return text_of(body) if answer["Content-Type"].startswith("application/pdf") else body.decode(errors="replace")


def test_the_pattern_knows_a_number_when_it_sees_one() -> None:
    assert WHOLE.search("号码 33250119880302001X。")
    assert MASKED.search("332501********001X")
    assert not WHOLE.search("a" * 6 + "33250119880302001X" + "b" * 6)  # part of a hash


def test_no_public_page_shows_an_identity_number_or_a_day_of_birth(world: World) -> None:
    people = list(Person.objects.exclude(id_number="").values_list("id_number", "birth_date"))
    told = {number for number, _born in people} | {f"{born:%Y-%m-%d}" for _number, born in people if born}
    told -= {f"{day:%Y-%m-%d}" for row in world.rows.values() for day in vars(row).values() if hasattr(day, "year")}
    seen = []
    for _path, name, view in url_patterns():
        if declared_access(view) is not PUBLIC:
            continue
        answer = Client().get(reverse(name, kwargs=PAGES[name].kwargs(world)))
        if answer.status_code != 200:
            continue
        text = read(answer)
        seen.append(name)
        assert not WHOLE.search(text), name
        assert not MASKED.search(text), name
        assert not [secret for secret in told if secret in text], name
    assert {
        "reviews:public-publicity",
        "certificates:result-detail",
        "certificates:result-download",
        "certificates:result-filed",
        "home:feed",
        "home:form-download",
    } <= set(seen)
