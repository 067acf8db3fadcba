"""What 3-2 and 3-3 list: their columns, and the rows of the latest snapshot on their way from database to file."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from appraisal_portal.kernel.rendering import Column
from committees.reviews.models import Meeting, MeetingSnapshot
from committees.reviews.rules import roster

ROWS_AT_ONCE = 500
_ROWS = f"""
    SELECT r.one FROM {MeetingSnapshot._meta.db_table} s,
           jsonb_array_elements(s.content -> 'roster') AS r(one)
     WHERE s.id = (SELECT id FROM {MeetingSnapshot._meta.db_table} WHERE meeting_id = %s ORDER BY version DESC LIMIT 1)
"""  # noqa: S608 - table names only

ROSTER_COLUMNS = (
    Column("seq", "序号", 5, "int"),
    Column("name", "姓名", 9),
    Column("gender", "性别", 5),
    Column("birth_month", "出生年月", 9, "month"),
    Column("id_number", "身份证号", 20),
    Column("employer", "工作单位", 20),
    Column("employer_type", "单位性质", 9),
    Column("county", "所属县（市、区）", 9),
    Column("work_start", "参加工作时间", 9, "month"),
    Column("current_specialty", "现从事专业", 10),
    Column("specialty_years", "专业年限", 5, "int"),
    Column("current_title", "资格名称", 11, group="现专业技术资格"),
    Column("current_title_date", "获得资格时间", 9, "month", group="现专业技术资格"),
    Column("years_in_title", "任职年限", 6, "decimal", group="现专业技术资格"),
    Column("current_title_authority", "终审单位", 14, group="现专业技术资格"),
    Column("education", "学历", 7),
    Column("degree", "学位", 5),
    Column("school", "毕业学校", 14),
    Column("major", "所学专业", 11),
    Column("graduated_on", "毕业时间", 9, "month"),
    Column("foreign_lang", "外语成绩", 7),
    Column("computer", "计算机成绩", 7),
    Column("ce_hours", "继续教育学时（年份:总/专业/公需）", 18),
    Column("annual_assessments", "年度考核（近3年）", 14),
    Column("applied_title", "申报资格名称", 11),
    Column("applied_specialty", "申报专业", 11),
    Column("mode", "申报方式", 6),
    Column("unit_publicity", "单位公示情况", 9),
    Column("exam_result", "资格审查意见", 7),
    Column("exam_reason", "不合格原因", 14),
    Column("remark", "备注", 8),
)
"""3-2 in the order of domain.md §3."""

QUALIFIED_COLUMNS = (
    Column("seq", "序号", 6, "int"),
    Column("name", "姓名", 11),
    Column("employer", "工作单位", 30),
    Column("current_title", "资格名称", 16, group="现资格及取得时间"),
    Column("current_title_date", "取得时间", 11, "month", group="现资格及取得时间"),
    Column("education", "学历", 11),
    Column("applied_title", "申报资格", 16),
    Column("applied_specialty", "申报专业", 18),
    Column("mode", "方式", 9),
    Column("group", "评议组", 11),
    Column("remark", "备注", 16),
)
"""3-3: no document number, for it goes to the experts."""


def _rows(meeting: Meeting) -> Iterator[dict[str, Any]]:
    """The rows of the latest snapshot, a few hundred at a time from a cursor of the server.

    The function gives them in their order; sorting by it would write 100,000 of them to the server's disk first.
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS, [meeting.pk])
        while found := cursor.fetchmany(ROWS_AT_ONCE):
            for (row,) in found:
                yield json.loads(row)


_READ: dict[str, Callable[[Any], Any]] = {
    "date": lambda value: dt.date.fromisoformat(value[:10]),
    "month": lambda value: dt.date.fromisoformat(value[:10]),
    "decimal": Decimal,
    "int": int,
}


def _values(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Stored rows with days and numbers as values again."""
    reads = [(column.key, _READ[column.kind]) for column in columns if column.kind in _READ]
    for row in rows:
        values = dict(row)
        for key, read in reads:
            value = values.get(key)
            values[key] = None if value is None or value == "" else read(value)
        yield values


def roster_rows(meeting: Meeting) -> Iterator[dict[str, Any]]:
    """The rows of 3-2."""
    return _values(ROSTER_COLUMNS, _rows(meeting))


def qualified_rows(meeting: Meeting) -> Iterator[dict[str, Any]]:
    """The rows of 3-3."""
    return _values(QUALIFIED_COLUMNS, roster.qualified_rows(_rows(meeting)))
