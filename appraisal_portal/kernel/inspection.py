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
from PIL import ExifTags, Image, ImageFile, ImageOps
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

MAX_PIXELS = 16_000_000
MAX_PDF_OBJECTS = 50_000
MAX_PDF_PAGES = 500
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
# So does Pillow; each means "not a whole picture".
_BROKEN_PICTURE = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    KeyError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
)


class UploadRefused(Exception):
    """A file that is not taken; `problems` are all reasons in words, for the field and the summary."""

    def __init__(self, *problems: str | Promise) -> None:
        self.problems = problems
        super().__init__(" ".join(str(problem) for problem in problems))


class DamagedPicture(UploadRefused):
    """Bytes that begin like a picture and are none, or not a whole one; ``name``: of the file."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s is damaged or incomplete: it is no whole picture. Take or save it again.") % {"name": name}
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """Content type by full parse, the bytes to keep (pictures encoded anew), pages of a PDF."""

    content_type: str
    content: bytes
    pages: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Head:
    """What a picture says about itself before a pixel is decoded: size as it is looked at, EXIF orientation (1-8, or
    None when it tells none), whether it is an animation."""

    size: tuple[int, int]
    orientation: int | None
    moves: bool

    @property
    def pixels(self) -> int:
        """Width times height."""
        return self.size[0] * self.size[1]


def inspect(data: bytes, name: str) -> Found:
    """Parse a PDF, JPEG or PNG. Raises UploadRefused when it is something else, damaged, locked, active or wrongly
    named."""
    if data.startswith(b"%PDF-"):
        found = Found("application/pdf", data, _pdf_pages(data, name))
    elif picture_kind(data):
        found = _picture(data, name)
    else:
        raise UploadRefused(
            _("%(name)s is not a PDF, JPG or PNG file. Save or scan it as one of these.") % {"name": name}
        )
    wrongly = name_problems(found.content_type, name)
    if wrongly:
        raise UploadRefused(*wrongly)
    return found


def picture_kind(data: bytes) -> str | None:
    """The content type the first bytes stand for, if it is one of the pictures we take."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/png" if data.startswith(b"\x89PNG\r\n\x1a\n") else None


def name_problems(content_type: str, name: str) -> list[str]:
    """What is wrong with a file's name, given what is in it."""
    if name.rpartition(".")[2].lower() in _EXTENSIONS[content_type]:
        return []
    kind = content_type.rpartition("/")[2].upper()
    words = _("%(name)s holds a %(kind)s file, but its name says otherwise. Rename it and try again.")
    return [words % {"name": name, "kind": kind}]


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


_ABOUT = ("/Metadata", "/PieceInfo", "/Annots", "/AF")
"""Keys of a page that describe it, or carry notes with their author."""


def bare_pdf(data: bytes, name: str) -> bytes:
    """The pages alone: no properties, outline, tags with alternative texts, notes or attachments. Raises
    UploadRefused."""
    made = io.BytesIO()
    try:
        reader, writer = pypdf.PdfReader(io.BytesIO(data), strict=False), pypdf.PdfWriter()
        for page in reader.pages:
            for key in _ABOUT:
                page.pop(key, None)
            writer.add_page(page)
        writer.metadata = None
        writer.write(made)
    except _BROKEN_PDF as error:
        raise UploadRefused(
            _("%(name)s is damaged or incomplete. Open it on your computer, print it to PDF again and upload that.")
            % {"name": name}
        ) from error
    return made.getvalue()


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


def too_many_pixels(name: str) -> str:
    """The sentence about a picture that is not even decoded."""
    words = _("%(name)s has more than %(limit)d million pixels. Make it smaller.")
    return words % {"name": name, "limit": MAX_PIXELS // 1_000_000}


def _opened(data: bytes, name: str) -> Image.Image:
    """Raises DamagedPicture, or UploadRefused for a picture too large to be opened."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # judged by who asked
            return Image.open(io.BytesIO(data), formats=["JPEG", "PNG"])
    except Image.DecompressionBombError as error:
        raise UploadRefused(too_many_pixels(name)) from error
    except _BROKEN_PICTURE as error:
        raise DamagedPicture(name) from error


def head_of(data: bytes, name: str) -> Head:
    """Read the head of a JPEG or PNG. Raises UploadRefused."""
    picture = _opened(data, name)
    try:
        orientation = picture.getexif().get(ExifTags.Base.Orientation)
    except _BROKEN_PICTURE:  # the head of a picture may be broken where the picture is not
        orientation = None
    width, height = picture.size
    moves = picture.format == "PNG" and getattr(picture, "is_animated", False)
    size = (height, width) if orientation in (5, 6, 7, 8) else (width, height)
    return Head(size, orientation, moves)


def decoded(data: bytes, name: str, *, least_side: int = 0) -> Image.Image:
    """The picture turned upright on a new RGB canvas: no metadata, no comment, nothing behind the last pixel. Raises
    UploadRefused.

    ``least_side``: the longer side need not be longer than that, so a larger picture is read at a half, a third …
    """
    picture = _opened(data, name)
    if picture.width * picture.height > MAX_PIXELS:
        raise UploadRefused(too_many_pixels(name))
    try:
        # WeasyPrint's import makes Pillow fill the missing half of a picture with grey, in the whole process.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        times = max(picture.size) // least_side if least_side else 1
        if times > 1:  # a JPEG is decoded smaller at once, which costs a fraction
            picture.draft(None, (picture.width // times, picture.height // times))
        picture.load()
        times = max(picture.size) // least_side if least_side else 1
        if times > 1 and picture.mode in ("RGB", "RGBA", "L", "CMYK"):
            picture = picture.reduce(times)
        ImageOps.exif_transpose(picture, in_place=True)  # the picture is ours: a copy would cost as much as a paste
        upright = picture
        if upright.mode.startswith("I"):  # 16 bits of grey, which convert() would cut off at 255
            upright = upright.point(lambda value: value * (1 / 256)).convert("L")
        canvas = Image.new("RGB", upright.size, "white")
        if "A" in upright.getbands() or "transparency" in upright.info:
            upright = upright.convert("RGBA")
            canvas.paste(upright, mask=upright.getchannel("A"))
        else:
            canvas.paste(upright if upright.mode == "RGB" else upright.convert("RGB"))
    except _BROKEN_PICTURE as error:
        raise DamagedPicture(name) from error
    return canvas


def _picture(data: bytes, name: str) -> Found:
    canvas = decoded(data, name)
    out = io.BytesIO()
    if data.startswith(b"\x89PNG"):
        canvas.save(out, "PNG")
        return Found("image/png", out.getvalue(), None)
    canvas.save(out, "JPEG", quality=JPEG_QUALITY)
    return Found("image/jpeg", out.getvalue(), None)
