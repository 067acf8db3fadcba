"""Workbooks as bytes, whole and broken, for the tests of reading them."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

from openpyxl import Workbook

LIMITS = {
    "members": 200, "inflated": 20_000_000, "ratio": 100, "rows": 5_000, "columns": 40, "memory": 1 << 30,
    "seconds": 60,
}  # fmt: skip
SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def workbook(*rows: list[Any], change: Callable[[Any], object] = lambda _sheet: None, title: str = "专家") -> bytes:
    book = Workbook()
    book.active.title = title
    for row in rows or (
        ["姓名", "证件号码", "出生日期", "工作单位"],
        ["张三", "332501198001011234", "1980-01-01", "林业局"],
    ):
        book.active.append(row)
    change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(data: bytes, change: Callable[[dict[str, bytes]], object], **options: Any) -> bytes:
    """The same package with some members changed, added or taken out."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def with_rows(inside: str, **more: bytes) -> bytes:
    xml = f"{HEAD}<sheetData>{inside}</sheetData></worksheet>".encode()
    return repacked(workbook(), lambda parts: parts.update({SHEET: xml, **more}))


def text_cell(ref: str, text: str) -> str:
    return f'<c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c>'
