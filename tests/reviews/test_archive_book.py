"""The archive book: made in the worker once all is reported; every hash can be checked again, what differs is named."""

import hashlib
import io
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client, override_settings
from django.urls import reverse

from applications.models import CaseRecusal, Declaration, DeclarationPaper, Signature, Undertaking
from applications.services import signing
from applications.workflow.writes import take_snapshot
from appraisal_portal.accounts.services import members_of
from appraisal_portal.home.story import archive, seals
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel import clock, files, outbox
from appraisal_portal.kernel.workflow import NotAllowed
from certificates.models import Certificate, CertificateVersion, IssueBatch, IssueDocument
from committees.reviews.models import (
    ArchiveBook,
    ArchiveCheck,
    Meeting,
    Objection,
    ObjectionFile,
    Recusal,
    ResultPublicity,
)
from committees.reviews.models.outcome import CODES
from committees.reviews.rules.archive_book import all_reported
from committees.reviews.services import archive_book as service
from committees.reviews.services import outcome
from committees.reviews.workflow.archive_book import ARCHIVE_BOOK
from tests.factories.results import AFTER, announced, decided_meeting, issued
from tests.reviews.reading import logged_in, read, somebody_elsewhere


@pytest.fixture(scope="module")
def _reported(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Meeting, Path]]:
    folder = tmp_path_factory.mktemp("archive")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder), transaction.atomic():
        meeting, rows = decided_meeting(2, not_passed=1)
        _report, document = announced(meeting)
        issued(document)
        with clock.travel(AFTER):
            for row, code in itertools.product(Declaration.objects.filter(pk__in=[row.pk for row in rows]), CODES):
                outcome.paper(row, code, actor=clerk_of(meeting))  # once for all books of this module
        yield meeting, folder
        transaction.set_rollback(True)


@pytest.fixture
def meeting(_reported: tuple[Meeting, Path], db: None, settings: Any) -> Iterator[Meeting]:
    """Two people, one passed, reported and certified; the files of the module's own folder."""
    settings.MEDIA_ROOT = _reported[1]
    with clock.travel(AFTER):
        yield Meeting.objects.get(pk=_reported[0].pk)


def clerk_of(meeting: Meeting) -> Any:
    return holder("office_clerk", meeting.committee.office)


@pytest.fixture
def book(meeting: Meeting) -> ArchiveBook:
    return archive.made(meeting, clerk_of(meeting))


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def swapped(name: str, data: bytes) -> bytes:
    """Other bytes under the name; returns what was there."""
    path = files.root() / name
    before = path.read_bytes()
    path.write_bytes(data)
    return before


def test_the_book_names_every_document_with_the_hash_of_its_bytes(book: ArchiveBook) -> None:
    assert book.status == "made", book.records.last().reason
    documents = book.content["documents"]
    assert [entry["no"] for entry in documents] == [str(n) for n in range(1, len(documents) + 1)]
    assert {"3-1", "3-2", "3-3", "minutes", "3-4", "3-5", "3-6", "3-6-photos"} <= {e["code"] for e in documents}
    for entry in documents:
        data = (files.root() / entry["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"]
        assert str(len(data)) == entry["size"]
    letter = next(entry for entry in documents if entry["code"] == "3-4")
    assert int(letter["pages"]) >= 1
    assert next(entry for entry in documents if entry["code"] == "3-5")["pages"] is None


def test_pdf_table_and_json_say_the_same_and_the_json_gives_the_hash(book: ArchiveBook) -> None:
    pypdf, openpyxl = pytest.importorskip("pypdf"), pytest.importorskip("openpyxl")
    page = browser(clerk_of(book.meeting))
    got = {kind: page.get(reverse("reviews:archive-file", args=[book.pk, kind])) for kind in ("pdf", "xlsx", "json")}
    assert hashlib.sha256(got["json"].content).hexdigest() == book.sha256
    said = json.loads(got["json"].content)["content"]["documents"]
    text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(got["pdf"].content)).pages)
    text = "".join(text.split())
    sheet = openpyxl.load_workbook(io.BytesIO(got["xlsx"].content)).active
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    for entry in said:
        assert entry["sha256"] in text
        assert entry["sha256"] in cells
    assert book.sha256 in text


def test_what_the_bureau_issued_stands_in_it_with_numbers_and_the_hashes_of_the_stored_files(book: ArchiveBook) -> None:
    """The announcing document and each e-certificate: in the JSON, in cells of the table, on the paper."""
    pypdf, openpyxl = pytest.importorskip("pypdf"), pytest.importorskip("openpyxl")
    certificate = Certificate.objects.get(declaration__admissions__meeting=book.meeting)
    announcing = IssueDocument.objects.get(reports__meeting=book.meeting)
    wanted = {
        (announcing.number, announcing.title, "", announcing.document),
        (certificate.number, "电子证书", certificate.person.name, certificate.current.document),
    }
    page = browser(clerk_of(book.meeting))
    got = {
        kind: page.get(reverse("reviews:archive-file", args=[book.pk, kind])).content
        for kind in ("pdf", "xlsx", "json")
    }
    said = [row for row in json.loads(got["json"])["content"]["documents"] if row["group"] == "issue"]
    table = [cells for cells in openpyxl.load_workbook(io.BytesIO(got["xlsx"])).active.values if "发证" in cells]
    paper = "".join("".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(got["pdf"])).pages).split())
    assert len(said) == len(table) == len(wanted)
    for number, name, person, document in wanted:
        sha256 = hashlib.sha256((files.root() / document.name).read_bytes()).hexdigest()
        assert (number, name, person, sha256) in {(e["number"], e["name"], e["person"], e["sha256"]) for e in said}
        assert any({number, name, person or None, sha256} <= set(cells) for cells in table)
        assert number in paper
        assert sha256 in paper


def test_a_book_made_before_the_certificates_says_that_the_next_version_will_hold_them(meeting: Meeting) -> None:
    held = Certificate.objects.filter(declaration__admissions__meeting=meeting)
    sheet = CertificateVersion.objects.get(certificate__in=held)
    book = archive.made(meeting, clerk_of(meeting))
    assert service.since_made(book) == 0
    book.content["documents"] = [e for e in book.content["documents"] if e["id"] != str(sheet.document_id)]
    assert service.since_made(book) == 1


def test_everybodys_completed_form_and_letter_are_made_for_it(meeting: Meeting) -> None:
    """Nobody has asked for them yet: they stand in the book all the same, for who passed and for who did not."""
    DeclarationPaper.objects.filter(code__in=CODES).delete()
    said = archive.made(meeting, clerk_of(meeting)).content["documents"]
    people = [row.declaration.number for row in meeting.admissions.all()]
    assert sorted((e["of"], e["code"]) for e in said if e["code"] in CODES) == sorted(itertools.product(people, CODES))


def test_only_once_all_is_reported(meeting: Meeting) -> None:
    """``results_locked``, ``all_reported``, ``nothing_open``."""
    clerk, book = clerk_of(meeting), service.new_book(meeting, clerk_of(meeting))
    meeting.reports.create(contact="甲", phone="0578", supplementary=True, prepared_by=clerk)
    item = ResultPublicity.objects.get(meeting=meeting).items.first()
    Objection.objects.create(item=item, content="…", filed_by="甲", in_time=True)
    meeting.status = "in_session"
    said = [str(problem) for problem in ARCHIVE_BOOK.problems(book, "order", actor=clerk)]
    assert said == ["该次评审会议结果尚未锁定。", "该次会议还有一份报告未报送。", "还有 1 件异议未办结。"]


def test_somebody_still_under_publicity_is_counted() -> None:
    """``all_reported`` names how many are missing."""
    many = SimpleNamespace(count=lambda: 2)
    none = SimpleNamespace(exists=lambda: False)
    meeting = SimpleNamespace(
        admissions=SimpleNamespace(filter=lambda **_: many), reports=SimpleNamespace(filter=lambda **_: none)
    )
    assert "2 名" in str(next(iter(all_reported(SimpleNamespace(meeting=meeting), None))))  # type: ignore[arg-type]


def test_a_check_names_what_differs(book: ArchiveBook) -> None:
    assert service.differences(book) == []
    first, second = (e for e in book.content["documents"] if e["code"] in ("3-1", "minutes"))
    kept = {first["file"]: swapped(first["file"], b"other")}
    path = files.root() / second["file"]
    kept[second["file"]] = path.read_bytes()
    path.unlink()
    kept[book.index_pdf.name] = swapped(book.index_pdf.name, b"other")
    try:
        found = {(row["what"], row["no"]) for row in service.differences(book)}
        assert found == {("changed", first["no"]), ("missing", second["no"]), ("index", "")}
        with pytest.raises(CommandError, match="3 differences"):
            call_command("check_archive", str(book.pk), stdout=io.StringIO())
        assert len(ArchiveCheck.objects.get(book=book).differences) == 3
    finally:
        for name, data in kept.items():
            (files.root() / name).write_bytes(data)
    out = io.StringIO()
    call_command("check_archive", stdout=out)
    assert "0 differences" in out.getvalue()
    with pytest.raises(CommandError, match="no such book"):
        call_command("check_archive", "999999", stdout=io.StringIO())


def test_a_changed_book_and_a_changed_row_are_named(book: ArchiveBook) -> None:
    book.content["documents"][0]["sha256"] = "0" * 64
    assert {row["what"] for row in service.differences(book)} == {"book", "changed", "row"}


def test_a_made_book_cannot_be_rewritten(book: ArchiveBook) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        ArchiveBook.objects.filter(pk=book.pk).update(content={})


def test_a_damaged_file_ends_the_order_in_words(meeting: Meeting) -> None:
    name = meeting.papers.get(code="3-1").document.name
    kept = swapped(name, b"other")
    try:
        made = archive.made(meeting, clerk_of(meeting))
    finally:
        swapped(name, kept)
    assert (made.status, made.sha256) == ("failed", "")
    assert name in made.records.get(transition="fail").reason
    assert archive.made(meeting, clerk_of(meeting)).version == 2


def test_the_pages_order_show_and_check(meeting: Meeting) -> None:
    page = browser(clerk_of(meeting))
    assert "生成评审档案" in page.get(reverse("reviews:archive-list")).content.decode()
    sent = page.post(reverse("reviews:archive-new", args=[meeting.pk]))
    book = ArchiveBook.objects.get()
    assert sent.url == book.get_absolute_url()
    assert "正在读取" in page.get(sent.url).content.decode()
    record = book.records.get()
    outbox.deliver("reviews.archive_book", f"{record._meta.db_table}:{record.pk}")
    book.refresh_from_db()
    assert book.sha256 in page.get(sent.url).content.decode()
    supervisor = browser(holder("supervisor"))
    supervisor.post(reverse("reviews:archive-do", args=[book.pk, "check"]), {"seen_status": "made"})
    assert "正在核验" in supervisor.get(sent.url).content.decode()
    asked = book.records.get(transition="check")
    for _twice in range(2):
        outbox.deliver("reviews.archive_check", f"{asked._meta.db_table}:{asked.pk}")
    assert service.check(book, asked=asked) == ArchiveCheck.objects.get()
    assert "件文件均与档案一致" in supervisor.get(sent.url).content.decode()


def test_nobody_reads_the_book_their_own_case_is_in(book: ArchiveBook) -> None:
    clerk = clerk_of(book.meeting)
    person = book.meeting.admissions.first().declaration.applicant
    type(person)._base_manager.filter(user=clerk).update(user=None)
    type(person)._base_manager.filter(pk=person.pk).update(user=clerk)
    page = browser(clerk)
    assert page.get(book.get_absolute_url()).status_code == 404
    assert page.post(reverse("reviews:archive-new", args=[book.meeting_id])).status_code == 404


def test_nobody_orders_or_sees_a_book_with_a_case_they_keep_away_from(book: ArchiveBook) -> None:
    clerk = clerk_of(book.meeting)
    case = book.meeting.admissions.first().declaration
    page = browser(clerk)
    assert book.get_absolute_url() in page.get(reverse("reviews:archive-list")).content.decode()
    CaseRecusal.objects.create(declaration=case, user=clerk, source="declared", ground="近亲属")
    assert book.get_absolute_url() not in page.get(reverse("reviews:archive-list")).content.decode()
    assert page.get(book.get_absolute_url()).status_code == 404
    assert page.post(reverse("reviews:archive-new", args=[book.meeting_id])).status_code == 404
    with pytest.raises(NotAllowed, match="须回避的人"):
        ARCHIVE_BOOK.fire(book, "check", actor=clerk)


def test_p12_p16_no_later_paper_names_anybody_to_whoever_keeps_away_or_has_no_part_in_it(book: ArchiveBook) -> None:
    """By their addresses: the book with its indexes, the certificate, the bureau's document, its batch."""
    certificate = Certificate.objects.get()
    case, office = certificate.declaration, book.meeting.committee.office
    own = [
        book.get_absolute_url(),
        *(reverse("reviews:archive-file", args=[book.pk, kind]) for kind in ("pdf", "xlsx", "json")),
        *(reverse(f"certificates:certificate-{page}", args=[certificate.pk]) for page in ("detail", "download")),
    ]
    document, batch = IssueDocument.objects.get(), IssueBatch.objects.get()
    of_bureau = [
        *(reverse(f"certificates:document-{page}", args=[document.pk]) for page in ("detail", "download")),
        reverse("certificates:batch-detail", args=[batch.pk]),
    ]
    names = [case.applicant.name.encode(), case.number.encode(), certificate.number.encode()]

    def told(user: Any, role: str) -> set[str]:
        client = logged_in(user, role)
        return {url for url in own + of_bureau if any(name in read(client, url) for name in names)}

    clerk, colleague = members_of(office, "office_clerk")[:2]
    director = members_of(office, "committee_director")[0]
    member = book.meeting.attendees.filter(role="voter").first().member  # a director too, who stands back as a member
    member.user.memberships.create(organisation=office, role="committee_director", starts_on=AFTER)
    office_readers = (
        (colleague, "office_clerk"),
        (director, "committee_director"),
        (member.user, "committee_director"),
    )
    for user, role in office_readers:
        assert set(own[:4]) & told(user, role), role
    read_by_somebody = told(clerk, "office_clerk") | told(holder("supervisor"), "supervisor")
    assert read_by_somebody >= {*own[1:], *of_bureau}  # the page of the book itself says nothing about persons
    for user in (colleague, director):
        CaseRecusal.objects.create(declaration=case, user=user, source="named", ground="申报人申请回避")
    Recusal.objects.create(admission=book.meeting.admissions.get(declaration=case), member=member, ground="师生")
    for user, role in office_readers:
        assert told(user, role) == set(), role
    strangers = somebody_elsewhere(case.unit_id, case.unit.forwarder_id, office.pk)
    other = book.meeting.admissions.exclude(declaration=case).get().declaration.applicant.user
    for role, user in {**strangers, "applicant": other}.items():
        assert told(user, role) == set(), role


def test_evidence_of_an_objection_tells_neither_code_nor_name(meeting: Meeting) -> None:
    item = ResultPublicity.objects.get(meeting=meeting).items.first()
    objection = Objection.objects.create(item=item, content="…", filed_by="举报人", in_time=True)
    sent = SimpleUploadedFile("举报人的证据.pdf", evidence_pdf("证书"))
    ObjectionFile.objects.create(objection=objection, side="author", upload=files.accept_upload(sent, owner=None))
    said = service.content_of(meeting)["documents"]
    assert [(e["name"], e["pages"]) for e in said if e["group"] == "objection"] == [("author", 1)]
    assert objection.code not in json.dumps(said, ensure_ascii=False, default=str)
    assert "举报人" not in json.dumps(said, ensure_ascii=False, default=str)


def test_where_2_9_was_sealed_electronically_the_book_holds_the_made_2_9_and_not_the_bare_picture(
    meeting: Meeting,
) -> None:
    case = Declaration.objects.filter(admissions__meeting=meeting).order_by("pk")[0]
    seal = seals.registered(case.unit)
    text = signing.text_hash(signing.text_of(case))
    made = {"text_version": signing.TEXT_VERSION, "text_sha256": text, "snapshot": take_snapshot(case, "submitted")}
    Signature.objects.create(
        undertaking=Undertaking.objects.create(declaration=case, **made), mark="seal", method="e_seal", seal=seal,
        user=seal.proposed_by, upload=seal.picture, seal_sha256=seal.picture.sha256, text_sha256=text,
    )  # fmt: skip
    entries = archive.made(meeting, clerk_of(meeting)).content["documents"]
    [paper] = [entry for entry in entries if entry["code"] == "2-9" and entry["kind"] == "document"]
    assert (paper["of"], paper["person"]) == (case.number, case.applicant.name)
    assert seal.picture.sha256 not in {entry["sha256"] for entry in entries}
