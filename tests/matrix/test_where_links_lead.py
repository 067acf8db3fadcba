"""No link and no button leads its reader to a refusal, to nothing, to a fault, or back to the log-in.

It follows what the pages opened by ``test_pages.py`` have shown (``links.py``), and what the pages it opens show.
"""

import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import reverse

from tests.matrix.links import LEADS, Lead, goal
from tests.matrix.pages import PAGES
from tests.matrix.test_pages import NAMES, answers, asked
from tests.matrix.world import World


def astray(lead: Lead, status: int, to: str) -> bool:
    """Whether the reader meets a refusal, nothing, a fault, or is asked again who they are."""
    at_the_door = lead.user.is_authenticated and to.startswith(str(settings.LOGIN_URL))
    return status in {403, 404, 405} or status >= 500 or at_the_door


@pytest.mark.parametrize("who", NAMES)
def test_nobody_is_led_to_a_refusal(world: World, who: str) -> None:
    for name in PAGES:
        if (who, name) not in LEADS.pages:  # this test alone, without those that open every page
            answers(world, name, "GET", (who,))
    found, followed = [], set()
    for lead, said in LEADS.taken(who):
        followed.add(goal(lead.url.partition("?")[0]))
        if said is None or astray(lead, *said):  # a form refused without its hidden values may be answered with them
            status, to = LEADS.note(who, lead, asked(world, lead.user, lead.method, lead.url, dict(lead.values)))
            if astray(lead, status, to):
                found.append(f"{status} {to} {lead.method} {lead.url} {dict(lead.values) or ''} from {lead.page}")
    assert not found
    assert len(followed) > 20, "the menu alone leads to more"


@pytest.mark.parametrize(
    ("who", "name", "leads", "says"),
    [
        ("bureau_reviewer", "certificates:revocation-detail", "applications:sanction-new", "办理限制申报"),
        ("bureau_approver", "certificates:revocation-detail", "", "由市局初审人立案"),
        ("unit_clerk", "reviews:outcome-detail", "reviews:entrustment-paper", "委托评审函 丽人社委〔2026〕1号（PDF）"),
        (
            "forwarder",
            "reviews:outcome-detail",
            "",
            "函中还列有其他单位人员，由其所在单位、评委会办公室和市人力社保局查阅",
        ),
        ("supervisor", "accounts:look-list", "reviews:archive-list", "/archive/"),
        ("bureau_reviewer", "accounts:look-list", "", "/archive/"),
    ],
)
def test_who_is_led_nowhere_reads_who_acts(world: World, who: str, name: str, leads: str, says: str) -> None:
    page = PAGES[name]
    answer = asked(world, world.user(who, world.rows.get(page.row)), "GET", reverse(name, kwargs=page.kwargs(world)))
    main = answer.content.decode().partition("<main")[2]
    assert says in main
    led = {goal(urlsplit(link).path)[0] for link in re.findall('href="([^"]*)"', main)}
    kept_from = {"applications:sanction-new", "reviews:entrustment-paper", "reviews:archive-list"} - {leads}
    assert leads in led | {""}
    assert not led & kept_from
