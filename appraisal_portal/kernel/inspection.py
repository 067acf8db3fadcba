"""What is really in an uploaded file: found by parsing it whole, not by its name or its declared type (trust.md §5).
Bytes in, bytes out."""

import dataclasses
import io
import struct
import warnings
import zlib

import pypdf
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

MAX_PIXELS = 16_000_000
MAX_PDF_OBJECTS = 50_000
MAX_PDF_PAGES = 500
MIN_PHOTO = (200, 240)
JPEG_QUALITY = 90

# Larger pictures are refused before a pixel is decoded: 20 kB of PNG can unfold to 800 MB.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

_EXTENSIONS = {
    "application/pdf": {"pdf"},
    "image/jpeg": {"jpg", "jpeg", "jpe"},
    "image/png": {"png"},
}
# Keys that make a reader run, start or unpack something.
_ACTIVE = {
    "/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/AA",
    "/RichMedia", "/XFA", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR",
}  # fmt: skip
# pypdf meets hostile bytes in many ways; every one of them means "not a whole PDF".
_BROKEN_PDF = (
    PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError,
    AssertionError, NotImplementedError, OSError, EOFError, struct.error, zlib.error,
)  # fmt: skip


class UploadRefused(Exception):
    """A file that is not taken; `problem` is the reason in words, for the field and the summary."""

    def __init__(self, problem: str | Promise) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """Content type by full parse, the bytes to keep (pictures encoded anew), pages of a PDF."""

    content_type: str
    content: bytes
    pages: int | None


def inspect(data: bytes, name: str) -> Found:
    """Parse a PDF, JPEG or PNG. Raises UploadRefused when it is something else, damaged, locked, active or wrongly
    named."""
    if data.startswith(b"%PDF-"):
        found = Found("application/pdf", data, _pdf_pages(data, name))
    elif data.startswith(b"\xff\xd8\xff") or data.startswith(b"\x89PNG\r\n\x1a\n"):
        found = _picture(data, name)
    else:
        raise UploadRefused(
            _("%(name)s is not a PDF, JPG or PNG file. Save or scan it as one of these.") % {"name": name}
        )
    extension = name.rpartition(".")[2].lower()
    if extension not in _EXTENSIONS[found.content_type]:
        kind = found.content_type.rpartition("/")[2].upper()
        raise UploadRefused(
            _("%(name)s holds a %(kind)s file, but its name says otherwise. Rename it and try again.")
            % {"name": name, "kind": kind}
        )
    return found


def _pdf_pages(data: bytes, name: str) -> int:
    damaged = UploadRefused(
        _("%(name)s is damaged or incomplete. Open it on your computer, print it to PDF again and upload that.")
        % {"name": name}
    )
    end = data.rfind(b"%%EOF")
    if end < 0 or data[end + 5 :].strip(b"\r\n\t \x00\x1a"):
        raise damaged
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if "/Root" not in reader.trailer:
            raise damaged  # pypdf would guess one, and other readers perhaps another
        locked = reader.is_encrypted
        active = False if locked else _is_active(reader, name)
        pages = 0 if locked else len(reader.pages)
    except _BROKEN_PDF as error:
        raise damaged from error
    if locked:
        raise UploadRefused(
            _("%(name)s is protected by a password or by usage rights. Save a copy without protection.")
            % {"name": name}
        )
    if active:
        raise UploadRefused(
            _("%(name)s holds scripts, attached files or actions. Print it to PDF again, which leaves only the pages.")
            % {"name": name}
        )
    if not pages:
        raise damaged
    if pages > MAX_PDF_PAGES:
        raise UploadRefused(
            _("%(name)s has %(pages)d pages; at most %(limit)d are taken.")
            % {"name": name, "pages": pages, "limit": MAX_PDF_PAGES}
        )
    return pages


def _is_active(reader: pypdf.PdfReader, name: str) -> bool:
    """Walk everything that can be reached from the trailer, each object once."""
    seen: set[tuple[int, int]] = set()
    waiting: list[object] = [reader.trailer]
    steps = 0
    while waiting:
        steps += 1
        if steps > MAX_PDF_OBJECTS * 10 or len(seen) > MAX_PDF_OBJECTS:
            raise UploadRefused(
                _("%(name)s is built too intricately to be checked. Print it to PDF again.") % {"name": name}
            )
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            if (item.idnum, item.generation) in seen:
                continue
            seen.add((item.idnum, item.generation))
            item = item.get_object()
        if isinstance(item, DictionaryObject):
            if _ACTIVE & set(item) or item.get("/S") in _ACTIVE or item.get("/Type") == "/EmbeddedFile":
                return True
            if "/OpenAction" in item and not _opens_a_page(item["/OpenAction"]):
                return True
            waiting.extend(item.values())
        elif isinstance(item, ArrayObject):
            waiting.extend(item)
    return False


def _opens_a_page(action: object) -> bool:
    """Scanners set which page is shown first; that is a place, not an action."""
    return isinstance(action, ArrayObject) or (isinstance(action, DictionaryObject) and action.get("/S") == "/GoTo")


def _decoded(data: bytes) -> Image.Image:
    """The picture turned upright on a new RGB canvas: no metadata, no comment, nothing behind the last pixel. Raises
    UploadRefused."""
    too_many = UploadRefused(
        _("The picture has more than %(limit)d million pixels. Make it smaller.") % {"limit": MAX_PIXELS // 1_000_000}
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # judged on the next line
            picture = Image.open(io.BytesIO(data), formats=["JPEG", "PNG"])
        if picture.width * picture.height > MAX_PIXELS:
            raise too_many
        # WeasyPrint's import makes Pillow fill the missing half of a picture with grey, in the whole process.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        canvas = Image.new("RGB", upright.size, "white")
        if "A" in upright.getbands() or "transparency" in upright.info:
            upright = upright.convert("RGBA")
            canvas.paste(upright, mask=upright.getchannel("A"))
        else:
            canvas.paste(upright.convert("RGB"))
    except Image.DecompressionBombError as error:
        raise too_many from error
    except (
        OSError,
        ValueError,
        SyntaxError,
        TypeError,
        KeyError,
        EOFError,
        OverflowError,
        struct.error,
        zlib.error,
    ) as error:
        raise UploadRefused(_("The picture is damaged or incomplete. Take or save it again.")) from error
    return canvas


def _picture(data: bytes, name: str) -> Found:
    canvas = _decoded(data)
    out = io.BytesIO()
    if data.startswith(b"\x89PNG"):
        canvas.save(out, "PNG")
        return Found("image/png", out.getvalue(), None)
    canvas.save(out, "JPEG", quality=JPEG_QUALITY)
    return Found("image/jpeg", out.getvalue(), None)


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height in pixels of a picture we stored."""
    with Image.open(io.BytesIO(data)) as picture:
        return picture.size


def photo(data: bytes, size: tuple[int, int], ratio: tuple[float, float]) -> bytes:
    """A portrait (证件照) brought to `size` (width, height): cut in the middle, scaled, JPEG.

    Raises UploadRefused when height : width is outside `ratio`, or the picture is too small to be printed.
    """
    canvas = _decoded(data)
    width, height = canvas.size
    if width < MIN_PHOTO[0] or height < MIN_PHOTO[1]:
        raise UploadRefused(
            _(
                "The photo has %(width)d × %(height)d pixels; "
                "it needs at least %(least_width)d × %(least_height)d to be printed."
            )
            % {"width": width, "height": height, "least_width": MIN_PHOTO[0], "least_height": MIN_PHOTO[1]}
        )
    if not ratio[0] <= height / width <= ratio[1]:
        raise UploadRefused(
            _(
                "The photo must be an upright portrait: height %(low).2f to %(high).2f times the width. "
                "This one is %(width)d × %(height)d pixels."
            )
            % {"low": ratio[0], "high": ratio[1], "width": width, "height": height}
        )
    fitted = ImageOps.fit(canvas, size, Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    out = io.BytesIO()
    fitted.save(out, "JPEG", quality=JPEG_QUALITY, dpi=(350, 350))
    return out.getvalue()
