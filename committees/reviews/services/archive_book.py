"""Making an archive book from one reading of the rows, and reading every file again later.

An entry: ``no`` running number, ``group`` (meeting, report, objection, person, issue), ``of`` declaration number or
objection,
``person``, ``code``, ``number`` (文号), ``name``, ``version``, ``current``, ``kind`` (document, upload), ``id``,
``file`` name in the storage, ``size`` in bytes, ``pages``, ``sha256``. All values are texts, as in every snapshot.
"""

import io
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdf
from django.db import transaction
from django.db.models import Max
from pypdf.errors import PyPdfError

from applications.models import (
    Declaration,
    DeclarationPaper,
    Material,
    Photo,
    Receipt,
    Signature,
    UnitObjection,
    UnitPublicityPaper,
)
from applications.services.papers import ensure
from appraisal_portal.kernel import clock, files
from appraisal_portal.kernel.approvals import canonical, content_sha256
from appraisal_portal.kernel.models import StoredDocument, Upload
from committees.reviews.models import ArchiveBook, ArchiveCheck, Meeting, ObjectionFile, ReportItem, ReportPaper
from committees.reviews.models.outcome import CODES, OUTCOMES
from committees.reviews.services import outcome

Entry = dict[str, Any]


@dataclass(frozen=True)
class Later:
    """A paper a later stage made for a meeting: the title it has in the book, whose it is, whether it is in force."""

    document: StoredDocument
    title: str
    declaration_id: int | None
    current: bool


_later: list[Callable[[Meeting], Iterable[Later]]] = []


def also_holds(papers: Callable[[Meeting], Iterable[Later]]) -> Callable[[Meeting], Iterable[Later]]:
    """Register what a later stage adds to the book of a meeting, in its order: this stage does not look forward."""
    _later.append(papers)
    return papers


def new_book(meeting: Meeting, user: Any) -> ArchiveBook:
    """The next version of a meeting's book, not stored yet."""
    last = meeting.archive_books.aggregate(last=Max("version"))["last"] or 0
    return ArchiveBook(meeting=meeting, version=last + 1, ordered_by=user)


def content_of(meeting: Meeting) -> dict[str, Any]:
    """Everything the book says, read once; the three indexes are made of it. Raises DamagedFile."""
    entries = [{"no": place, **entry} for place, entry in enumerate(_entries(meeting), 1)]
    for entry in entries:
        entry["pages"] = _pages(entry, read(entry))
    return {
        "meeting": {
            "committee": meeting.committee.name,
            "meets_on": meeting.meets_on,
            "reply_number": meeting.reply_number,
            "persons": meeting.admissions.count(),
        },
        "taken_at": clock.now(),
        "documents": entries,
    }


def _entries(meeting: Meeting) -> Iterator[Entry]:
    for paper in meeting.papers.select_related("document").order_by("code", "version"):
        yield _document(paper.document, "meeting", meeting.reply_number)
    for row in ReportPaper.objects.filter(subject__meeting=meeting).select_related("document").order_by("pk"):
        yield _document(row.document, "report", meeting.reply_number)
    objections = meeting.publicities.values("items__objections")
    evidence = ObjectionFile.objects.filter(objection__in=objections).select_related("upload").order_by("pk")
    for shown in evidence:
        # Neither code nor file name: the code opens the objection, a name may tell who sent it in.
        yield _upload(shown.upload, "objection", f"objection {shown.objection_id}", "", shown.side, shown.side)
    yield from _of_persons(meeting)
    yield from _issued(meeting)


def _issued(meeting: Meeting) -> Iterator[Entry]:
    """What came of the reports later: the bureau's documents, then certificates in the order they were made."""
    cases = {row.declaration_id: row.declaration for row in meeting.admissions.select_related("declaration__applicant")}
    for papers in _later:
        for paper in papers(meeting):
            case = cases.get(paper.declaration_id)
            of, person = (case.number or "", case.applicant.name) if case else (meeting.reply_number, "")
            entry = _document(paper.document, "issue", of, person)
            yield {**entry, "name": paper.title, "current": paper.current}


def since_made(book: ArchiveBook) -> int:
    """How many papers later stages have made for the meeting that this book does not hold yet."""
    held = {entry["id"] for entry in book.content["documents"] if entry["kind"] == "document"}
    return sum(str(paper.document.pk) not in held for papers in _later for paper in papers(book.meeting))


def _of_persons(meeting: Meeting) -> Iterator[Entry]:
    """By the roster: papers of the declaration, then what was uploaded for it."""
    rows = list(meeting.admissions.select_related("declaration__applicant").order_by("seq"))
    cases = {row.declaration_id: row.declaration for row in rows}
    found: dict[int, list[Entry]] = {case: [] for case in cases}
    for case, document in _made_for(meeting, cases):
        found[case].append(_document(document, "person", cases[case].number or "", cases[case].applicant.name))
    for case, upload, code in _uploaded_for(cases):
        name = (
            code if code.startswith("unit-objection") else upload.original_name
        )  # the name of such a file may name who objected
        found[case].append(_upload(upload, "person", cases[case].number or "", cases[case].applicant.name, code, name))
    for row in rows:
        yield from found[row.declaration_id]


def _made_for(meeting: Meeting, cases: Collection[int]) -> Iterator[tuple[int, StoredDocument]]:
    """(declaration, document) of everything the portal made of these declarations."""
    unit = UnitPublicityPaper.objects.filter(subject__items__declaration__in=cases, subject__items__voided_at=None)
    places = (
        (DeclarationPaper.objects.filter(subject__in=cases), "subject", "document"),
        (Receipt.objects.filter(declaration__in=cases, document__isnull=False), "declaration", "document"),
        (unit, "subject__items__declaration", "document"),
        (ReportItem.objects.filter(report__meeting=meeting, photo__isnull=False), "declaration", "photo"),
    )
    pairs = [
        pair for rows, case, document in places for pair in rows.order_by("pk").values_list(case, document).distinct()
    ]
    stored = StoredDocument.objects.in_bulk([document for _case, document in pairs])
    # A unit's list may hold people of other meetings too.
    yield from ((case, stored[document]) for case, document in pairs if case in cases)


def _uploaded_for(cases: Collection[int]) -> Iterator[tuple[int, Upload, str]]:
    """(declaration, upload, what it is) of everything that was sent in with these declarations."""
    material = Material.objects.filter(declaration__in=cases, removed=False)
    objections = UnitObjection.objects.filter(item__declaration__in=cases)
    sealed_on_paper = Signature.objects.filter(undertaking__declaration__in=cases, method="scan")
    places = (
        (material, "declaration", "upload", "code"),
        (Photo.objects.filter(declaration__in=cases, current=True), "declaration", "upload", "photo"),
        (sealed_on_paper, "undertaking__declaration", "upload", "2-9"),
        (objections, "item__declaration", "report_file", "unit-objection"),
        (objections, "item__declaration", "evidence", "unit-objection-evidence"),
    )
    found: list[tuple[int, Any, str]] = []
    for rows, case, upload, code in places:
        kept = rows.filter(**{f"{upload}__isnull": False}).order_by("pk")
        if code == "code":
            found += kept.values_list(case, upload, code)
        else:
            found += [(*pair, code) for pair in kept.values_list(case, upload)]
    stored = Upload.objects.in_bulk([upload for _case, upload, _code in found])
    yield from ((case, stored[upload], code) for case, upload, code in found)


def _document(document: StoredDocument, group: str, of: str, person: str = "") -> Entry:
    return {
        "group": group, "of": of, "person": person, "code": document.code, "number": document.number or "",
        "name": document.title, "version": document.version, "current": document.superseded_by_id is None,
        "kind": "document", "id": document.pk, "file": document.name, "size": document.size, "sha256": document.sha256,
    }  # fmt: skip


def _upload(upload: Upload, group: str, of: str, person: str, code: str, name: str) -> Entry:
    return {
        "group": group, "of": of, "person": person, "code": code, "number": "", "name": name, "version": 1,
        "current": True, "kind": "upload", "id": str(upload.pk), "file": files.upload_name(upload),
        "size": upload.size, "sha256": upload.sha256,
    }  # fmt: skip


def read(entry: Entry) -> bytes:
    """The bytes an entry names. Raises DamagedFile when they are missing or others."""
    return files.read_named(entry["file"], entry["sha256"])


def _pages(entry: Entry, data: bytes) -> int | None:
    """Pages of a PDF, one for a picture, None for tables and packages."""
    if data.startswith(b"%PDF"):
        try:
            return len(pypdf.PdfReader(io.BytesIO(data)).pages)
        except PyPdfError:
            return None
    return None if data.startswith(b"PK") else 1


def differences(book: ArchiveBook) -> list[dict[str, str]]:
    """What is no longer as the book says: each file, its row, the book itself and its own indexes.

    ``what``: missing (no such file), changed (other bytes), row (the portal's row is gone or says otherwise), book
    (the stored content does not give the hash), index (PDF or Excel of the book).
    """
    found: list[dict[str, str]] = []

    def tell(what: str, entry: Entry) -> None:
        found.append({"no": str(entry.get("no", "")), "of": entry.get("of", ""), "name": entry["name"], "what": what})

    if content_sha256(book.content) != book.sha256:
        tell("book", {"name": str(book)})
    for index in (book.index_pdf, book.index_xlsx):
        if index is not None and _damage(index.name, index.sha256):
            tell("index", {"name": index.title})
    entries = book.content["documents"]
    rows = _hashes(entries)
    for entry in entries:
        damage = _damage(entry["file"], entry["sha256"])
        if damage:
            tell(damage, entry)
        if rows.get((entry["kind"], entry["id"])) != entry["sha256"]:
            tell("row", entry)
    return found


def _damage(name: str, sha256: str) -> str:
    try:
        files.read_named(name, sha256)
    except files.DamagedFile:
        return "changed" if (files.root() / name).exists() else "missing"
    return ""


def _hashes(entries: Iterable[Entry]) -> dict[tuple[str, str], str]:
    """(kind, id) → hash the portal's own row has today."""
    ids: dict[str, list[str]] = {"document": [], "upload": []}
    for entry in entries:
        ids[entry["kind"]].append(entry["id"])
    documents = StoredDocument.objects.filter(pk__in=ids["document"]).values_list("pk", "sha256")
    uploads = Upload.objects.filter(pk__in=ids["upload"]).values_list("pk", "sha256")
    return {("document", str(pk)): sha for pk, sha in documents} | {("upload", str(pk)): sha for pk, sha in uploads}


@transaction.atomic
def check(book: ArchiveBook, *, asked: Any = None) -> ArchiveCheck:
    """Read everything again and keep what was found; the same question twice is answered once."""
    if asked is not None:
        there = ArchiveCheck.objects.filter(asked=asked).first()
        if there is not None:
            return there
    found = differences(book)
    return ArchiveCheck.objects.create(
        book=book, asked=asked, documents=len(book.content["documents"]), differences=found
    )


def content_for(book: ArchiveBook) -> tuple[dict[str, Any], str]:
    """The content as stored, and its hash; what belongs into every personal file is made first where nobody has asked
    for it yet. Raises DamagedFile, PaperNotMade.
    """
    decided = Declaration.objects.filter(admissions__meeting=book.meeting, status__in=OUTCOMES).distinct()
    for declaration in decided.order_by("pk"):
        for code in CODES:
            outcome.paper(declaration, code, actor=book.ordered_by)
    sealed = Signature.objects.filter(method="e_seal", undertaking__declaration__admissions__meeting=book.meeting)
    for declaration in Declaration.objects.filter(pk__in=sealed.values("undertaking__declaration")).order_by("pk"):
        ensure(declaration, "2-9", actor=book.ordered_by)
    plain: dict[str, Any] = canonical(content_of(book.meeting))
    return plain, content_sha256(plain)
