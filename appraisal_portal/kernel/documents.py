"""The register of statutory papers, and how one is made: content taken once, snapshot hashed, bytes stored, row
written.

A paper (`StoredDocument`) is never made again, only superseded. Each stage registers its `DocumentType`s in its
`documents.py` and has a concrete row `…Paper(subject, code, version, document)` with `related_name="papers"`,
through which a paper is found.
"""

import dataclasses
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from . import approvals, files, progress, references, rendering
from .access import Predicate
from .models import StoredDocument
from .workflow import Blocked, Problem

Content = Mapping[str, Any]
KINDS = ("pdf", "xlsx", "zip")
_ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)  # a fixed one: the same content is the same file


@dataclasses.dataclass(frozen=True, slots=True)
class NumberRule:
    """How papers of a code are numbered (文号). `series` names the counter; `period(subject)` and `scope(subject)`
    its row; `write(period, n)` the number as printed, e.g. `references.document_number("丽人社", period, n)`."""

    series: str
    period: Callable[[Any], str]
    write: Callable[[str, int], str]
    scope: Callable[[Any], str] = lambda _subject: ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DocumentType:
    """One statutory paper, e.g. code "3-2", title 评审对象资格审查花名册, `paper` "A3 landscape", `kind` pdf, xlsx
    or zip.

    `content(subject)` gives everything the paper says as plain data (a mapping or a dataclass): it becomes the
    snapshot.
    - pdf: the content is the context of `template`; `images(subject)` gives JPEG/PNG bytes by name for `<img
      src="asset:NAME">`.
    - xlsx: `columns` (or `columns(subject)`), and content keys `rows`, optionally `title, head, foot, summary, sheet`.
      `rows(subject)` instead of the key streams rows of a snapshot that is kept already: the paper's own then names
      that one and does not say everything a second time.
    - zip: `members(subject)` gives (file name, bytes); the content says what the snapshot should keep beside their
      hashes.
    `readers(user, subject)` tells who may read it; `basis` is the citation shown beside it.
    `blank()` is the content of the empty form (空白表) for those who write by hand; see :mod:`blanks`.
    """

    code: str
    title: str
    paper: str
    kind: str
    content: Callable[[Any], Any]
    readers: Predicate
    template: str = ""
    stylesheets: Sequence[str] = ()
    tagged: bool = False
    columns: Sequence[rendering.Column] | Callable[[Any], Sequence[rendering.Column]] = ()
    rows: Callable[[Any], Iterable[Mapping[str, Any]]] | None = None
    images: Callable[[Any], Mapping[str, bytes]] | None = None
    members: Callable[[Any], Iterable[tuple[str, bytes]]] | None = None
    number_series: NumberRule | None = None
    basis: str = ""
    blank: Callable[[], Content] | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"document {self.code}: unknown kind {self.kind}")
        needed = {"pdf": self.template, "xlsx": self.columns, "zip": self.members}[self.kind]
        if not needed:
            raise ValueError(f"document {self.code}: a {self.kind} needs its template, columns or members")


class PaperNotMade(Blocked, rendering.RenderingRefused):
    """A paper that could not be made, with the reason in words; inside a transition it is one more problem found."""


registry: dict[str, DocumentType] = {}


def register(document_type: DocumentType) -> DocumentType:
    """Add a paper to the register. Raises ValueError when the code is taken by another paper."""
    if registry.setdefault(document_type.code, document_type) is not document_type:
        raise ValueError(f"document code {document_type.code} is registered twice")
    return document_type


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """Bytes of a paper that is not stored yet, and the content they were made of."""

    content: bytes
    snapshot: dict[str, Any]


def render(code: str, subject: Any, *, number: str = "", extra: Content | None = None) -> Made:
    """Make the bytes without storing anything: for a preview. `extra` joins the content (number, version, date).

    Raises rendering.RenderingRefused (MissingGlyph …) or rendering.RosterProblem.
    """
    out = io.BytesIO()
    snapshot = _write(out, registry[code], subject, {"number": number, **(extra or {})})
    return Made(out.getvalue(), snapshot)


def _write(out: IO[bytes], kind: DocumentType, subject: Any, extra: Content) -> dict[str, Any]:
    """Write the paper and return its snapshot."""
    taken = kind.content(subject)
    if dataclasses.is_dataclass(taken) and not isinstance(taken, type):
        taken = dataclasses.asdict(taken)
    content = {"code": kind.code, "document_title": kind.title, **taken, **extra}
    return {"pdf": _write_pdf, "xlsx": _write_xlsx, "zip": _write_zip}[kind.kind](out, kind, subject, content)


def _write_pdf(out: IO[bytes], kind: DocumentType, subject: Any, content: dict[str, Any]) -> dict[str, Any]:
    images = dict(kind.images(subject)) if kind.images else {}
    out.write(
        rendering.render_pdf(kind.template, content, images=images, stylesheets=kind.stylesheets, tagged=kind.tagged)
    )
    hashes = {name: hashlib.sha256(image).hexdigest() for name, image in images.items()}
    return {**content, "images": hashes} if hashes else content


def _write_xlsx(out: IO[bytes], kind: DocumentType, subject: Any, content: dict[str, Any]) -> dict[str, Any]:
    columns = kind.columns(subject) if callable(kind.columns) else kind.columns
    rows: Iterable[Mapping[str, Any]] = kind.rows(subject) if kind.rows else list(content["rows"])
    if kind.rows is None:
        content["rows"] = rows
    given = {key: content[key] for key in ("head", "foot", "summary", "sheet") if key in content}
    roster = rendering.write_roster(
        out, columns, progress.counted(rows), title=content.get("title", kind.title), **given
    )
    if kind.rows is not None:
        content["listed"] = roster.rows
    if roster.warnings:
        content["cleaned"] = roster.warnings
    return content


def _write_zip(out: IO[bytes], kind: DocumentType, subject: Any, content: dict[str, Any]) -> dict[str, Any]:
    assert kind.members is not None  # noqa: S101  DocumentType saw to it
    hashes: dict[str, str] = {}
    with zipfile.ZipFile(out, "w") as package:
        for name, data in progress.counted(kind.members(subject)):
            if name in hashes:
                raise ValueError(f"document {kind.code}: {name} stands in the archive twice")
            hashes[name] = hashlib.sha256(data).hexdigest()
            # Photos are compressed already.
            package.writestr(zipfile.ZipInfo(name, _ZIP_MOMENT), data, zipfile.ZIP_STORED)
    return {**content, "members": hashes}


def make(
    code: str, subject: Any, *, actor: Any, version: int = 1, number: str | None = None, extra: Content | None = None
) -> StoredDocument:
    """Make a paper and store it with its snapshot and hashes. Must run in the transaction that uses it.

    `number`: drawn from the type's series when left out. Raises PaperNotMade, then nothing is stored and no
    number is used.
    """
    kind = registry[code]
    with transaction.atomic():
        if number is None and kind.number_series is not None:
            rule = kind.number_series
            period = rule.period(subject)
            number = rule.write(period, references.next_number(rule.series, period, rule.scope(subject)))
        told = {"number": number or "", "version": version, **(extra or {})}
        try:
            kept, snapshot = files.store_written(lambda file: _write(file, kind, subject, told), kind.kind)
        except (rendering.RenderingRefused, rendering.RosterProblem, files.DamagedFile) as error:
            raise PaperNotMade(f"{kind.title}: {why_not_made(error)}") from error
        title = str(snapshot.get("title") or kind.title)
        return _row(code, title[:200], kind.kind, kept, snapshot, actor=actor, version=version, number=number)


def emptied(kind: DocumentType) -> DocumentType:
    """The same paper with nothing in it: template, style and columns stay, nobody is its subject."""
    if kind.blank is None:
        raise ValueError(f"document {kind.code} has no empty form")
    empty = kind.blank()
    return dataclasses.replace(kind, content=lambda _subject: empty, rows=None, images=None)


def write_empty(kind: DocumentType) -> bytes:
    """The bytes of the empty form. Raises rendering.RenderingRefused."""
    out = io.BytesIO()
    _write(out, emptied(kind), None, {})
    return out.getvalue()


def store(
    code: str,
    title: str,
    kind: str,
    data: bytes,
    snapshot: Content,
    *,
    actor: Any,
    version: int = 1,
    number: str | None = None,
) -> StoredDocument:
    """Store bytes made elsewhere (a scan that was sealed on paper, a signed certificate) as a paper."""
    kept = files.store_bytes(data, "jpg" if kind == "photo" else kind)
    return _row(code, title, kind, kept, snapshot, actor=actor, version=version, number=number)


def _row(
    code: str, title: str, kind: str, kept: files.Kept, snapshot: Content, *, actor: Any, version: int,
    number: str | None,
) -> StoredDocument:  # fmt: skip
    plain = approvals.canonical(snapshot)
    return StoredDocument.objects.create(
        code=code,
        title=title,
        version=version,
        kind=kind,
        name=kept.name,
        sha256=kept.sha256,
        size=kept.size,
        snapshot=plain,
        snapshot_sha256=approvals.content_sha256(plain),
        number=number or None,
        made_by=actor if getattr(actor, "pk", None) else None,  # SYSTEM has no row
    )


def attach(paper_model: type[models.Model], subject: Any, document: StoredDocument) -> Any:
    """Write the `…Paper` row of a stored paper; the paper of the same code before it is superseded, not removed."""
    manager = paper_model._default_manager
    with transaction.atomic():
        type(subject)._default_manager.select_for_update().get(pk=subject.pk)
        before: Any = manager.filter(subject=subject, code=document.code).order_by("-version").first()
        paper = manager.create(
            subject=subject, code=document.code, version=before.version + 1 if before else 1, document=document
        )
        if before is not None:
            StoredDocument.objects.filter(pk=before.document_id, superseded_by=None).update(superseded_by=document)
    return paper


def issue(
    code: str, subject: Any, *, actor: Any, paper_model: type[models.Model] | None = None, extra: Content | None = None
) -> StoredDocument:
    """`make` and `attach` in one: the next version of a paper of `subject`. `paper_model` defaults to that of
    `subject.papers`."""
    with transaction.atomic():
        type(subject)._default_manager.select_for_update().get(pk=subject.pk)
        version = subject.papers.filter(code=code).count() + 1
        document = make(code, subject, actor=actor, version=version, extra=extra)
        attach(paper_model or subject.papers.model, subject, document)
    return document


def current(subject: Any, code: str) -> StoredDocument | None:
    """The paper of that code in force, or None."""
    paper = (
        subject.papers.filter(code=code, document__superseded_by=None)
        .select_related("document")
        .order_by("-version")
        .first()
    )
    return paper.document if paper else None


def missing_papers(subject: Any, codes: Iterable[str]) -> Iterator[Problem]:
    """A Problem for each paper of `codes` that is not made yet (the guard "papers complete")."""
    there = set(subject.papers.filter(document__superseded_by=None).values_list("code", flat=True))
    for code in codes:
        if code not in there:
            title: str | Promise = registry[code].title if code in registry else code
            yield Problem(_("The paper %(code)s %(title)s has not been made yet.") % {"code": code, "title": title})


def cleaned(document: StoredDocument) -> list[str]:
    """Where unprintable characters were left out of a roster, in words for those who send it."""
    return [
        _("Row %(row)s, column %(column)s: characters that cannot be printed were left out.")
        % {"row": row, "column": column}
        for row, column in document.snapshot.get("cleaned", [])
    ]


def why_not_made(error: Exception) -> str:
    """A refusal of the renderer in words for the person who asked for the paper."""
    if isinstance(error, PaperNotMade):
        return str(error)
    if isinstance(error, files.DamagedFile):
        return _("A stored file is missing or damaged (%(name)s). Tell the operator.") % {"name": error.name}
    if isinstance(error, rendering.MissingGlyph):
        return _(
            "The font has no form for: %(characters)s. Tell the operator; the paper is not made with a box in a name."
        ) % {"characters": " ".join(f"{c} (U+{ord(c):04X})" for c in error.characters)}
    if isinstance(error, rendering.TextTooLong):
        return _("Row %(row)d, column %(column)s: the text is too long for a cell. Shorten it.") % {
            "row": error.row, "column": error.column,
        }  # fmt: skip
    if isinstance(error, rendering.PictureNotDrawn):
        return _("The picture %(name)s cannot be drawn. Have it uploaded again.") % {"name": error.name}
    return _("The paper could not be made: %(error)s") % {"error": error}
