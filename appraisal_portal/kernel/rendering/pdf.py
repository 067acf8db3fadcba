"""Django template to PDF by WeasyPrint, with nothing fetched but our own faces and the pictures handed over in memory.

Measured (trust.md §5, performance.md §3): the default fetcher reads local files and follows redirects; only
`FatalURLFetchingError` stops a document, anything else prints it without the picture and without an error; that
error derives from BaseException and must be caught by name, or it takes the worker down. One FontConfiguration and
one parsed stylesheet per process: a new one per document grows the process by 3.5 MB each.
"""

import datetime as dt
import io
import os
import threading
import warnings
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.utils import translation
from PIL import Image, ImageFile, UnidentifiedImageError

from appraisal_portal.kernel import fonts

from . import cff
from .xlsx import Column, cell_text

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

BASE_STYLESHEET = "documents/documents.css"
ASSET = "asset:"  # <img src="asset:photo"> is the picture handed over as images["photo"]; no other address is known
_ENDS_OF_LINES = {0x2028: "\n", 0x2029: "\n"}  # pasted from word processors; no face has a glyph for them
# A relative address becomes one below this and is refused; without a base WeasyPrint would leave it out in silence.
_NOWHERE = "https://nowhere.invalid/"


class RenderingRefused(ValueError):
    """A paper that is not made, because it would not say what it should."""


class MissingGlyph(RenderingRefused):
    """Characters (生僻字) the face cannot draw; printed they would be empty boxes. `characters`: each once."""

    def __init__(self, characters: Sequence[str]) -> None:
        self.characters = list(characters)
        shown = ", ".join(f"{c} (U+{ord(c):04X})" for c in self.characters)
        super().__init__(f"the face has no glyph for {shown}")


class UnknownSource(RenderingRefused):
    """The page asked for an address outside our table. `url`: which."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(f"a document may not load {url!r}")


class PictureNotDrawn(RenderingRefused):
    """A picture handed over is no picture, or the page did not draw it. `name`: which."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"the picture {name!r} was not drawn")


class _Text(HTMLParser):
    """Collects what a page shows: all text but that of style, script and title."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("style", "script", "title")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "script", "title") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


_lock = threading.Lock()
_per_process: dict[int, tuple["FontConfiguration", dict[str, "CSS"]]] = {}


def _fetcher(table: Mapping[str, bytes]) -> Any:
    """A fetcher that answers from `table` (address -> bytes) and stops the document at any other address."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415  loaded when first needed

    class OwnTableOnly(URLFetcher):
        def __init__(self) -> None:
            super().__init__(allowed_protocols=(), allow_redirects=False)
            self.fetched: set[str] = set()
            self.refused: str | None = None

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            if url not in table:
                self.refused = url
                raise FatalURLFetchingError(url)
            self.fetched.add(url)
            return URLFetcherResponse(url, table[url])

    return OwnTableOnly()


def _stylesheets(names: Sequence[str]) -> tuple["FontConfiguration", list["CSS"]]:
    """The parsed stylesheets of this process (templates below `templates/documents/`), with the faces they name."""
    from weasyprint import CSS  # noqa: PLC0415  loaded when first needed
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    # Keyed by process: a worker forked after the first document must not share the parent's folder of font files.
    if os.getpid() not in _per_process:
        _per_process[os.getpid()] = (FontConfiguration(), {})
    font_config, parsed = _per_process[os.getpid()]
    faces = {"asset:face": fonts.simplified_chinese_face, "asset:serif": fonts.serif_face}
    for name in names:
        if name in parsed and not settings.DEBUG:
            continue
        found: Any = get_template(name)  # for its place only: a stylesheet is not rendered
        source = Path(found.origin.name).read_text(encoding="utf-8")
        fetcher = _fetcher({url: read() for url, read in faces.items() if f'url("{url}")' in source})
        parsed[name] = CSS(string=source, url_fetcher=fetcher, font_config=font_config)
    return font_config, [parsed[name] for name in names]


def forget() -> None:
    """Let go of the parsed stylesheets and the faces: the benchmark shows what keeping them is worth."""
    _per_process.clear()


def _checked(images: Mapping[str, bytes]) -> dict[str, bytes]:
    for name, data in images.items():
        try:
            with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as picture:
                picture.load()
        except (OSError, UnidentifiedImageError, ValueError, SyntaxError) as error:
            raise PictureNotDrawn(name) from error
    return {ASSET + name: data for name, data in images.items()}


def page_of(template: str, context: Mapping[str, Any]) -> str:
    """What is printed, as HTML: in Chinese whatever the reader's language."""
    with translation.override("zh-hans"):
        return render_to_string(template, dict(context)).translate(_ENDS_OF_LINES)


def source_of(stylesheets: Sequence[str]) -> str:
    """The style files a paper is printed with, our own for all papers first."""
    found: list[Any] = [get_template(name) for name in (BASE_STYLESHEET, *stylesheets)]
    return "\n".join(Path(one.origin.name).read_text(encoding="utf-8") for one in found)


def render_pdf(
    template: str,
    context: Mapping[str, Any],
    *,
    images: Mapping[str, bytes] | None = None,
    stylesheets: Sequence[str] = (),
    tagged: bool = False,
) -> bytes:
    """One PDF of a template below `templates/documents/`, in Chinese whatever the reader's language.

    `images`: JPEG or PNG bytes by name, each drawn by `<img src="asset:NAME">`; inline `<svg>` needs none.
    `stylesheets`: further style files beside documents.css. `tagged`: PDF/A-3u with structure tags (certificates)
    instead of a plain PDF.

    Raises MissingGlyph, UnknownSource or PictureNotDrawn; never gives a document with a box or a hole in it.
    """
    from weasyprint import HTML  # noqa: PLC0415  loaded when first needed
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # the import above sets it: half a photo would be printed
    table = _checked(images or {})
    html = page_of(template, context)
    text = _Text()
    text.feed(html)
    text.close()
    missing = fonts.missing_glyphs("".join(text.parts))
    if missing:
        raise MissingGlyph(missing)
    fetcher = _fetcher(table)
    # Pango's font map is not made for two threads; a worker process prints one document at a time anyway.
    with _lock:
        try:
            font_config, sheets = _stylesheets([BASE_STYLESHEET, *stylesheets])
            options = {"pdf_variant": "pdf/a-3u", "pdf_tags": True} if tagged else {}
            page = HTML(string=html, base_url=_NOWHERE, url_fetcher=fetcher)
            with warnings.catch_warnings():
                # WeasyPrint 70 leaves the closing of its colour profile to the garbage collector.
                warnings.filterwarnings("ignore", "unclosed file .*sRGB2014", ResourceWarning)
                document = page.render(font_config, stylesheets=sheets, **options)
                document.fonts = cff.Uncut()
                data = document.write_pdf(finisher=cff.finish, **options)
        except FatalURLFetchingError as error:
            raise UnknownSource(fetcher.refused or str(error)) from error
    if fetcher.refused:
        raise UnknownSource(fetcher.refused)
    for address in table:
        if address not in fetcher.fetched:
            raise PictureNotDrawn(address.removeprefix(ASSET))
    return bytes(data)


def render_pdf_table(
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Any]],
    *,
    title: str,
    head: Sequence[str] = (),
    foot: Sequence[str] = (),
    landscape: bool = False,
) -> bytes:
    """The paper copy of a short list (3-5: one on paper, one electronic) with the columns of its roster; at most 500
    rows a piece.

    Raises ValueError for more rows (17.9 s and 491 MB at 2,000), else as `render_pdf`.
    """
    if len(rows) > 500:
        raise ValueError("a printed table has at most 500 rows; make it in pieces")
    cells = [[cell_text(column, row.get(column.key)) for column in columns] for row in rows]
    context = {"columns": columns, "rows": cells, "title": title, "head": head, "foot": foot, "landscape": landscape}
    return render_pdf("documents/table.html", context)


def chinese_date(day: dt.date) -> str:
    """Date as letters write it: `2026 年 12 月 20 日`."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日"
