"""A visitor at the public column: where to apply, search, feeds, blank forms, the log, the page for programs."""

import json

import pytest
from django.urls import reverse

from appraisal_portal.kernel import blanks, documents
from committees.plans.models import Notice, Subfield
from tests.journeys.conftest import World
from tests.journeys.steps.desk import Desk, words
from tests.journeys.steps.papers import text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGES = {
    "plans:where": "Where do I apply?", "home:search": "Search", "home:form-list": "Blank forms",
    "kernel:log": "Public log", "home:api": "For programs",
}  # fmt: skip


@pytest.fixture
def column(world: World) -> World:
    """The form 2-9 is drawn."""
    blanks.draw(documents.registry["2-9"])
    return world


def feeds(desk: Desk) -> list[str]:
    """What a reader of feeds finds in the head of the page."""
    return desk.page.locator('head link[type="application/atom+xml"]').evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )


def test_a_visitor_finds_committee_notice_form_and_log(column: World) -> None:
    visitor = column.desk("visitor").open("/")
    assert feeds(visitor) == [f"/feeds/{kind}.atom" for kind in ("notices", "publicity", "results")]
    visitor.follow("Where do I apply?")
    subfield = Subfield.objects.get(name="林业工程")
    visitor.fill(series=str(subfield.series_id), subfield=str(subfield.pk), level="intermediate")
    visitor.fill(employer="public_institution")
    visitor.press("Show").seen("where").says(column.cycle.line("forestry").committee.name)
    notice = Notice.objects.public().first()
    visitor.open("/search/").fill(q=notice.title[:4]).press("Search").seen("search").go(notice.title)
    visitor.says(notice.title)
    visitor.open("/search/").fill(q="2-9").press("Search").says(words("Blank forms"))
    visitor.open("/forms/").seen("forms")
    form = visitor.download(visitor.main.get_by_role("link", name="真实性保证书"))
    assert "单位核实人签名" in text_of(form)
    visitor.open("/log/").seen("log")
    assert b"def check_heads" in visitor.download(visitor.main.locator('a[href$="check_log.py"]'))
    keys = json.loads(visitor.download(visitor.main.locator('a[href$="jwks.json"]')))["keys"]
    assert [key["crv"] for key in keys] == ["P-256"]
    visitor.open("/api/").seen("api")
    told = json.loads(visitor.download(visitor.main.locator('a[href$="openapi.json"]')))
    assert told["openapi"] == "3.1.0"
    assert not column.findings.found


def test_the_same_pages_in_english(column: World) -> None:
    reader = column.desk("reader", locale="en-GB")
    for name, heading in PAGES.items():
        reader.open(reverse(name)).seen(name.replace(":", "-"))
        assert reader.page.locator("html").get_attribute("lang") == "en"
        assert reader.page.locator("h1").inner_text() == heading
    assert not column.findings.found
