"""Papers as a person with the file sees them: cells, print set-up, text, fonts."""

import io
import re
import zipfile
from typing import Any

import openpyxl
import pypdf


class Sheet:
    """The first sheet of a workbook."""

    def __init__(self, content: bytes) -> None:
        self.sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        self.cells = [cell for row in self.sheet.iter_rows() for cell in row if cell.value is not None]
        self.values = [str(cell.value) for cell in self.cells]

    def is_roster(self) -> bool:
        """A3, landscape, headers repeated on each page, every cell text or empty (numbers of a column aside)."""
        setup = self.sheet.page_setup
        assert int(setup.paperSize) == 8
        assert setup.orientation == "landscape"
        assert self.sheet.print_title_rows
        return True

    def cell(self, value: str) -> Any:
        """The cell with exactly this text."""
        return next(cell for cell in self.cells if str(cell.value) == value)


def text_of(pdf: bytes) -> str:
    """All text of a PDF without spaces and line ends."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages))


def fonts_are_embedded(pdf: bytes) -> None:
    """No font is left to the reader's machine, and no glyph is the box of a missing one."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    seen = 0
    for page in reader.pages:
        for reference in page["/Resources"].get_object().get("/Font", {}).values():
            font = reference.get_object()
            below = font.get("/DescendantFonts")
            descriptor = (below[0].get_object() if below else font)["/FontDescriptor"].get_object()
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), font.get("/BaseFont")
            seen += 1
    assert seen
    assert "\ufffd" not in text_of(pdf)


def names_in_zip(content: bytes) -> list[str]:
    """File names of an archive that opens."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    return archive.namelist()


def drawn(pdf: bytes, characters: str) -> None:
    """Each character has a glyph of its own in an embedded font, not glyph 0, the box of what a font does not have."""
    glyphs: dict[str, set[int]] = {}
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        for reference in page["/Resources"].get_object().get("/Font", {}).values():
            font = reference.get_object()
            if "/ToUnicode" in font:
                table = font["/ToUnicode"].get_object().get_data().decode("ascii", "replace")
                for glyph, text in re.findall(r"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>", table):
                    glyphs.setdefault(bytes.fromhex(text).decode("utf-16-be", "replace"), set()).add(int(glyph, 16))
    for character in characters:
        assert glyphs.get(character), f"{character} is not drawn"
        assert 0 not in glyphs[character], f"{character} is a missing-glyph box"
