"""Files from outside and papers of our own: checked by content, stored outside every web root, verified at each
delivery.

Uploads lie under their random uuid (`uploads/…`, `kept/…`), papers under the hash of their content (`documents/…`).
A file is written before its row: temporary name, fsync, rename; what a rolled-back transaction leaves behind is swept
after a day (trust.md §5.2).
"""

import dataclasses
import datetime as dt
import hashlib
import io
import os
import re
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import inspection, outbox, portrait, stamp, sweeps, uploads
from .models import KeptFile, StoredDocument, Upload
from .uploads import attachment_in, clean_filename, judged, portrait_in

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from PIL.Image import Image

UploadRefused = inspection.UploadRefused

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "photo": "image/jpeg",
}
_KEEP_ORPHANS = dt.timedelta(days=1)


class DamagedFile(Exception):
    """A stored file is missing or its bytes are not the ones its row was made for; it is not delivered. `name`:
    which."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"stored file {name} is missing or damaged; restore it from the backup")


def root() -> Path:
    """The folder all files lie in; never below a folder a web server publishes."""
    return Path(settings.MEDIA_ROOT)


def write_named(name: str, data: bytes) -> None:
    """Store bytes under `name`: complete and on the disk, or not at all."""
    with _new(Path(name).parent) as file:
        file.write(data)
        _keep_as(file, name)


def write_chunks(name: str, chunks: Iterable[bytes]) -> str:
    """As `write_named`, for what is too large to hold at once; returns the hash of the bytes."""
    digest = hashlib.sha256()
    with _new(Path(name).parent) as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
        _keep_as(file, name)
    return digest.hexdigest()


@contextmanager
def _new(folder: Path) -> Iterator[Any]:
    """A file in a folder below `root()` that is gone afterwards unless `_keep_as` gave it a name."""
    place = root() / folder
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=place, prefix=".new-", delete=False) as file:
        try:
            yield file
        finally:
            Path(file.name).unlink(missing_ok=True)


def _keep_as(file: Any, name: str) -> None:
    """The bytes on the disk, then the name, then the folder: complete, or not at all."""
    path = root() / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.flush()
    os.fsync(file.fileno())
    os.replace(file.name, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_named(name: str, sha256: str) -> bytes:
    """The bytes under a name below `root()`, for whoever wrote down what they were. Raises DamagedFile."""
    try:
        data = (root() / name).read_bytes()
    except FileNotFoundError as error:
        raise DamagedFile(name) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DamagedFile(name)
    return data


def open_named(name: str, sha256: str) -> IO[bytes]:
    """As `read_named`, for what is too large to hold at once: an open file, to be closed by the caller."""
    try:
        file = (root() / name).open("rb")
    except FileNotFoundError as error:
        raise DamagedFile(name) from error
    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
        file.close()
        raise DamagedFile(name)
    file.seek(0)
    return file


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """A paper on the disk: its name below `root()`, the hash of its bytes, how many they are."""

    name: str
    sha256: str
    size: int


Writes = TypeVar("Writes")


def store_written(write: Callable[[IO[bytes]], Writes], suffix: str) -> tuple[Kept, Writes]:
    """Store what `write` puts into a file, under the hash of its content, and give back what it returned. The bytes
    never stand in memory as a whole; the same ones twice are one file. What `write` raises leaves nothing behind."""
    with _new(Path("documents")) as file:
        told = write(file)
        size = file.tell()
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        kept = Kept(f"documents/{digest[:2]}/{digest}.{suffix}", digest, size)
        if not (root() / kept.name).exists():
            _keep_as(file, kept.name)
    return kept, told


def store_bytes(data: bytes, suffix: str) -> Kept:
    """Store a paper under the hash of its content."""
    return store_written(lambda file: file.write(data), suffix)[0]


def upload_name(upload: Upload) -> str:
    """Where the bytes of an upload lie below `root()`."""
    return f"uploads/{str(upload.pk)[:2]}/{upload.pk}"


def open_stored(document: StoredDocument) -> bytes:
    """The bytes of a paper. Raises DamagedFile when they are not the ones it was made with."""
    return read_named(document.name, document.sha256)


def open_upload(upload: Upload) -> bytes:
    """The bytes of an upload. Raises DamagedFile."""
    return read_named(upload_name(upload), upload.sha256)


def accept_upload(file: "UploadedFile[Any]", *, owner: Any) -> Upload:
    """Check an attachment (PDF, JPEG, PNG; 10 MB), store what is worth keeping of it and make its row; call it inside
    the transaction that uses it.

    Pictures are decoded and encoded anew, so metadata and anything hidden behind the picture is gone. Raises
    UploadRefused with the reason in words.
    `owner`: the user, or None for a visitor.
    """
    with judged(file):
        return _keep(attachment_in(file), clean_filename(file.name or ""), owner)


def sent_as(upload: str, file: "UploadedFile[Any]") -> dict[str, str]:
    """Finds rows whose ``upload`` (a field) is this very attachment sent before: its name and content. Raises
    UploadRefused."""
    digest = hashlib.sha256(attachment_in(file).content).hexdigest()
    return {f"{upload}__original_name": clean_filename(file.name or ""), f"{upload}__sha256": digest}


def _keep(found: inspection.Found, name: str, owner: Any) -> Upload:
    """Write what was found, have it scanned, make its row. Raises UploadRefused."""
    upload = Upload(
        id=uuid.uuid4(),
        original_name=name,
        content_type=found.content_type,
        sha256=hashlib.sha256(found.content).hexdigest(),
        size=len(found.content),
        pages=found.pages,
        owner=owner,
    )
    write_named(upload_name(upload), found.content)
    upload.scan = _scan(root() / upload_name(upload))
    if upload.scan == Upload.Scan.INFECTED:
        (root() / upload_name(upload)).unlink()
        raise UploadRefused(
            _("The virus scanner found something in %(name)s. The file was not stored.") % {"name": name}
        )
    upload.save(force_insert=True)
    return upload


def accept_picture(
    file: "UploadedFile[Any]", *, owner: Any, least: int, most: int, faults: stamp.Faults = stamp.no_faults
) -> Upload:
    """Check a picture that is to be printed (:func:`uploads.picture_in`), keep it upright and clean, no side above
    ``most``; call it inside the transaction that uses it. Raises UploadRefused with the reason."""
    picture = uploads.picture_in(file, least=least, faults=faults)
    with judged(file):
        picture.thumbnail((most, most))
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=inspection.JPEG_QUALITY, subsampling=0)  # red on white stays sharp
        name = f"{clean_filename(file.name or '').rpartition('.')[0]}.jpg"
        return _keep(inspection.Found("image/jpeg", out.getvalue(), None), name, owner)


@dataclasses.dataclass(frozen=True, slots=True)
class AcceptedPhoto:
    """A certificate photo (证件照): the original we keep, what is printed of it (``PORTAL_PHOTO_SIZE``), where it was
    cut, and what is worth another look (keys of ``portrait.FINDINGS``)."""

    original: Upload
    printed: Upload
    crop: portrait.Crop
    findings: list[str]


def accept_photo(file: "UploadedFile[Any]", *, owner: Any) -> AcceptedPhoto:
    """Check a photograph (JPEG, PNG; 2 MB), keep it upright and clean, cut it; call it inside the transaction that uses
    it. Raises UploadRefused with every reason."""
    with judged(file):
        taken, stem = portrait_in(file), clean_filename(file.name or "").rpartition(".")[0]
        original = _keep(inspection.Found("image/jpeg", portrait.encoded(taken.picture), None), f"{stem}.jpg", owner)
        return _cut(original, taken.picture, taken.crop, [portrait.SIDEWAYS] if taken.crop.turn else [])


def recrop_photo(original: Upload, crop: portrait.Crop) -> AcceptedPhoto:
    """Cut the original of a photograph anew; call it inside the transaction that uses it. Raises UploadRefused,
    DamagedFile."""
    return _cut(original, inspection.decoded(open_upload(original), original.original_name), crop, [])


def _cut(original: Upload, picture: "Image", crop: portrait.Crop, findings: list[str]) -> AcceptedPhoto:
    printed = portrait.cut(picture, crop)
    found = inspection.Found("image/jpeg", portrait.encoded(printed), None)
    upload = _keep(found, original.original_name, original.owner)
    return AcceptedPhoto(original, upload, crop, [*findings, *portrait.examine(printed)])


def _scan(path: Path) -> str:
    """Ask the scanner of the installation: `PORTAL_SCANNER` = dotted path of `scan(path) -> Upload.Scan value`.

    With `PORTAL_CLAMD` that is ClamAV (`scanner.clamd`). Without a scanner the state is "waived" when the installation
    says so (`PORTAL_SCAN_WAIVED`), else "unscanned": its owner's eyes only.
    """
    scanner = _scanner()
    if scanner:
        scan: Callable[[Path], str] = import_string(scanner)
        return str(Upload.Scan(scan(path)))
    return str(Upload.Scan.WAIVED if getattr(settings, "PORTAL_SCAN_WAIVED", True) else Upload.Scan.UNSCANNED)


def _scanner() -> str:
    return settings.PORTAL_SCANNER or ("appraisal_portal.kernel.scanner.clamd" if settings.PORTAL_CLAMD else "")


@sweeps.register("unscanned files")
def sweep_unscanned() -> int:
    """Scan what the scanner could not answer for; returns how many now have an answer.

    The bytes of an infected file are removed at once; its owner is told which file to replace.
    """
    if not _scanner():
        return 0
    done = 0
    for upload in Upload.objects.filter(scan=Upload.Scan.UNSCANNED).order_by("uploaded_at"):
        found = _scan(root() / upload_name(upload))
        if found == Upload.Scan.UNSCANNED:
            break  # still down: the next run asks again, and no row waits for its time-out behind another
        with transaction.atomic():
            Upload.objects.filter(pk=upload.pk).update(scan=found)
            if found == Upload.Scan.INFECTED and upload.owner:
                outbox.put_message(
                    upload.owner,
                    key=f"infected:{upload.pk}",
                    subject=gettext_lazy("A file of yours is infected: {obj}"),
                    body=gettext_lazy("The virus scanner found something in {obj}. Please replace the file."),
                    action_needed=True,
                    words={"obj": upload.original_name},
                )
        if found == Upload.Scan.INFECTED:
            (root() / upload_name(upload)).unlink(missing_ok=True)
        done += 1
    return done


def serve(stored: StoredDocument | Upload, *, filename: str = "") -> HttpResponse:
    """Deliver a paper or an upload as an attachment. The calling view has judged who may read it. Raises DamagedFile.

    An `<img>` shows the response all the same; opened by itself it is saved, never run: no sniffing, no scripts, no
    cache.
    """
    if isinstance(stored, Upload):
        data, content_type, name = open_upload(stored), stored.content_type, stored.original_name
    else:
        data, content_type = open_stored(stored), CONTENT_TYPES[stored.kind]
        suffix = "jpg" if stored.kind == "photo" else stored.kind
        name = clean_filename(f"{stored.code} {stored.title}"[: 99 - len(suffix)] + f".{suffix}")
    return attachment(data, filename or name, content_type)


def serve_bare(upload: Upload, stem: str) -> HttpResponse:
    """An upload under another name (``stem``, without extension) and without what a program wrote into it about its
    author. Raises DamagedFile, UploadRefused."""
    data = open_upload(upload)
    if upload.content_type == CONTENT_TYPES["pdf"]:
        data = inspection.bare_pdf(data, stem)
    suffix = {"application/pdf": "pdf", "image/png": "png"}.get(upload.content_type, "jpg")
    return attachment(data, f"{stem}.{suffix}", upload.content_type)


def attachment(data: bytes, filename: str, content_type: str) -> HttpResponse:
    """Response that saves `data` under `filename` (any characters) and is never run or kept by a cache."""
    ascii_name = re.sub(r"[^A-Za-z0-9._-]+", "_", filename).strip("_")
    if ascii_name.startswith(".") or not ascii_name:
        ascii_name = f"file{ascii_name}"
    disposition = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(filename, safe='')}"
    return HttpResponse(
        data,
        content_type=content_type,
        headers={
            "Content-Disposition": disposition,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )


def damaged() -> list[str]:
    """Names of stored files that are missing or whose bytes changed: an alarm for the operator. Reads everything."""
    found = []
    names = [(d.name, d.sha256) for d in StoredDocument.objects.only("name", "sha256").iterator()]
    kept = Upload.objects.exclude(scan=Upload.Scan.INFECTED)  # those were removed on purpose
    names += [(upload_name(u), u.sha256) for u in kept.only("id", "sha256").iterator()]
    for name, sha256 in names:
        try:
            read_named(name, sha256)
        except DamagedFile:
            found.append(name)
    return found


@sweeps.register("orphaned files")
def sweep_orphans() -> int:
    """Remove files older than a day that no row names: left by rolled-back transactions and killed processes.
    Returns how many."""
    if not root().is_dir():
        return 0
    limit = (
        dt.datetime.now(dt.UTC) - _KEEP_ORPHANS
    ).timestamp()  # the disk's own clock, not the portal's travelling one
    old = {
        str(path.relative_to(root())): path
        for folder in ("documents", "uploads", "kept")
        for path in (root() / folder).rglob("*")
        if path.is_file() and path.stat().st_mtime < limit
    }
    if not old:
        return 0
    kept = set(StoredDocument.objects.filter(name__in=old).values_list("name", flat=True))
    stems = {Path(name).name: name for name in old if not name.startswith("documents/")}
    ids = [stem for stem in stems if re.fullmatch(r"[0-9a-f-]{36}", stem)]
    for rows in (Upload.objects, KeptFile.objects):
        kept |= {stems[str(pk)] for pk in rows.filter(pk__in=ids).values_list("pk", flat=True)}
    for name in set(old) - kept:
        old[name].unlink(missing_ok=True)
    return len(set(old) - kept)
