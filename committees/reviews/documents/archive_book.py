"""The index of an archive book (评审档案目录), on paper and as a table; both made of the book's content."""

import datetime as dt
from typing import Any

from appraisal_portal.kernel import documents
from appraisal_portal.kernel.rendering import Column, chinese_date
from committees.reviews.access.archive_book import reads_books
from committees.reviews.models import ArchiveBook
from committees.reviews.models.archive_book import PDF, XLSX

GROUPS = {"meeting": "会议", "report": "报送", "objection": "异议", "person": "个人", "issue": "发证"}
COLUMNS = (
    Column("no", "序号", 7, "int"),
    Column("group", "类别", 8),
    Column("of", "归属", 18),
    Column("person", "姓名", 12),
    Column("code", "代码", 18),
    Column("number", "文号", 20),
    Column("name", "名称", 34),
    Column("version", "版本", 7, "int"),
    Column("pages", "页数", 7),
    Column("size", "字节", 12, "int"),
    Column("sha256", "SHA-256", 68),
)
SIDES = {"author": "异议人提交的证据", "person": "当事人提交的证据", "office": "核查所得证据"}
ON_PAPER = ("no", "group", "of", "person", "number", "name", "version", "pages", "size", "sha256")


def _row(entry: dict[str, Any]) -> dict[str, Any]:
    numbers = {key: int(entry[key]) for key in ("no", "version", "size")}
    group = GROUPS[entry["group"]]
    name = SIDES.get(entry["name"], entry["name"]) if entry["group"] == "objection" else entry["name"]
    of = entry["of"].replace("objection ", "异议 ")
    return {**entry, **numbers, "group": group, "name": name, "of": of, "pages": entry["pages"] or "—"}


def _heading(book: ArchiveBook) -> dict[str, Any]:
    said = book.content["meeting"]
    day = chinese_date(dt.date.fromisoformat(said["meets_on"]))
    count = len(book.content["documents"])
    return {
        "title": f"{said['committee']}评审档案目录",
        "head": [
            f"评审会议时间：{day}　会议批复：{said['reply_number']}",
            f"评审对象：{said['persons']} 人　版本：{book.version}",
        ],
        "foot": [f"共 {count} 件　全卷校验值（JSON 文件的 SHA-256）：{book.sha256}"],
    }


def _table(book: ArchiveBook) -> dict[str, Any]:
    return {**_heading(book), "rows": [_row(entry) for entry in book.content["documents"]]}


def _paper(book: ArchiveBook) -> dict[str, Any]:
    shown = [column for column in COLUMNS if column.key in ON_PAPER]
    rows = (_row(entry) for entry in book.content["documents"])
    return {
        **_heading(book),
        "landscape": True,
        "columns": [{"title": column.title} for column in shown],
        "rows": [[str(row[column.key]) for column in shown] for row in rows],
    }


documents.register(
    documents.DocumentType(
        code=PDF, title="评审档案目录", paper="A4 landscape", kind="pdf", content=_paper,
        template="documents/archive-index.html", readers=reads_books,
    )
)  # fmt: skip
documents.register(
    documents.DocumentType(
        code=XLSX, title="评审档案目录（表格）", paper="A3 landscape", kind="xlsx", content=_table, columns=COLUMNS,
        readers=reads_books,
    )
)  # fmt: skip
