"""What is in a file that was sent, asked by the form that takes it: every bad file of a page is told at once, at its
control, before a row is locked. The answer stays with the file, so that it is not read again when it is stored."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from . import inspection, portrait, stamp

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from PIL.Image import Image

UploadRefused = inspection.UploadRefused
Found = TypeVar("Found")


def clean_filename(name: str) -> str:
    """The original name as data: last part of the path, NFC, no control or bidi characters, at most 100 characters
    with its extension."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .") or "file"
    stem, dot, extension = name.rpartition(".")
    if dot and len(extension) <= 5:
        return f"{stem[: 99 - len(extension)]}.{extension}"
    return name[:100]


def same_file(one: Any, other: Any) -> bool:
    """Whether two files that were sent are the same one sent twice: its name and every byte."""
    alike = one.size and one.size == other.size and clean_filename(one.name or "") == clean_filename(other.name or "")
    return bool(alike) and _digest(one) == _digest(other)


def _digest(file: Any) -> bytes:
    file.seek(0)
    found = hashlib.file_digest(file.file, "sha256").digest()
    file.seek(0)
    return found


@contextmanager
def judged(file: Any) -> Iterator[None]:
    """A file that is refused within the block is marked: it is not kept for another try."""
    try:
        yield
    except UploadRefused:
        file.refused = True
        raise


def attachment_in(file: "UploadedFile[Any]") -> inspection.Found:
    """What is in an attachment (PDF, JPEG, PNG; 10 MB). Raises UploadRefused with the reason in words."""
    return _once(file, "attachment", _attachment)


def portrait_in(file: "UploadedFile[Any]") -> portrait.Portrait:
    """What is in a photograph (JPEG, PNG; 2 MB). Raises UploadRefused with every reason."""
    return _once(file, "portrait", _portrait)


def picture_in(file: "UploadedFile[Any]", *, least: int, faults: stamp.Faults = stamp.no_faults) -> "Image":
    """A picture that is to be printed (JPEG, PNG; 2 MB; no side below ``least`` pixels; no ``faults``), upright. Raises
    UploadRefused with every reason."""
    with judged(file):
        name, data = read(file, settings.PORTAL_PHOTO_BYTES)
        if len(data) > settings.PORTAL_PHOTO_BYTES:
            limit = settings.PORTAL_PHOTO_BYTES // 1024 // 1024
            raise UploadRefused(_("%(name)s is larger than %(limit)d MB.") % {"name": name, "limit": limit})
        kind = inspection.picture_kind(data)
        if kind is None:
            raise UploadRefused(_("%(name)s is not a JPG or PNG picture.") % {"name": name})
        if wrongly := inspection.name_problems(kind, name):
            raise UploadRefused(*wrongly)
        picture = inspection.decoded(data, name)
        if wrong := [*stamp.too_small(picture, least), *faults(picture)]:
            raise UploadRefused(*wrong)
    return picture


def _once(file: Any, kind: str, read: Callable[[Any], Found]) -> Found:
    told: tuple[str, Found] | None = getattr(file, "told", None)
    if told is None or told[0] != kind:
        with judged(file):
            told = file.told = (kind, read(file))
    return told[1]


def _attachment(file: "UploadedFile[Any]") -> inspection.Found:
    name, data = read(file, settings.PORTAL_ATTACHMENT_BYTES)
    if len(data) > settings.PORTAL_ATTACHMENT_BYTES:
        raise UploadRefused(
            _("%(name)s is larger than %(limit)d MB. Scan it with a lower resolution or split it.")
            % {"name": name, "limit": settings.PORTAL_ATTACHMENT_BYTES // 1024 // 1024}
        )
    return inspection.inspect(data, name)


def _portrait(file: "UploadedFile[Any]") -> portrait.Portrait:
    limit = settings.PORTAL_PHOTO_BYTES
    name, data = read(file, limit)
    return portrait.take(data, name, most_bytes=limit, ratio=settings.PORTAL_PHOTO_RATIO)


def read(file: "UploadedFile[Any]", limit: int) -> tuple[str, bytes]:
    """(clean name, bytes), one byte more than ``limit`` of a file that is larger. Raises UploadRefused."""
    name = clean_filename(file.name or "")
    if not file.size:
        raise UploadRefused(_("%(name)s is empty. Choose the file again.") % {"name": name})
    file.seek(0)
    return name, file.read(limit + 1)
