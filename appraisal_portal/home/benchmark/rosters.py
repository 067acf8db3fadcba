"""The roster 3-2 of 10,000 people from the database to the file, against the two writers others use, in this run.

Theirs get the same cells with the same styles from memory and leave them in memory; ours reads them from the meeting's
snapshot, hashes and stores the file and writes the paper's row.
"""

import datetime as dt
import io
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from appraisal_portal import services
from appraisal_portal.home.benchmark.figures import Figure
from appraisal_portal.home.benchmark.server import used_here
from appraisal_portal.home.story import meeting as story
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import approvals, clock, documents
from appraisal_portal.kernel.rendering import Column
from committees.reviews.documents.roster_rows import ROSTER_COLUMNS, roster_rows
from committees.reviews.models import Meeting, MeetingSnapshot
from committees.reviews.rules import roster

COLUMNS: Sequence[Column] = ROSTER_COLUMNS
OF_OPENPYXL, OF_XLSXWRITER, MEMORY = 0.25, 0.45, 1.1
LINE = "agriculture"
MORE = 10
"""So many times the rows for the second reading of memory."""
_FORMATS = {"text": "@", "int": "0", "decimal": "0.##", "month": "yyyy-mm"}

# One row of the snapshot by column; what PostgreSQL makes of the number n is different in each row.
_TEXTS = """
    'name', '张' || chr(19968 + mod(n, 20000)), 'gender', '男', 'birth_month', '1980-01-01',
    'id_number', '3311241980' || lpad(n::text, 8, '0'), 'employer', '丽水市第' || n || '林业工作站',
    'employer_type', '事业单位', 'county', '莲都区', 'work_start', '2003-08-01', 'current_specialty', '森林培育',
    'specialty_years', mod(n, 40), 'current_title', '助理工程师', 'current_title_date', '2014-09-01',
    'years_in_title', '12.2', 'current_title_authority', '丽水市人力资源和社会保障局', 'education', '本科',
    'degree', '学士', 'school', '浙江农林大学', 'major', '林学', 'graduated_on', '2003-06-30', 'foreign_lang', '',
    'computer', '', 'ce_hours', '2023:92/62/30；2024:92/62/30；2025:92/62/30',
    'annual_assessments', '2023合格；2024合格；2025优秀', 'applied_title', '工程师', 'applied_specialty', '森林培育',
    'mode', '正常', 'unit_publicity', '无异议', 'exam_result', '合格', 'exam_reason', '', 'remark', ''
"""


def prepare(city: City, cycle: Cycle, *, days: int = 60) -> Meeting:
    """A draft of a meeting in so many days; the figures write its snapshots and lists themselves."""
    return story.prepare(city, cycle, cycle.line(LINE), [], clock.today() + dt.timedelta(days=days))


def snapshot(meeting: Meeting, rows: int) -> None:
    """The next snapshot of the meeting, of so many people, made by the database."""
    letter = roster.content_of(meeting, clock.today())["letter"]
    table = MeetingSnapshot._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(
            f"""INSERT INTO {table} (meeting_id, version, schema, content, sha256, taken_by_id, taken_at)
                SELECT %s, (SELECT count(*) + 1 FROM {table} WHERE meeting_id = %s), 1,
                       jsonb_build_object('letter', %s::jsonb, 'summary', '[]'::jsonb, 'roster', (
                           SELECT jsonb_agg(jsonb_build_object('seq', n, {_TEXTS}) ORDER BY n)
                             FROM generate_series(1, %s) AS n)),
                       %s, %s, now()""",  # noqa: S608 - table names only
            [meeting.pk, meeting.pk, json.dumps(letter), rows, approvals.content_sha256(rows),
             meeting.prepared_by_id],
        )  # fmt: skip


def ours(meeting: Meeting) -> int:
    """The paper as the office gets it; how many people it lists."""
    with transaction.atomic():
        return int(documents.make("3-2", meeting, actor=meeting.prepared_by).snapshot["listed"])


def openpyxl_write_only(rows: Iterable[Mapping[str, Any]]) -> io.BytesIO:
    """openpyxl's way for large sheets, each style made once."""
    from openpyxl import Workbook  # noqa: PLC0415 - as the renderer, loaded when first needed
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Alignment, Border, Font, Side  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet("3-2")
    side = Side(style="thin")
    styles = []
    for column in COLUMNS:
        cell = WriteOnlyCell(sheet)
        cell.font, cell.border = Font(name="宋体", size=10), Border(left=side, right=side, top=side, bottom=side)
        cell.alignment, cell.number_format = Alignment(vertical="center", wrap_text=True), _FORMATS[column.kind]
        styles.append(cell._style)
    for row in rows:
        line = []
        for column, style in zip(COLUMNS, styles, strict=True):
            cell = WriteOnlyCell(sheet, row[column.key])
            cell._style = style
            line.append(cell)
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out


def xlsxwriter_constant_memory(rows: Iterable[Mapping[str, Any]]) -> io.BytesIO:
    """XlsxWriter's way for large sheets."""
    import xlsxwriter  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - only where it is installed

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet("3-2")
    same = {"border": 1, "font_name": "宋体", "font_size": 10, "text_wrap": True, "valign": "vcenter"}
    formats = [book.add_format({**same, "num_format": _FORMATS[column.kind]}) for column in COLUMNS]
    write = {"text": sheet.write_string, "month": sheet.write_datetime}
    for number, row in enumerate(rows):
        for place, column in enumerate(COLUMNS):
            value = row[column.key]
            if value is None or value == "":
                sheet.write_blank(number, place, None, formats[place])
            else:
                write.get(column.kind, sheet.write_number)(number, place, value, formats[place])
    book.close()
    return out


def writing(meeting: Meeting, *, rounds: int, rows: int) -> list[Figure]:
    """Processor time against both writers, medians of side-by-side rounds; memory of ten times the rows."""
    snapshot(meeting, rows)
    cells = list(roster_rows(meeting))
    others: dict[str, tuple[Callable[[Any], Any], float]] = {"openpyxl": (openpyxl_write_only, OF_OPENPYXL)}
    if find_spec("xlsxwriter"):
        others["xlsxwriter"] = (xlsxwriter_constant_memory, OF_XLSXWRITER)
    taken: dict[str, list[float]] = {name: [] for name in ("ours", *others)}
    for _round in range(rounds):
        taken["ours"].append(used_here(lambda: ours(meeting)))
        for name, (write, _bar) in others.items():
            taken[name].append(used_here(lambda write=write: write(cells)))  # type: ignore[misc]
    mine = statistics.median(taken["ours"])
    found = []
    for name, (_write, bar) in others.items():
        ratio = statistics.median(a / b for a, b in zip(taken["ours"], taken[name], strict=True))
        theirs = statistics.median(taken[name])
        detail = f"{rows} rows of {len(COLUMNS)} cells: {mine:.2f} s from database to file, {theirs:.2f} s from memory"
        found.append(Figure(f"roster_of_{name}", round(ratio, 3), f"<= {bar}", ratio <= bar, detail))
    if "xlsxwriter" not in others:
        found.append(Figure("roster_of_xlsxwriter", 0.0, None, True, "not measured: XlsxWriter is not installed"))
    return [*found, _memory(meeting, rows)]


def _memory(meeting: Meeting, rows: int) -> Figure:
    """The most memory a process of its own ever had for the paper, at so many rows and at ten times as many."""
    few = _peak(meeting, rows)
    snapshot(meeting, rows * MORE)
    many = _peak(meeting, rows * MORE)
    ratio = many / few
    detail = f"{few} kB at {rows} rows, {many} kB at {rows * MORE}, whole process"
    return Figure("roster_memory", round(ratio, 3), f"<= {MEMORY}", ratio <= MEMORY, detail)


_CHILD = """
import re, sys, django
django.setup()
from appraisal_portal.home.benchmark import rosters
from committees.reviews.models import Meeting
assert rosters.ours(Meeting.objects.get(pk=int(sys.argv[1]))) == int(sys.argv[2])
print(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read()).group(1))
"""


def _peak(meeting: Meeting, rows: int) -> int:
    """Kilobytes. The kernel's mark of this one image: getrusage would count the parent's from before the exec."""
    command = [*services.dying_with_parent("TERM"), sys.executable, "-c", _CHILD, str(meeting.pk), str(rows)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    return int(done.stdout)
