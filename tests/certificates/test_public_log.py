"""What of the procedure stands in the public log, what a stranger learns from it, and how a certificate is proved."""

import datetime as dt
import json

import pytest
from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from appraisal_portal.accounts.models import Person
from appraisal_portal.home.story import certify
from appraisal_portal.kernel import clock, files, publiclog
from appraisal_portal.kernel.models import LogEntry
from appraisal_portal.kernel.publiclog import check_log
from certificates.models import Certificate
from certificates.services import lookup
from committees.reviews.models import ResultPublicity
from tests.certificates.test_pages import printed
from tests.factories.results import AFTER, announced, decided_meeting, issued
from tests.stage import begins_with, kept

NEXT = AFTER + dt.timedelta(days=1)


def committed():
    """What a commit does: the records become links of the chain."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@kept
def two_certificates():
    """Two certificates issued on 29 May 2026; the second is revoked; nothing is logged yet."""
    meeting, rows = decided_meeting(2)
    _report, document = announced(meeting)
    issued(document)
    with clock.travel(AFTER):
        certify.revoke(Certificate.objects.get(declaration=rows[1]))
    return meeting, rows, document


pytestmark = [pytest.mark.django_db, begins_with(two_certificates)]


@pytest.fixture
def logged():
    """The log as the sweeps of this evening and of the next morning leave it."""
    made = two_certificates()
    committed()
    with clock.travel(clock.at(AFTER, 20)):
        publiclog.sweep()
    with clock.travel(clock.at(NEXT, 8)):
        publiclog.sweep()
    return made


def get(name, *args, query="", language="en"):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client.get(reverse(name, args=args) + query)


def read(answer):
    return answer.getvalue() if answer.streaming else answer.content


def test_each_publication_issue_and_revocation_has_one_line_in_the_order_of_time(logged):
    kinds = list(LogEntry.objects.order_by("place").values_list("kind", flat=True))
    assert kinds == ["publicity-list", "result-document", "certificate", "certificate", "certificate-revoked"]
    with clock.travel(clock.at(NEXT, 9)):
        assert publiclog.sweep() == 0
    meeting, rows, document = logged
    people = json.loads(LogEntry.objects.get(kind="publicity-list").content)["people"]
    assert [person[1] for person in people] == [row.applicant.name for row in rows]
    said = json.loads(LogEntry.objects.get(kind="result-document").content)
    assert (said["number"], said["sha256"]) == (document.number, document.document.sha256)
    revoked = json.loads(LogEntry.objects.get(kind="certificate-revoked").content)
    assert revoked == {"number": Certificate.objects.get(declaration=rows[1]).number, "revoked_on": "2026-05-29"}


def test_a_stranger_who_has_the_whole_log_learns_of_nobody(logged):
    lines = read(get("kernel:log-lines")).decode()
    assert len(lines.splitlines()) == 5
    for person in Person.objects.all():
        assert person.name not in lines
        assert person.id_number not in lines
    numbers = list(Certificate.objects.values_list("number", flat=True))
    assert not [number for number in numbers if number in lines]
    contents = LogEntry.objects.values_list("content", flat=True)
    for person in Person.objects.all():  # nor does whoever is given a proof learn more than the check shows
        assert not [text for text in contents if person.id_number in text]
    assert "employer" not in LogEntry.objects.filter(kind="certificate").first().content


def test_the_checker_holds_what_the_portal_hands_out_together(logged, tmp_path):
    _meeting, rows, _document = logged
    certificate = Certificate.objects.get(declaration=rows[0])
    token, _code = printed(certificate)
    with clock.travel(clock.at(NEXT, 9)):
        page = get("certificates:verify-token", token).content.decode()
        address = page.partition("/certificates/proof/")[2].partition('"')[0].strip("/")
        proof = get("certificates:verify-proof", address)
        for name, answer in {
            "proof.json": proof,
            "log.jsonl": get("kernel:log-lines"),
            "heads.jsonl": get("kernel:log-heads"),
            "consistency.json": get("kernel:log-consistency", query="?first=2"),
        }.items():
            assert answer.status_code == 200, name
            (tmp_path / name).write_bytes(read(answer))
    (tmp_path / "sheet.pdf").write_bytes(files.open_stored(certificate.current.document))
    at = {name: str(tmp_path / name) for name in ("proof.json", "log.jsonl", "heads.jsonl", "consistency.json")}
    heads = ["--heads", at["heads.jsonl"]]
    assert check_log.main(["log", at["log.jsonl"], *heads]) == 0
    assert check_log.main(["proof", at["proof.json"], *heads, "--pdf", str(tmp_path / "sheet.pdf")]) == 0
    assert check_log.main(["consistency", at["consistency.json"], *heads]) == 0
    (tmp_path / "sheet.pdf").write_bytes(b"another")
    assert check_log.main(["proof", at["proof.json"], "--pdf", str(tmp_path / "sheet.pdf")]) == 1
    told = json.loads((tmp_path / "proof.json").read_text())
    assert told["day"] == AFTER.isoformat()
    assert set(json.loads(told["content"])) == {
        "number", "version", "name", "title", "series", "specialty", "level", "committee", "qualified_on",
        "issuing_body", "issued_on", "document_number", "sha256",
    }  # fmt: skip


def test_a_list_leads_to_its_proof_as_long_as_it_names_who_was_published(logged, tmp_path):
    [publicity] = ResultPublicity.objects.all()
    with clock.travel(clock.at(NEXT, 9)):
        page = get("reviews:public-publicity", publicity.pk).content.decode()
        assert "Line 1 of the public log." in page
        assert reverse("reviews:public-publicity-proof", args=[publicity.pk]) in page
        answer = get("reviews:public-publicity-proof", publicity.pk)
        assert answer["X-Robots-Tag"] == "noindex"
        (tmp_path / "proof.json").write_bytes(answer.content)
        (tmp_path / "heads.jsonl").write_bytes(read(get("kernel:log-heads")))
        assert check_log.main(["proof", str(tmp_path / "proof.json"), "--heads", str(tmp_path / "heads.jsonl")]) == 0
        proved = json.loads(answer.json()["content"])
        assert [person[1] for person in proved["people"]] == [row.applicant.name for row in logged[1]]
        item = publicity.items.first()
        item.live = False  # taken off after an objection
        item.save()
        page = get("reviews:public-publicity", publicity.pk, language="zh-hans").content.decode()
        assert "证明里有第一天在名单上的全部人员，其中有人已被撤下，因此不再提供。" in page
        assert "proof.json" not in page
        assert get("reviews:public-publicity-proof", publicity.pk).status_code == 404
    with clock.travel(publicity.take_down_on + dt.timedelta(days=1)):
        publicity.items.update(live=True)
        assert get("reviews:public-publicity-proof", publicity.pk).status_code == 404


def test_a_proof_is_for_whoever_was_just_shown_the_certificate(logged):
    token, _code = printed(Certificate.objects.get(declaration=logged[1][0]))
    with clock.travel(clock.at(NEXT, 9)):
        ticket = lookup.by_token(token).proof_ticket
        answer = get("certificates:verify-proof", ticket)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
        for wrong in (ticket[:-1] + ("A" if ticket[-1] != "A" else "B"), "1", "MQ:1:x"):
            assert get("certificates:verify-proof", wrong).status_code == 404
    lookup.TICKET, kept_for = dt.timedelta(0), lookup.TICKET
    try:
        assert get("certificates:verify-proof", ticket).status_code == 404
    finally:
        lookup.TICKET = kept_for


@pytest.mark.parametrize(("language", "words"), [("en", "head of 2026-05-29, 5 lines:"), ("zh-hans", "2026-05-29")])
def test_the_head_is_on_the_front_page_the_log_page_the_check_and_the_letters(logged, language, words):
    root = publiclog.latest_head().root
    token, _code = printed(Certificate.objects.get(declaration=logged[1][0]))
    with clock.travel(clock.at(NEXT, 9)):
        front = get("home:front", language=language).content.decode()
        assert words in front
        assert root in front
        assert root in get("kernel:log", language=language).content.decode()
        assert root in get("certificates:verify-token", token, language=language).content.decode()
    letter = render_to_string("documents/base_letter.html", {"log_head": publiclog.printed_head()})
    assert f"公开日志 2026-05-29 日志头（5 行）：{root}" in letter


def test_before_the_sweep_the_check_says_that_the_line_is_to_come():
    _meeting, rows, _document = two_certificates()
    token, _code = printed(Certificate.objects.get(declaration=rows[0]))
    page = get("certificates:verify-token", token).content.decode()
    assert "it is entered in the public log within a few minutes" in page
    assert "/certificates/proof/" not in page


@pytest.mark.parametrize(
    "query", ["?first=0", "?first=6", "?first=3&second=2", "?first=1&second=99", "?first=x", "?first=-1"]
)
def test_a_consistency_proof_is_for_two_sizes_of_this_log(logged, query):
    assert get("kernel:log-consistency", query=query).status_code == 404


def test_a_copy_is_brought_up_to_date_from_where_it_ends(logged):
    assert read(get("kernel:log-lines")).splitlines()[3:] == read(get("kernel:log-lines", query="?from=3")).splitlines()
    assert read(get("kernel:log-lines", query="?from=5")) == b""
    assert get("kernel:log-lines", query="?from=6").status_code == 404
    assert b"RFC 9162" in read(get("kernel:log-checker"))
