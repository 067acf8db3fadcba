"""One sheet as rows of values, with its faults by code, row and column.

Two ways to the same rows: ``_tiled`` for sheets written in the usual form, which a strict grammar covers without a gap
(five times as fast), ``_streamed`` for every other well-formed XML. Both hand each cell to ``Cells``.
"""

import datetime as dt
import re
from typing import Any
from xml.parsers import expat

from .book import Book
from .package import Refused, refuse_doctype

FAULTS = 200
"""More than so many faults help nobody; reading goes on only to see whether the file can be read at all."""
CELL_TEXT = 32_767
PIECE = 256 * 1024
LAST_DAY = 2_958_466  # the day after 31 December 9999
_REF = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_WHOLE = re.compile(r"-?[0-9]{1,17}")
_ATTRIBUTES = r'(?:\s[\w:]+="[^"<&]*")*'
_WORDS = "([^<]*)"
_NOT_XML = bytes({*range(32)} - {0x09, 0x0A, 0x0D})
_TILE = re.compile(
    rf'<c r="([A-Z]{{1,3}})([1-9][0-9]{{0,6}})"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?\s?'
    rf'(?:/>|>(?:<v>{_WORDS}</v>|<is><t(?: xml:space="preserve")?>{_WORDS}</t></is>)?</c>)'
    rf'|<row r="([1-9][0-9]{{0,6}})"{_ATTRIBUTES}\s?(/?)>|(</row>)'
)
KNOWN_WORDS, KNOWN_LENGTH = 10_000, 200
LIKENESSES = 5
"""Patterns made of a row: title, headings, the rows themselves, and some more."""
_ENTITY = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));|&")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def letters(column: int) -> str:
    """1 → A, 27 → AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def number_of(name: str) -> int:
    """A → 1, AA → 27."""
    found = 0
    for letter in name:
        found = found * 26 + ord(letter) - 64
    return found


def _character(found: "re.Match[str]") -> str:
    sixteen, ten, name = found.groups()
    if name:
        return _NAMED[name]
    if sixteen is None and ten is None:
        raise Refused("damaged")
    return chr(int(sixteen, 16) if sixteen else int(ten))


class _Plain(dict[str, str]):
    """Escaped words in plain: the columns of a roster say few different things, and each is worked out once."""

    def __missing__(self, words: str) -> str:
        plain = _ENTITY.sub(_character, words)
        if len(self) < KNOWN_WORDS and len(words) < KNOWN_LENGTH:
            self[words] = plain
        return plain


class Cells:
    """Takes cells in their order, refuses what lies outside, keeps rows of values and faults."""

    def __init__(self, book: Book) -> None:
        limits = book.package.limits
        self.max_row, self.max_column, self.room = limits["rows"], limits["columns"], limits["inflated"]
        self.from_1904 = book.from_1904
        self.strings, self.day_styles = [words.strip() for words in book.strings()], book.day_styles()
        self.rows: list[tuple[int, list[Any]]] = []
        self.faults: list[tuple[str, int, int]] = []
        self.merged: list[str] = []
        self.row = self.column = self.last = 0
        """``last``: the last column something may stand in."""
        self.values: list[Any] = []

    def new_row(self, number: int) -> None:
        """Rows come in ascending order."""
        if number <= self.row:
            raise Refused("damaged")
        self.row, self.column, self.values = number, 0, []
        self.last = 0
        if number <= self.max_row:  # formatted empty rows may follow without end
            self.last = self.max_column
            self.rows.append((number, self.values))

    def fault(self, code: str) -> None:
        """What is wrong with the present cell."""
        if len(self.faults) < FAULTS:
            self.faults.append((code, self.row, self.column))

    def put(self, column: int, style: str | None, kind: str | None, words: str) -> None:
        """One cell with something in it. Raises Refused when it lies outside the limits or out of order."""
        if column <= self.column or not self.row:
            raise Refused("damaged")
        self.column = column
        if not words:
            return
        if self.row > self.max_row:
            raise Refused("rows", limit=self.max_row, place=f"{letters(column)}{self.row}")
        if column > self.max_column:
            raise Refused("columns", limit=self.max_column, place=f"{letters(column)}{self.row}")
        values = self.values
        if len(values) < column - 1:
            values.extend([None] * (column - 1 - len(values)))
        values.append(self.value(style, kind, words))

    def put_all(self, found: list[str | None], others: "list[tuple[int, str | None, str | None]]") -> None:
        """All cells of a new row from column A on, as text, no one too long; ``others``: place, style and kind of those
        that are something else."""
        while found and found[-1] is None:
            found.pop()
        self.values[:] = found
        for place, style, kind in others:
            if place < len(found) and (words := found[place]) is not None:
                self.column = place + 1
                self.values[place] = self.value(style, kind, words)

    def value(self, style: str | None, kind: str | None, words: str) -> Any:
        """What stands in the present cell, if it is not empty."""
        if kind == "s":
            words = self.strings[int(words) if words.isdigit() else len(self.strings)]
        elif kind not in ("inlineStr", "str"):
            return self._no_text(style, kind, words)
        self.room -= len(words)  # one shared string can stand in every cell
        if self.room < 0:
            raise Refused("text")
        if len(words) > CELL_TEXT:
            self.fault("long")
        return words or None

    def _no_text(self, style: str | None, kind: str | None, words: str) -> Any:
        """Numbers as numbers, a cell that shows a day as ``{"day": "2026-01-31"}``."""
        if kind is None or kind == "n":
            return self._number(style, words)
        if kind == "b":
            return words == "1"
        if kind == "d":
            return {"day": words[:10]}
        if kind != "e":
            raise Refused("damaged")
        return self.fault("error")

    def _number(self, style: str | None, words: str) -> Any:
        number = float(words)
        if style in self.day_styles:
            if not 1 <= number < LAST_DAY:
                return self.fault("day")
            day = dt.date(1904, 1, 1) if self.from_1904 else dt.date(1899, 12, 30)
            return {"day": (day + dt.timedelta(days=int(number))).isoformat()}
        if not abs(number) < 1e15:  # Excel keeps fifteen digits, the rest is gone
            return self.fault("digits")
        if _WHOLE.fullmatch(words):
            return int(words)
        return int(number) if number == int(number) else number


def read_sheet(book: Book, path: str) -> Cells:
    """The cells of a part. Raises Refused, or what damaged bytes raise (``child.BROKEN``)."""
    if path not in book.package:
        raise Refused("damaged")
    data = b"".join(book.package.chunks(path))
    cells = Cells(book)
    if _tiled(data, cells):
        return cells
    cells = Cells(book)
    _Stream(cells).parse(data)
    return cells


def _tiled(data: bytes, cells: Cells) -> bool:
    """Read a sheet of the usual form. False, with nothing decided, when a single character lies outside the grammar.

    Everything around the rows goes through expat all the same, so that nothing ill-formed passes.
    """
    begin, end = data.find(b"<sheetData>"), data.rfind(b"</sheetData>")
    if begin < 0 or end < begin or b"<!" in data or len(data.translate(None, _NOT_XML)) < len(data):
        return False
    begin += len(b"<sheetData>")
    outside = _Stream(cells)
    outside.parse(data[:begin] + data[end:])
    if outside.encoding.lower() != "utf-8":
        return False
    text = data[begin:end].decode()
    at, rows = 0, _Tiles(cells)
    while (at := rows.alike(text, at)) < len(text):
        learning = rows.to_learn and len(text) - at > PIECE
        to = text.find("</row>", at) if learning else text.rfind("</row>", at, at + PIECE)
        to = to + len("</row>") if to >= 0 else len(text)
        parts = _TILE.split(text[at:to])
        if any(map(str.strip, parts[::10])):
            return False
        rows.take(parts)
        if learning:
            rows.learn(parts)
        at = to
    if rows.open:
        raise Refused("damaged")
    return True


class _Numbers(dict[str, int]):
    """Letters of a column → its number, worked out once."""

    def __missing__(self, name: str) -> int:
        self[name] = number_of(name)
        return self[name]


class _Tiles:
    """Hands the tiles of a sheet to ``cells``, tile by tile or a whole row at once where it is written like one before.

    The rows of a roster have the same columns in the same forms: a pattern made from one of them reads the next ones
    three times as fast. What it does not match goes tile by tile; what is read is the same.
    """

    def __init__(self, cells: Cells) -> None:
        self.cells, self.columns, self.open = cells, _Numbers(), ""
        self.plain = _Plain()
        self.to_learn = LIKENESSES
        self.row: re.Pattern[str] | None = None
        self.form: list[tuple[int, str | None, str | None]] = []
        """Column, style and kind of the cells ``row`` has a group for; ``from_a``: of all columns from A on;
        ``others``: place, style and kind of those that are no text."""
        self.from_a, self.others = False, list(self.form)

    def cell(self, column: int, style: str | None, kind: str | None, words: str) -> None:
        """One cell; the plain text of the next column is appended on the spot. Raises Refused."""
        cells = self.cells
        words = words.strip()
        if "&" in words:
            words = self.plain[words]
        place = len(cells.values) + 1
        if kind == "inlineStr" and words and column == place <= cells.last and len(words) <= CELL_TEXT:
            cells.column = column
            cells.values.append(words)
        else:
            cells.put(column, style, kind, words)

    def take(self, parts: list[str]) -> None:
        """One piece, split by ``_TILE``: nine groups between any two gaps. Raises Refused."""
        cells, columns, open_row = self.cells, self.columns, self.open
        slices = (parts[place::10] for place in range(1, 10))
        for column, of_row, style, kind, value, inline, row, empty, closed in zip(*slices, strict=True):
            if column is not None:
                if of_row != open_row:
                    raise Refused("damaged")
                self.cell(columns[column], style, kind, (inline if kind == "inlineStr" else value) or "")
            elif closed is None:
                if open_row:
                    raise Refused("damaged")
                cells.new_row(int(row))
                open_row = "" if empty else row
            elif open_row:
                open_row = ""
            else:
                raise Refused("damaged")
        self.open = open_row

    def learn(self, parts: list[str]) -> None:
        """From tiles of one row, the pattern of all that have its columns in its forms, absent and empty ones too."""
        self.to_learn -= 1
        found = list(zip(*(parts[place::10] for place in range(1, 5)), strict=True))[1:-1]
        one_row = not self.open and not any(parts[::10]) and all(column for column, *_form in found)
        if not one_row or len(found) > self.cells.max_column:  # a pattern of ten thousand cells takes its time
            return
        self.form = [(self.columns[column], style, kind) for column, _row, style, kind in found]
        self.from_a = [column for column, *_form in self.form] == [*range(1, len(self.form) + 1)]
        self.others = [
            (place, style, kind) for place, (_column, style, kind) in enumerate(self.form) if kind != "inlineStr"
        ]
        self.row = re.compile(
            rf'<row r="([1-9][0-9]{{0,6}})"{_ATTRIBUTES}\s?>'
            + "".join(_cell(column, style, kind) for column, _row, style, kind in found)
            + "</row>"
        )

    def alike(self, text: str, at: int) -> int:
        """Read rows as long as they are like the one learnt: where the first other one begins. Raises Refused."""
        if self.row is None:
            return at
        cells, plain = self.cells, self.plain
        while found := self.row.match(text, at):
            all_words = [words.strip() or None for words in found.groups("")]
            if "&" in found[0]:
                all_words = [plain[words] if words and "&" in words else words for words in all_words]
            inside = all_words[1:]
            cells.new_row(int(found[1]))
            if self.from_a and len(inside) <= cells.last and found.end() - at <= CELL_TEXT:
                cells.put_all(inside, self.others)
            else:
                for (column, style, kind), words in zip(self.form, inside, strict=True):
                    cells.put(column, style, kind, words or "")
            at = found.end()
        return at


def _cell(column: str, style: str | None, kind: str | None) -> str:
    """The pattern of a cell of the row in the first group, which need not be there; its words are a group."""
    attributes = (f' s="{style}"' if style else "") + (f' t="{kind}"' if kind else "")
    words = rf'<is><t(?: xml:space="preserve")?>{_WORDS}</t></is>' if kind == "inlineStr" else f"<v>{_WORDS}</v>"
    return rf'(?:<c r="{column}\1"{attributes}\s?(?:/>|>(?:{words})?</c>))?'


class _Stream:
    """A sheet through expat: every well-formed form of it."""

    def __init__(self, cells: Cells) -> None:
        self.cells, self.encoding = cells, "utf-8"
        self.cell: dict[str, str] | None = None
        self.reading = self.skipping = False
        self.text: list[str] = []

    def parse(self, data: bytes) -> None:
        """Read it to its end. Raises ExpatError when it is not well-formed, Refused when it has a DTD."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse_doctype
        parser.XmlDeclHandler = self.declared
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.CharacterDataHandler = self.take
        parser.Parse(data, True)

    def declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        """The encoding the document names."""
        self.encoding = encoding or "utf-8"

    def take(self, words: str) -> None:
        """Text of the value that is being read."""
        if self.reading:
            self.text.append(words)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Cells and what stands in them."""
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self.cell = attributes
        elif tag in ("v", "t"):
            self.reading = self.cell is not None and not self.skipping
        elif tag == "rPh":
            self.skipping = True
        elif tag == "row":
            self.cells.new_row(int(attributes.get("r", self.cells.row + 1)))
        elif tag == "f":
            self.formula()
        elif tag == "mergeCell":
            self.cells.merged.append(attributes.get("ref", "")[:20])
        elif tag in ("oleObject", "control"):
            raise Refused("embedded")

    def formula(self) -> None:
        """A formula is never computed and never imported."""
        before, self.cells.column = self.cells.column, self.place()
        self.cells.fault("formula")
        self.cells.column = before

    def place(self) -> int:
        """The column of the present cell. Raises Refused when its reference is none or names another row."""
        reference = (self.cell or {}).get("r")
        if reference is None:
            return self.cells.column + 1
        found = _REF.fullmatch(reference)
        if found is None or int(found[2]) != self.cells.row:
            raise Refused("damaged")
        return number_of(found[1])

    def end(self, tag: str) -> None:
        """A cell is judged when it is complete."""
        tag = tag.rpartition(":")[2]
        if tag in ("v", "t"):
            self.reading = False
        elif tag == "rPh":
            self.skipping = False
        elif tag == "c" and self.cell is not None:
            words = "".join(self.text).strip()
            self.text.clear()
            self.cells.put(self.place(), self.cell.get("s"), self.cell.get("t"), words)
            self.cell = None
