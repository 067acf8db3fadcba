"""From a sheet to rows under known headings: each fault with sheet, row and column; no rows while there is a fault."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from .reader import Fault, Sheet
from .sheet import letters, number_of

HEADING_ROWS = 10
"""So far down the headings may stand: a title and a line or two may come before them."""
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_UNSEEN = {"Cc", "Cf", "Cs", "Co"}
_MERGED = re.compile(r"([A-Z]{1,3})([0-9]+):([A-Z]{1,3})([0-9]+)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column by its heading. ``kind``: text, digits (kept as typed, never a number) or day; ``check`` returns what
    is wrong in words, or ""."""

    key: str
    heading: str
    kind: str = "text"
    required: bool = False
    longest: int = 200
    check: Callable[[str], str] | None = None


@dataclass(slots=True)
class Table:
    """``rows``: (row number in the sheet, values by key); empty when there is any fault: nothing is taken by half."""

    sheet: str
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def table_of(sheet: Sheet, columns: Sequence[Column]) -> Table:
    """The rows below the headings. A column that is not asked for is left aside; blank rows are passed over."""
    table = Table(sheet.name)
    head = _headings(sheet, columns)
    if head is None:
        wanted = "、".join(column.heading for column in columns if column.required)
        words = _("No row holds the headings. These are needed: {wanted}.").format(wanted=wanted)
        table.faults.append(Fault(sheet.name, 1, "A", words))
        return table
    at, places = head
    used = set(places.values())
    table.faults += [fault for fault in sheet.faults if fault.row > at and number_of(fault.column) in used]
    table.faults += [Fault(sheet.name, row, column, _("Merged cells. Every row needs cells of its own."))
                     for row, column in _merged(sheet, at)]  # fmt: skip
    told = {(fault.row, fault.column) for fault in table.faults}
    for number, values in sheet.rows:
        if number <= at or not any(values[place - 1] for place in used if place <= len(values)):
            continue
        row: dict[str, Any] = {}
        for column in columns:
            place = places.get(column.key)
            raw = values[place - 1] if place and place <= len(values) else None
            row[column.key], words = _taken(column, raw)
            letter = letters(place or 1)
            if words and (number, letter) not in told:
                table.faults.append(Fault(sheet.name, number, letter, words))
        table.rows.append((number, row))
    if not table.rows and not table.faults:
        table.faults.append(Fault(sheet.name, at + 1, "A", _("There is no row below the headings.")))
    table.faults.sort(key=lambda fault: (fault.row, number_of(fault.column)))
    if table.faults:
        table.rows = []
    return table


def _headings(sheet: Sheet, columns: Sequence[Column]) -> tuple[int, dict[str, int]] | None:
    """The row of the headings and the place of each column, from 1."""
    by_heading = {column.heading: column.key for column in columns}
    needed = {column.key for column in columns if column.required}
    for number, values in sheet.rows[:HEADING_ROWS]:
        places: dict[str, int] = {}
        for place, value in enumerate(values, start=1):
            key = by_heading.get("".join(value.split()) if isinstance(value, str) else "")
            if key:
                places.setdefault(key, place)
        if needed <= set(places):
            return number, places
    return None


def _merged(sheet: Sheet, at: int) -> list[tuple[int, str]]:
    """First cells of the merged areas that reach below the headings."""
    found = [match for ref in sheet.merged if (match := _MERGED.fullmatch(ref))]
    return [(int(match[2]), match[1]) for match in found if int(match[4]) > at]


def _taken(column: Column, raw: Any) -> tuple[Any, str]:
    """The value as it is kept, and what is wrong with it in words."""
    if raw is None or raw == "":
        return None if column.kind == "day" else "", _("This cell is empty.") if column.required else ""
    if column.kind == "day":
        return _day(raw)
    if isinstance(raw, dict):
        return "", _("A date stands here. Text is needed.")
    if isinstance(raw, bool | float):
        return "", _("Text is needed here.")
    if isinstance(raw, int):
        if column.kind == "digits":
            return "", _("This is a number: leading zeros and last digits get lost. Format the column as text.")
        raw = str(raw)
    words = "".join(c for c in unicodedata.normalize("NFC", raw) if unicodedata.category(c) not in _UNSEEN).strip()
    if len(words) > column.longest:
        return "", _("At most {limit} characters.").format(limit=column.longest)
    return words, column.check(words) if column.check else ""


def _day(raw: Any) -> tuple[dt.date | None, str]:
    """A cell that shows a day, or a day typed as text (2026-01-31, 2026/1/31, 2026年1月31日)."""
    text = raw["day"] if isinstance(raw, dict) else raw
    if not isinstance(text, str):
        return None, _("A number stands here, not a date. Format the cell as date, or type it like 2026-01-31.")
    found = _DAY.fullmatch(text.strip())
    try:
        return (dt.date(*map(int, found.groups())), "") if found else (None, _("Type the day like 2026-01-31."))
    except ValueError:
        return None, _("There is no such day.")
