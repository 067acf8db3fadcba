"""The public column as others follow it: feeds, search, the map of its pages; nothing of a list whose term is over."""

import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from django.conf import settings
from django.urls import reverse

from appraisal_portal.home.story import certify, results
from appraisal_portal.kernel import clock
from committees.plans.models import Notice
from tests.factories.results import AFTER, LAST_DAY, PUBLIC_FROM, decided_meeting
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(decided_meeting, 2)]
ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client, kind: str) -> ET.Element:
    answer = client.get(reverse("home:feed", args=[kind]))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/atom+xml")
    return ET.fromstring(answer.content)


def titles(client, kind: str) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in feed(client, kind).iter(f"{ATOM}entry")]


def found(client, words: str) -> str:
    return client.get(reverse("home:search"), {"q": words}).content.decode()


def test_notices_are_followed_with_lasting_ids(client):
    notice = Notice.objects.public().first()
    entry = feed(client, "notices").find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == notice.title
    assert entry.findtext(f"{ATOM}id") == settings.PORTAL_SITE_URL + notice.get_public_url()
    assert dt.datetime.fromisoformat(entry.findtext(f"{ATOM}updated")) == notice.records.latest("pk").at.replace(
        microsecond=0
    )


def test_a_list_is_followed_and_found_in_its_term_only(client):
    meeting, rows = decided_meeting(2)
    with clock.travel(PUBLIC_FROM):
        publicity = results.publicise(meeting)
    page = reverse("reviews:public-publicity", args=[publicity.pk])
    with clock.travel(LAST_DAY):
        [title] = titles(client, "publicity")
        assert title == f"{meeting.committee.name} {meeting.meets_on:%Y-%m-%d} · 2 人"
        summary = feed(client, "publicity").find(f"{ATOM}entry").findtext(f"{ATOM}summary")
        assert summary == "2026-05-28（周四）24:00 前可提出异议。"
        assert page in found(client, meeting.committee.name[2:4])
        assert page in client.get("/sitemap.xml").content.decode()
    with clock.travel(AFTER):
        assert titles(client, "publicity") == []
        assert page not in found(client, meeting.committee.name[2:4])
        assert page not in client.get("/sitemap.xml").content.decode()
        answer = client.get(page)
        assert answer["X-Robots-Tag"] == "noindex"
        assert '<meta name="robots" content="noindex">' in answer.content.decode()
    for kind in ("notices", "publicity", "results"):
        assert rows[0].applicant.name not in client.get(reverse("home:feed", args=[kind])).content.decode()


def test_results_are_followed_and_found_by_number(client):
    meeting, rows = decided_meeting(2)
    with clock.travel(PUBLIC_FROM):
        results.publicise(meeting)
    with clock.travel(AFTER):
        document = certify.document([results.decide(results.report(meeting))])
        assert titles(client, "results") == [f"{document.title} {document.number}"]
        assert reverse("certificates:result-detail", args=[document.pk]) in found(client, document.number)
        assert "没有查到" in found(client, rows[0].applicant.name)


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("真实性", True),  # a part of a sentence of the text
        ("关于 真实性", True),  # every word
        ("关于\u3000真实性", True),  # with the wide space of a Chinese keyboard
        ("关于 查无此词", False),
        ("%", False),  # not a wildcard
    ],
)
def test_every_word_is_looked_for_as_a_part(client, words, there):
    assert (Notice.objects.public().first().title in found(client, words)) is there


def test_standards_and_plan_are_found(client):
    meeting, _rows = decided_meeting(2)
    with clock.travel(PUBLIC_FROM):
        text = found(client, meeting.committee.name)
    lines = meeting.line.plan.lines.filter(committee=meeting.committee)
    levels = set(lines.values_list("level", flat=True))
    assert len(lines) > len(levels)  # it has channels, which the page of the plan names
    assert text.count(f'href="{reverse("plans:plan-year", args=[2026])}"') == len(levels)
    assert 'href="/standards/' in text


@pytest.mark.parametrize(("words", "says"), [("", "请至少填写一个词"), ("长" * 61, "60"), ("a\x00b", "")])
def test_a_question_that_cannot_be_asked_is_told(client, words, says):
    answer = client.get(reverse("home:search"), {"q": words})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode() or "error" in answer.content.decode()
    assert says in answer.content.decode()


def test_an_unknown_feed_is_not_found_and_an_empty_one_keeps_its_bytes(client):
    assert client.get("/feeds/people.atom").status_code == 404
    first, second = (client.get(reverse("home:feed", args=["results"])).content for _ in range(2))
    assert first == second


def test_crawlers_are_led_to_the_map(client):
    text = client.get("/robots.txt").content.decode()
    assert text.endswith(f"Sitemap: {settings.PORTAL_SITE_URL}/sitemap.xml\n")
    assert "/publicity/" in client.get("/sitemap.xml").content.decode()


@pytest.mark.parametrize("page", ["plans:notice-list", "reviews:public-publicity-list", "certificates:result-list"])
def test_pages_lead_to_their_feed_in_head_and_text(client, page):
    text = client.get(reverse(page)).content.decode()
    kind = {"plans": "notices", "reviews": "publicity", "certificates": "results"}[page.partition(":")[0]]
    head, body = text.split("</head>")
    address = f'href="/feeds/{kind}.atom"'
    assert f'type="application/atom+xml" title="Atom" {address}' in head
    assert address in body


def test_two_of_one_name_are_told_apart_on_list_and_result(client):
    """The same name, unit, title and specialty, born in different months."""
    meeting, rows = decided_meeting(2)
    first, second = rows
    for row, born in ((first, dt.date(1986, 3, 2)), (second, dt.date(1991, 11, 5))):
        row.unit_id, row.title_id, row.specialty = first.unit_id, first.title_id, first.specialty
        row.save(update_fields=["unit", "title", "specialty"])
        type(row.applicant).objects.filter(pk=row.applicant_id).update(name="叶青松", birth_date=born)
    with clock.travel(PUBLIC_FROM):
        publicity = results.publicise(meeting)
        public_list = client.get(reverse("reviews:public-publicity", args=[publicity.pk])).content.decode()
    with clock.travel(AFTER):
        document = certify.document([results.decide(results.report(meeting))])
        result = client.get(reverse("certificates:result-detail", args=[document.pk])).content.decode()
    for page in (public_list, result):
        assert page.count("1986-03") == page.count("1991-11") == 1
        assert "1986-03-02" not in page
    assert "叶青松 (1986-03)" in result
