"""From locked results to a certificate that anybody can check; papers read back as a person would."""

import datetime as dt
import io
import re
import zipfile

import openpyxl
import pypdf
import pytest

from applications.models import Declaration
from appraisal_portal.accounts.services import grant
from appraisal_portal.home.story import certify, results
from appraisal_portal.home.story import meeting as meetings
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import chain, clock, files
from appraisal_portal.kernel.workflow import Blocked
from certificates.models import Certificate, IssueItem
from certificates.services import lookup
from certificates.workflow import ISSUE_BATCH
from tests.factories.results import with_photo
from tests.factories.reviews import MEETING_DAY, MONDAY, a_meeting
from tests.stage import begins_with, kept

PUBLIC_FROM = dt.date(2026, 5, 21)  # Thursday; five working days end on Thursday 28
AFTER = dt.date(2026, 5, 29)


@kept
def decided_with_one_refused():
    """A meeting that passed three of four; all have photographs."""
    with clock.travel(MONDAY):
        _city, _cycle, meeting, rows = a_meeting(4)
        for place, row in enumerate(rows):
            with_photo(row, place)
        meetings.apply(meeting)
        meetings.approve(meeting)
    with clock.travel(MEETING_DAY):
        meetings.hold(meeting, {rows[1].pk: "not_passed"})
    return meeting, rows


pytestmark = [pytest.mark.django_db, begins_with(decided_with_one_refused)]


@pytest.fixture
def decided():
    return decided_with_one_refused()


def statuses(rows):
    return list(Declaration.objects.filter(pk__in=[r.pk for r in rows]).order_by("pk").values_list("status", flat=True))


@pytest.mark.notice("I.b")
def test_the_held_person_waits_and_the_others_go_on_to_their_certificates(decided):
    meeting, rows = decided
    with clock.travel(PUBLIC_FROM):
        publicity = results.publicise(meeting)
        assert publicity.ends_on == dt.date(2026, 5, 28)
        objection = results.object_to(publicity.items.get(declaration=rows[2]))
        assert objection.in_time
    assert statuses(rows)[:4] == ["result_publicity", "not_passed", "held", "result_publicity"]
    with clock.travel(dt.date(2026, 5, 28)), pytest.raises(Blocked, match="2026-05-28"):
        results.report(meeting)
    with clock.travel(AFTER):
        results.close(publicity)
        report = results.report(meeting)
        assert report.items.count() == 2
        results.decide(report)
        document = certify.document([report])
        assert document.number == "丽人社〔2026〕1号"
        batch = certify.issue(certify.batch(document))
        assert batch.status == "done"
        assert list(batch.items.values_list("status", "error")) == [("issued", ""), ("issued", "")]
        results.conclude(objection)
        supplement = results.report(meeting)
        assert supplement.supplementary
        assert [item.declaration_id for item in supplement.items.all()] == [rows[2].pk]
    assert statuses(rows)[:4] == ["certified", "not_passed", "reported", "certified"]
    numbers = sorted(Certificate.objects.values_list("number", flat=True))
    assert [number[17:21] for number in numbers] == ["0001", "0002"]
    assert all(re.fullmatch(r"331100202631\d{10}", number[:22].replace("X", "0")) for number in numbers)
    assert chain.verify() is None


@pytest.mark.notice("IV.3.g")
def test_papers_of_the_report_agree(decided):
    meeting, rows = decided
    with clock.travel(PUBLIC_FROM):
        results.publicise(meeting)
    with clock.travel(AFTER):
        report = results.report(meeting)
    papers = {paper.code: files.open_stored(paper.document) for paper in report.papers.select_related("document")}
    letter = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(papers["3-4"])).pages)
    assert "关于审核公布" in letter
    assert "通过3人" in letter.replace(" ", "").replace("\n", "")
    sheet = openpyxl.load_workbook(io.BytesIO(papers["3-6"])).active
    assert str(sheet.page_setup.paperSize) == "8"
    assert sheet.page_setup.orientation == "landscape"
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value}
    for row in (rows[0], rows[2], rows[3]):
        assert cells[row.applicant.id_number].data_type == "s"
        assert row.applicant.name in cells
    assert rows[1].applicant.name not in cells
    names = zipfile.ZipFile(io.BytesIO(papers["3-6-photos"])).namelist()
    assert names == [f"{n:03d}_{row.number}.jpg" for n, row in enumerate((rows[0], rows[2], rows[3]), 1)]
    listed = openpyxl.load_workbook(io.BytesIO(papers["3-5"])).active
    values = [cell.value for row in listed.iter_rows() for cell in row]
    assert [v for v in values if v in {r.applicant.name for r in rows}] == [rows[i].applicant.name for i in (0, 2, 3)]


@pytest.fixture
def issued(decided):
    meeting, rows = decided
    with clock.travel(PUBLIC_FROM):
        results.publicise(meeting)
    with clock.travel(AFTER):
        report = results.decide(results.report(meeting), reject={rows[3].pk: "继续教育学时证明存疑"})
        document = certify.document([report])
        certify.issue(certify.batch(document))
    return document, rows


def printed(certificate: Certificate) -> tuple[str, str, str]:
    """Token, check code and all text of the sheet, as somebody holding it reads them."""
    pdf = files.open_stored(certificate.current.document)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    token = re.search(r"/c/([A-Z2-7]{26})/", re.sub(r"\s", "", text)).group(1)
    code = re.search(r"Check code\s*([A-Z2-7]{6})", text).group(1)
    return token, code, text


@pytest.mark.notice("I.f")
def test_anybody_checks_by_the_token_or_by_the_three_things_printed(issued, client):
    _document, rows = issued
    assert statuses(rows)[:4] == ["certified", "not_passed", "certified", "rejected"]
    certificate = Certificate.objects.get(declaration=rows[0])
    token, code, text = printed(certificate)
    assert certificate.number in text
    assert rows[0].applicant.id_number not in text
    page = client.get(f"/c/{token}/", headers={"accept-language": "en"})
    assert "This certificate is valid" in page.content.decode()
    assert rows[0].applicant.name in page.content.decode()
    assert rows[0].applicant.id_number[:6] not in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert lookup.by_hand(certificate.number.lower(), rows[0].applicant.name, f" {code} ").state == "valid"
    asked = {"number": certificate.number, "name": rows[0].applicant.name, "code": code}
    page = client.post("/certificates/verify/", asked, headers={"accept-language": "en"})
    assert "This certificate is valid" in page.content.decode()


def test_every_wrong_question_gets_the_same_answer(issued, client):
    _document, rows = issued
    certificate = Certificate.objects.get(declaration=rows[0])
    _token, code, _text = printed(certificate)
    right = {"number": certificate.number, "name": rows[0].applicant.name, "code": code}
    with clock.travel(AFTER):
        answers = set()
        for wrong in ({"number": "3" * 22}, {"name": "王小二"}, {"code": "AAAAAA"}):
            page = client.post("/certificates/verify/", right | wrong).content.decode()
            answers.add(re.sub(r'value="[^"]*"', "", page))
        assert len(answers) == 1
        for _ in range(8):
            last = client.post("/certificates/verify/", right, headers={"accept-language": "en"}).content.decode()
    assert "Too many checks for now" in last


def test_a_revoked_certificate_keeps_its_number_and_says_so(issued, client):
    _document, rows = issued
    certificate = Certificate.objects.get(declaration=rows[0])
    token, _code, _text = printed(certificate)
    with clock.travel(dt.date(2026, 7, 1)):
        certify.revoke(certificate)
    page = client.get(f"/c/{token}/", headers={"accept-language": "en"}).content.decode()
    assert "This certificate was revoked on 1 July 2026" in page
    assert statuses(rows)[0] == "revoked"
    assert Certificate.objects.count() == 2


def test_the_person_who_proposed_does_not_release(issued):
    document, _rows = issued
    batch = document.batches.get()
    assert batch.proposed_by_id != batch.decided_by_id
    # Also not as somebody who has become an approver since: it is the person that counts.
    row, proposer = ISSUE_BATCH.transitions["release"], batch.proposed_by
    bureau = proposer.memberships.get(role="bureau_reviewer").organisation
    proposer.memberships.filter(role="bureau_reviewer").update(withdrawn_at=clock.now())
    since = grant(proposer, "bureau_approver", bureau, by=None, reason="test")
    assert not row.allowed(proposer.act_as(since), batch)
    assert row.allowed(holder("bureau_approver", but=proposer), batch)


def test_a_name_without_a_glyph_stops_only_its_own_certificate(decided):
    meeting, rows = decided
    with clock.travel(PUBLIC_FROM):
        results.publicise(meeting)
    with clock.travel(AFTER):
        report = results.decide(results.report(meeting))
        item = report.items.get(declaration=rows[2])
        document = certify.document([report])
        report.items.filter(pk=item.pk).update(data_3_6={**item.data_3_6, "employer": "\U0002a6d6单位"})
        batch = certify.issue(certify.batch(document))
    assert batch.status == "done"
    failed = batch.items.get(declaration=rows[2])
    assert failed.status == IssueItem.Status.FAILED
    assert "\U0002a6d6" in failed.error
    assert Certificate.objects.count() == 2
    assert sorted(n[17:21] for n in Certificate.objects.values_list("number", flat=True)) == ["0001", "0002"]


def test_nobody_finds_a_certificate_by_guessing_tokens(issued):
    guesses = (f"{n:026d}".replace("0", "A").replace("1", "B").replace("8", "C").replace("9", "D") for n in range(200))
    assert not any(lookup.by_token(guess) for guess in guesses)


@pytest.mark.parametrize(
    ("role", "led"), [("bureau_reviewer", True), ("bureau_approver", False), ("supervisor", False)]
)
def test_only_who_may_prepare_a_document_is_led_to_it(issued, client, role, led):
    client.force_login(holder(role))
    page = client.get("/bureau/certificates/documents/").content.decode()
    assert "发文与证书" in page
    assert ("/bureau/certificates/documents/new/" in page) is led
