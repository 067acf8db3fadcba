"""Workbooks from outside (trust.md §5.1, E2): hostile ones refused with a sentence, faults with their place."""

import datetime as dt
import io
import random
import resource
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook

from appraisal_portal.kernel.inspection import UploadRefused
from appraisal_portal.kernel.workbooks import child, reader, sheet
from appraisal_portal.kernel.workbooks.table import Column, table_of
from tests.kernel.packages import HEAD, LIMITS, SHEET, repacked, text_cell, with_rows, workbook

COLUMNS = (
    Column("name", "姓名", required=True, longest=50),
    Column("number", "证件号码", kind="digits", required=True),
    Column("born", "出生日期", kind="day"),
    Column("unit", "工作单位"),
)


def test_values_come_back_as_they_were_typed() -> None:
    data = workbook(
        ["张三", 7, 1.5, dt.date(2026, 1, 31), True, None, "00123", " 林业局 "], [], ["A&B <公司>", -3, 1e10]
    )
    found = reader.read(data)
    assert found.name == "专家"
    assert found.rows[0] == (1, ["张三", 7, 1.5, {"day": "2026-01-31"}, True, None, "00123", "林业局"])
    assert found.rows[-1] == (3, ["A&B <公司>", -3, 10_000_000_000])
    assert not found.faults


def lying(size: int, member: bytes) -> bytes:
    """A package whose directory says a member is small."""
    data = bytearray(repacked(workbook(), lambda parts: parts.update({SHEET: member})))
    at = data.find(b"PK\x01\x02")
    while data[at + 46 : at + 46 + len(SHEET)] != SHEET.encode():
        at = data.find(b"PK\x01\x02", at + 4)
    data[at + 24 : at + 28] = size.to_bytes(4, "little")
    return bytes(data)


def huge_cell() -> bytes:
    """One cell of 1 GB in about 1 MB: the same 16 MB, deflated once, sixty-four times over."""
    begin, end = f'{HEAD}<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'.encode(), b"</t></is></c></row>"
    block = b"A" * (16 << 20)
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = deflate.compress(begin) + deflate.flush(zlib.Z_FULL_FLUSH)
    packed += (deflate.compress(block) + deflate.flush(zlib.Z_FULL_FLUSH)) * 64
    packed += deflate.compress(end) + deflate.flush()
    crc = zlib.crc32(begin)
    for _ in range(64):
        crc = zlib.crc32(block, crc)
    crc = zlib.crc32(end, crc)
    size = len(begin) + 64 * len(block) + len(end)
    data = repacked(workbook(), lambda parts: parts.update({SHEET: b""}))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        at, place = package.start_dir, package.getinfo(SHEET).header_offset
    name = SHEET.encode()
    local = (
        struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(packed), size, len(name), 0) + name + packed
    )
    directory = bytearray(data[at:])
    entry = directory.index(name) - 46
    struct.pack_into("<3L", directory, entry + 16, crc, len(packed), size)
    struct.pack_into("<L", directory, entry + 42, at)
    struct.pack_into("<H", directory, entry + 10, 8)
    assert place < at
    struct.pack_into("<L", directory, directory.rindex(b"PK\x05\x06") + 16, at + len(local))
    return data[:at] + local + bytes(directory)


def many_rows() -> bytes:
    return with_rows("".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 1_000_001)))


XXE = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{HEAD[38:]}<sheetData/></worksheet>'
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + f"]>{HEAD[38:]}<sheetData>&j;</sheetData></worksheet>"
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def added(**parts: bytes) -> bytes:
    return repacked(workbook(), lambda found: found.update({name: content for name, content in parts.items()}))


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "one cell of 1 GB": (huge_cell, "Unpacked the workbook is larger than 20 MB"),
    "rows without end": (many_rows, "The workbook is larger than 2 MB"),
    "more rows than read": (
        lambda: with_rows("".join(f'<row r="{n}">{text_cell(f"A{n}", "x")}</row>' for n in (1, 5000, 5001))),
        "Cell A5001 is filled: at most 5000 rows",
    ),
    "a cell at the far end": (
        lambda: with_rows(f'<row r="1048576">{text_cell("XFD1048576", "x")}</row>'), "Cell XFD1048576 is filled",
    ),
    "a cell too far right": (lambda: with_rows(f'<row r="1">{text_cell("AO1", "x")}</row>'), "Cell AO1 is filled"),
    "packed a thousand times": (lambda: with_rows(" " * 5_000_000), "packed more than 100 times"),
    "a size that lies": (lambda: lying(100, b" " * 300_000), "damaged or incomplete"),
    "XXE": (lambda: with_rows("", **{SHEET: XXE.encode()}), "document type definition"),
    "billion laughs": (lambda: with_rows("", **{SHEET: LAUGHS.encode()}), "document type definition"),
    "a DTD in the strings": (
        lambda: added(**{"xl/_rels/workbook.xml.rels": b'<!DOCTYPE x><Relationships/>'}), "document type definition",
    ),
    "locked": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
    "xls": (lambda: OLE, "old Excel format"),
    "no zip": (lambda: b"name,number\n", "not an Excel workbook"),
    "a zip of something else": (lambda: repacked(workbook(), lambda parts: parts.clear() or parts.update({"a": b"b"})),
                                "damaged or incomplete"),
    "macros": (lambda: added(**{"xl/vbaProject.bin": OLE}), "macros"),
    "xlsm": (
        lambda: repacked(workbook(), lambda parts: parts.update({"[Content_Types].xml": parts[
            "[Content_Types].xml"].replace(b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")})),
        "macros",
    ),
    "external links": (lambda: added(**{"xl/externalLinks/externalLink1.xml": b"<x/>"}), "linked to other files"),
    "an outside template": (
        lambda: added(**{"xl/worksheets/_rels/sheet1.xml.rels": b'<Relationships><Relationship Id="r" '
                         b'Type="x/attachedTemplate" Target="http://x/" TargetMode="External"/></Relationships>'}),
        "linked to other files",
    ),
    "embedded": (lambda: added(**{"xl/embeddings/oleObject1.bin": OLE}), "embedded objects"),
    "a way out": (lambda: added(**{"../../etc/cron.d/x": b""}), "inner file names"),
    "an absolute name": (lambda: added(**{"/etc/x": b""}), "inner file names"),
    "a doubled name": (lambda: added(**{"XL/Worksheets/Sheet1.xml": b""}), "inner file names"),
    "too many members": (lambda: added(**{f"xl/media/{n}.png": b"" for n in range(200)}), "more than 200 inner files"),
    "cut short": (lambda: workbook()[:-200], "damaged or incomplete"),
    "no XML": (lambda: with_rows("", **{SHEET: b"<worksheet><sheetData>"}), "damaged or incomplete"),
    "not that sheet": (workbook, "There is no sheet “没有这张表”. The workbook has: 专家."),
    "shared text in every cell": (
        lambda: repacked(
            with_rows("".join(f'<row r="{r}">' + "".join(f'<c r="{sheet.letters(c)}{r}" t="s"><v>0</v></c>'
                                                          for c in range(1, 41)) + "</row>" for r in range(1, 1001))),
            lambda parts: parts.update({
                "xl/sharedStrings.xml": f"<sst><si><t>{'字' * 30_000}</t></si></sst>".encode(),
                "xl/_rels/workbook.xml.rels": parts["xl/_rels/workbook.xml.rels"].replace(
                    b"</Relationships>", b'<Relationship Id="s9" Type="x/sharedStrings" Target="sharedStrings.xml"/>'
                    b"</Relationships>"),
            })),
        "more text than a table|packed more than 100 times",
    ),
}  # fmt: skip


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Peak memory of each reading process in kB, as the process itself finds it at its end."""
    peaks: list[int] = []
    run = subprocess.run

    def watched(*args: Any, **options: Any) -> Any:
        done = run(*args, **options)
        peaks.append(int(done.stderr.split(b"VmHWM:")[1].split()[0]))
        return done

    monkeypatch.setattr(reader, "_START", f"{reader._START}; sys.stderr.write(open('/proc/self/status').read())")
    monkeypatch.setattr(reader.subprocess, "run", watched)
    return peaks


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_workbooks_are_refused_with_a_sentence(name: str, children: list[int]) -> None:
    """Two seconds of processor and 200 MB at most, of the process that reads."""
    make, words = HOSTILE[name]
    data = make()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(UploadRefused, match=words):
        reader.read(data, sheet="没有这张表" if name == "not that sheet" else "")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2
    assert all(peak < 200 * 1024 for peak in children)
    assert len(children) == (0 if name == "rows without end" else 1), "what is too large is not even begun"


def test_a_process_that_dies_is_a_sentence_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_START", "import os; os.abort()")
    with pytest.raises(UploadRefused, match="damaged or incomplete"):
        reader.read(workbook())


def test_larger_than_a_roster_may_be(settings: Any) -> None:
    settings.PORTAL_ROSTER_BYTES = 1024 * 1024
    with pytest.raises(UploadRefused, match="larger than 1 MB"):
        reader.read(bytes(1024 * 1024 + 1))


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One of many ways to break a workbook: bytes, members, XML, types, references."""
    way = chance.randrange(5)
    if way == 0:
        broken = bytearray(data)
        for _ in range(chance.randint(1, 20)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        return bytes(broken)
    if way == 1:
        return data[: chance.randrange(len(data))]
    pairs = [
        (b'"inlineStr"', b'"s"'), (b'"n"', b'"d"'), (b"<v>", b"<f>"), (b"</v>", b"</f>"), (b'r="A2"', b'r="ZZZ9"'),
        (b'r="2"', b'r="1"'), (b"</row>", b""), (b"<sheetData>", b"<sheetData><mergeCell ref='A1:B9'/>"),
        (b"utf-8", b"utf-16"), (b'"1980', b'"x'), (b'numFmtId="0"', b'numFmtId="14"'), (b"worksheets", b"nowhere"),
        (b"</", b"<"), (b"sheetId", b"sheet"), (b'Id="rId', b'Id="x'), (b"1", b"-9"), (b"0", b"1e400"),
    ]  # fmt: skip

    def change(parts: dict[str, bytes]) -> None:
        name = chance.choice(sorted(parts))
        if way == 2:
            parts.pop(name)
        elif way == 3:
            old, new = chance.choice(pairs)
            for each, content in list(parts.items()):
                parts[each] = content.replace(old, new, chance.randint(1, 9))
        else:
            text = bytearray(parts[name] or b" ")
            for _ in range(chance.randint(1, 5)):
                text[chance.randrange(len(text))] = chance.randrange(256)
            parts[name] = bytes(text)

    return repacked(data, change)


def test_five_hundred_mutations_break_nothing() -> None:
    """E2: whatever comes is rows, faults with a place, or a refusal that has its sentence."""
    whole = workbook(
        ["姓名", "证件号码", "出生日期", "工作单位"],
        *[[f"张{n}", f"33250119800101{n:04d}", dt.date(1980, 1, 1 + n), f"单位{n}"] for n in range(20)],
        change=lambda sheet: sheet.merge_cells("A30:B30"),
    )
    chance, seen = random.Random(2026), set()
    for _ in range(500):
        data = mutated(whole, chance)
        answer = child.read(data, LIMITS)
        if "refused" in answer:
            assert str(reader._REFUSED[answer["refused"]]).format(**answer["words"])
            seen.add(answer["refused"])
            continue
        faults = [reader.Fault(answer["sheet"], r, sheet.letters(c), str(reader._FAULTS[code]))
                  for code, r, c in answer["faults"]]  # fmt: skip
        table = table_of(reader.Sheet(answer["sheet"], answer["rows"], faults, answer["merged"]), COLUMNS)
        assert bool(table.rows) != bool(table.faults), "rows or faults, never both, never nothing"
        assert all(fault.row and fault.column.isalpha() for fault in table.faults)
        seen.add("faults" if table.faults else "rows")
    assert {"damaged", "faults"} <= seen


def table(*rows: list[Any], change: Callable[[Any], object] = lambda _sheet: None) -> Any:
    head = ["姓名", "证件号码", "出生日期", "工作单位"]
    return table_of(reader.read(workbook(head, *rows, change=change)), COLUMNS)


GOOD = ["张三", "332501198001011234", "1980-01-01", "林业局"]


@pytest.mark.parametrize(
    ("row", "place", "words"),
    [
        (["李四", 332501198001011234, "1980-01-01", ""], "row 3, column B", "Excel has lost digits"),
        (["李四", 3.32501198001e17, "1980-01-01", ""], "row 3, column B", "Excel has lost digits"),
        (["李四", 12345, "1980-01-01", ""], "row 3, column B", "leading zeros and last digits get lost"),
        (["李四", "1", 29221, ""], "row 3, column C", "A number stands here, not a date"),
        (["李四", "1", "1980-02-30", ""], "row 3, column C", "no such day"),
        (["李四", "1", "昨天", ""], "row 3, column C", "Type the day like"),
        (["=CONCAT(A1,A2)", "1", "", ""], "row 3, column A", "A formula"),
        (["", "1", "", ""], "row 3, column A", "This cell is empty"),
        (["李" * 51, "1", "", ""], "row 3, column A", "At most 50 characters"),
        ([dt.date(2026, 1, 1), "1", "", ""], "row 3, column A", "A date stands here"),
    ],
)
def test_faults_name_sheet_row_and_column(row: list[Any], place: str, words: str) -> None:
    found = table(GOOD, row)
    assert found.rows == [], "the good row is not taken either"
    [fault] = found.faults
    assert str(fault).startswith(f"Sheet “专家”, {place}: ")
    assert words in str(fault)


def test_merged_cells_below_the_headings_are_a_fault_above_them_not() -> None:
    found = table(GOOD, change=lambda sheet: sheet.merge_cells("D2:D3"))
    assert [str(fault) for fault in found.faults] == [
        "Sheet “专家”, row 2, column D: Merged cells. Every row needs cells of its own."
    ]
    titled = workbook(["专家库花名册"], [*COLUMN_HEADINGS], GOOD, change=lambda sheet: sheet.merge_cells("A1:D1"))
    taken = table_of(reader.read(titled), COLUMNS)
    assert taken.rows == [
        (3, {"name": "张三", "number": "332501198001011234", "born": dt.date(1980, 1, 1), "unit": "林业局"})
    ]


COLUMN_HEADINGS = [column.heading for column in COLUMNS]


def test_days_in_every_usual_form() -> None:
    rows = table(
        *[["甲", "1", day, ""] for day in (dt.date(1980, 1, 1), "1980/1/1", "1980年1月1日", "1980.01.01")]
    ).rows
    assert {row["born"] for _number, row in rows} == {dt.date(1980, 1, 1)}


def test_without_headings_the_needed_ones_are_named() -> None:
    [fault] = table_of(reader.read(workbook(["甲", "乙"])), COLUMNS).faults
    assert "姓名、证件号码" in str(fault)


def test_blank_rows_and_formatted_ends_are_passed_over() -> None:
    data = with_rows(
        f'<row r="1">{text_cell("A1", "姓名")}{text_cell("B1", "证件号码")}</row><row r="3">{text_cell("A3", "甲")}'
        f'{text_cell("B3", "1")}<c r="XFD3" s="1"/></row><row r="1048576"><c r="A1048576" s="1"/></row>'
    )
    assert [number for number, _row in table_of(reader.read(data), COLUMNS).rows] == [3]


def test_of_ten_thousand_rows_none_is_lost() -> None:
    """How long it takes is judged in ``manage.py bench``, against openpyxl."""
    book = Workbook(write_only=True)
    page = book.create_sheet("专家")
    for n in range(10_000):
        page.append([f"张{n}", f"3325011980{n:08d}", "1980-01-01", "林业局"])
    out = io.BytesIO()
    book.save(out)
    found = reader.read(out.getvalue(), limits=reader.wider(rows=10_000))
    assert len(found.rows) == 10_000
    assert found.rows[-1][1][1] == "332501198000009999"
