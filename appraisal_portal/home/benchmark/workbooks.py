"""Reading a roster of 10,000 rows from outside, against openpyxl's own quick way, both in this run."""

import io
import resource
import statistics
import time

from openpyxl import Workbook, load_workbook

from appraisal_portal.home.benchmark.figures import Figure
from appraisal_portal.kernel.workbooks import reader

AT_MOST = 0.15


def _used() -> float:
    """Seconds of processor of this process and the ones it has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _roster(rows: int) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("专家")
    for n in range(rows):
        sheet.append([n, f"张三{n}", "男", f"3325011980{n:08d}", "森林培育", f"第{n % 50}林场", "05780000000",
                      "高级工程师", "2020-01-01", "委员", f"{n}@example.cn", ""])  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def reading(*, rounds: int, rows: int) -> Figure:
    """Processor time of the whole reading, its limited process included; the median of side-by-side rounds."""
    data, limits = _roster(rows), reader.wider(rows=rows)
    ratios, ours = [], []
    for _round in range(rounds):
        before = _used()
        theirs = [
            row for row in load_workbook(io.BytesIO(data), read_only=True).worksheets[0].iter_rows(values_only=True)
        ]
        between = _used()
        found = reader.read(data, limits=limits)
        ours.append(_used() - between)
        ratios.append(ours[-1] / (between - before))
        if [tuple(values + [None] * (12 - len(values))) for _row, values in found.rows] != theirs:
            raise AssertionError("the two readers do not agree")
    ratio = statistics.median(ratios)
    detail = f"{rows} rows of 12 cells, {statistics.median(ours):.2f} s of processor, limited process included"
    return Figure("workbook_of_openpyxl", round(ratio, 3), f"<= {AT_MOST}", ratio <= AT_MOST, detail)
