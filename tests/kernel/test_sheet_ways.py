"""A sheet is read row by row, tile by tile or as a stream, and what is read is the same (decision 83)."""

import datetime as dt
from typing import Any

import pytest

from appraisal_portal.kernel import rendering
from appraisal_portal.kernel.workbooks import child, sheet
from tests.kernel.packages import LIMITS, SHEET, repacked, text_cell, with_rows, workbook


def test_both_ways_give_the_same_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The strict grammar and expat: plain, strange and broken sheets."""
    roster = rendering.render_roster(
        [rendering.Column("a", "姓名"), rendering.Column("b", "日期", kind="date")],
        [{"a": f"=甲{n}&", "b": dt.date(2026, 1, 1) + dt.timedelta(n)} for n in range(30)],
        title="花名册",
    ).content
    shared = with_rows(
        '<row r="2" spans="1:9" x:y="1"><c r="A2" s="0" t="s"><v>0</v></c><c r="C2"><v>1E3</v></c></row>'
    )
    strange = with_rows(f'<row r=\'4\'>{text_cell("B4", "&#x4e2d;&amp;")}<c r="D4" /></row>\n<row r="9"/>')
    wrong_row = with_rows(f'<row r="4">{text_cell("B5", "甲")}</row>')
    twice = with_rows(f'<row r="4">{text_cell("B4", "甲")}</row><row r="4"></row>')
    unclosed = with_rows('<row r="4"><c r="A4"><v>1</v></c>')
    entity = with_rows(f'<row r="4">{text_cell("B4", "&who;")}</row>')
    too_long = "".join(map(str, range(9_000)))
    long = with_rows(f'<row r="4">{text_cell("A4", too_long)}{text_cell("B4", " ")}{text_cell("C4", "&#x4e2d;")}</row>')
    assert child.read(long, LIMITS)["faults"] == [("long", 4, 1)]
    for data in (workbook(), roster, shared, strange, wrong_row, twice, unclosed, entity, long, *alike_rows()):
        with monkeypatch.context() as patch:
            patch.setattr(sheet, "PIECE", 0)
            by_rows = child.read(data, LIMITS)
            patch.setattr(sheet, "LIKENESSES", 0)
            patch.setattr(sheet, "PIECE", 256)
            by_tiles = child.read(data, LIMITS)
            patch.setattr(sheet, "_tiled", lambda *_: False)
            assert child.read(data, LIMITS) == by_tiles == by_rows


def alike_rows() -> list[bytes]:
    """Rows written like the one before, with cells that are absent, empty, no text or wrong in one place."""
    day = dt.date(2026, 1, 31)
    rows: list[list[Any]] = [
        ["甲&B", 1, day, None, True, "#N/A", "end"], [None, -2.5, day, "x"], ["Z", 1e17, 9, "", False],
    ]  # fmt: skip
    good = workbook(*rows * 3)
    found = [good]
    for right, wrong in (
        ('r="A4"', 'r="B4"'), ('r="A4"', 'r="A5"'), ('<row r="5"', '<row r="3"'), ("</row>", "</row>\n"),
        ("&amp;B", "&who;B"), ('t="n"', 't="z"'), ('t="e"', 't="d"'), ('t="b"', 't="s"'), ("x</t>", "x</v>"),
        ("end</t>", "\x01</t>"), ("end", " "), (">Z<", ">&#20013;<"), ('<row r="8"', '<row r="6000"'),
    ):  # fmt: skip
        found.append(repacked(good, lambda parts, r=right, w=wrong: parts.update(  # type: ignore[misc]
            {SHEET: parts[SHEET].replace(r.encode(), w.encode())})))  # fmt: skip
        assert found[-1] != good, right
    return found
