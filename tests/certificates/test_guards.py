"""Guards of this stage, each with an example that passes and one that fails; hostile text in the exports."""

import io
import zipfile
from types import SimpleNamespace

import openpyxl
import pytest

from appraisal_portal.home.story import results as story
from appraisal_portal.kernel import clock, files
from certificates import rules
from certificates.models import Certificate, IssueBatch, IssueDocument, IssueItem, Revocation
from certificates.services import batches, numbers
from committees.reviews.models import ResultReport
from committees.reviews.services import reports
from tests.factories.results import AFTER, PUBLIC_FROM, announced, decided_meeting, issued

PAYLOADS = ("=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "==1", "='a'", "\t=1", '=HYPERLINK("http://x","y")')
UNPRINTABLE = "\x0b\x1f\x07"


def fails(guard, obj):
    return bool(list(guard(obj, SimpleNamespace(data={}))))


def test_printable():
    assert not list(rules.printable(["叶青松", "𠮷䶮"]))
    assert list(rules.printable(["\U0002a6d6"]))


def test_evidence_given():
    assert not fails(rules.evidence_given, Revocation(evidence="伪造"))
    assert fails(rules.evidence_given, Revocation(evidence="  "))


def test_certificate_still_valid():
    assert not fails(rules.certificate_still_valid, Revocation(certificate=Certificate(status="valid")))
    assert fails(rules.certificate_still_valid, Revocation(certificate=Certificate(status="revoked")))


def test_document_published():
    assert not fails(rules.document_published, IssueBatch(issue_document=IssueDocument(status="published")))
    assert fails(rules.document_published, IssueBatch(issue_document=IssueDocument(status="approved")))


def test_paper_made():
    assert not fails(rules.paper_made, IssueDocument(document_id=1))
    assert fails(rules.paper_made, IssueDocument())


def test_a_full_year_of_a_committee_is_told():
    given = {"year": 2026, "level": "intermediate", "channel": "regular", "series": 5, "committee": "109"}
    assert len(numbers.compose(**given, serial=9999)) == 22
    with pytest.raises(ValueError, match="four digits"):
        numbers.compose(**given, serial=10_000)


@pytest.mark.django_db
def test_guards_that_look_into_the_tables():
    meeting, rows = decided_meeting(2)
    report, document = announced(meeting)
    assert not fails(rules.reports_decided, document)
    assert not fails(rules.has_people, document)
    assert not fails(rules.not_in_other_document, document)
    other = IssueDocument.objects.create(title="又一份", prepared_by=document.prepared_by)
    assert fails(rules.has_people, other)
    other.reports.set([report])
    assert fails(rules.not_in_other_document, other)
    sent = ResultReport.objects.create(meeting=meeting, contact="x", phone="1", prepared_by=document.prepared_by)
    other.reports.set([sent])
    assert fails(rules.reports_decided, other)
    batch = batches.prepare_batch(document, user=document.prepared_by)
    assert not fails(rules.count_as_expected, batch)
    assert fails(rules.every_item_settled, batch)
    batch.expected = 3
    assert fails(rules.count_as_expected, batch)
    IssueItem.objects.filter(batch=batch).delete()
    batch.delete()
    done = issued(document)
    assert not fails(rules.every_item_settled, done)
    certificate = Certificate.objects.get(declaration=rows[0])
    assert not fails(rules.no_live_certificate, certificate)
    assert fails(rules.no_live_certificate, Certificate(person=certificate.person, title=certificate.title))
    revocation = Revocation(certificate=certificate)
    assert not fails(rules.no_other_revocation, revocation)
    Revocation.objects.create(certificate=certificate, revoke_class="error", evidence="x")
    assert fails(rules.no_other_revocation, revocation)


@pytest.mark.django_db
def test_p29_p30_hostile_text_is_inert_in_every_export():
    meeting, rows = decided_meeting(len(PAYLOADS))
    for row, payload in zip(rows, PAYLOADS, strict=True):
        row.specialty = payload + UNPRINTABLE
        row.save(update_fields=["specialty"])
    with clock.travel(PUBLIC_FROM):
        story.publicise(meeting)
    with clock.travel(AFTER):
        report = story.report(meeting)
    for paper in report.papers.select_related("document"):
        content = files.open_stored(paper.document)
        if paper.document.kind == "zip":
            assert len(zipfile.ZipFile(io.BytesIO(content)).namelist()) == len(rows)
        if paper.document.kind != "xlsx":
            continue
        cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
        assert not [cell.value for cell in cells if cell.data_type == "f"]
        values = [cell.value for cell in cells]
        assert not [payload for payload in PAYLOADS if payload.strip() not in [str(v).strip() for v in values]]
        assert len(paper.document.snapshot["cleaned"]) == len(PAYLOADS)
    assert reports.content_of(report)
