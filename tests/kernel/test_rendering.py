"""Papers read back: A3 and text cells in the xlsx, names and nothing foreign in the PDF."""

import datetime as dt
import io
import threading
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from PIL import Image

from appraisal_portal.kernel import fonts, rendering
from appraisal_portal.kernel.rendering import Column

MONTH, BORN = (dt.datetime.combine(dt.date(year, 1, 1), dt.time()) for year in (2018, 1980))
RARE = "𠮷䶮㛃㙍𬭎𫟷"
UNDRAWABLE = "\U0002a6d6"
COLUMNS = (
    Column("seq", "序号", 5, "int"),
    Column("name", "姓名", 10),
    Column("id_number", "身份证号", 20),
    Column("title", "资格名称", 14, group="现专业技术资格"),
    Column("since", "获得资格时间", 10, "month", group="现专业技术资格"),
    Column("born", "出生日期", 10, "date"),
    Column("years", "任职年限", 8, "decimal"),
)
PAYLOADS = [
    "=1+1", "==1", "='a'", "=cmd|' /C calc'!A0", "+1", "+cmd", "-1", "-2+3", "@SUM(A1)", "\t=1", "\r=1",
    '=HYPERLINK("http://a","b")',
    "=1\n+2", '"=1"', "'=1", " =1", "<b>&amp;</b>", "]]>", "{=1}", "%0A=1", "；=1",
    "=IMPORTXML(\"http://a\")", "=DDE(\"a\";\"b\")",
    "3.31102E+17", "331124199003070013", "0013", "TRUE", "1/2", "2018-01", "#REF!",
]  # fmt: skip


def sheet_of(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).active


def row(**values: Any) -> dict[str, Any]:
    return {"seq": 1, "name": "张三", "id_number": "34052419800101001X", **values}


def letter(**values: Any) -> dict[str, Any]:
    return {
        "office": "丽水市农业工程专业中级职务评审委员会",
        "number": "丽人社〔2026〕7号",
        "title": "关于召开评审会议的函",
        "addressee": "丽水市人力资源和社会保障局",
        "paragraphs": ["兹定于 2026 年 12 月 20 日召开评审会议。"],
        "facts": [("申报人数", "40"), ("合格人数", "38")],
        "attachments": ["评审对象资格审查花名册", "评审资格对象表"],
        "signed_by": "丽水市农业工程专业中级职务评审委员会办公室",
        "dated": rendering.chinese_date(dt.date(2026, 12, 20)),
        **values,
    }


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


class TestRoster:
    def test_print_setup(self) -> None:
        roster = rendering.render_roster(
            COLUMNS,
            [row()],
            title="评委会评审对象资格审查花名册",
            head=["评委会：丽水", "填报人："],
            foot=["填报时间："],
        )
        ws = sheet_of(roster.content)
        assert (ws.page_setup.paperSize, ws.page_setup.orientation) == (8, "landscape")
        assert (ws.page_setup.fitToWidth, ws.page_setup.fitToHeight) == (1, 0)
        assert ws.sheet_properties.pageSetUpPr.fitToPage
        assert ws.print_title_rows == "$4:$5"
        assert ws.freeze_panes == "A6"
        assert ws["A1"].value == "评委会评审对象资格审查花名册"
        assert [ws.cell(4, 4).value, ws.cell(5, 4).value, ws.cell(5, 5).value] == [
            "现专业技术资格",
            "资格名称",
            "获得资格时间",
        ]
        assert ws.cell(6, 1).border.left.style == "thin"
        assert ws.cell(6, 2).alignment.wrap_text
        assert ws["A8"].value == "填报时间："
        assert (roster.rows, roster.warnings) == (1, ())

    def test_values_come_back_as_they_were(self) -> None:
        values = row(
            name=RARE, title="工程师", since=dt.date(2018, 1, 1), born=dt.date(1980, 1, 1), years=Decimal("3.5")
        )
        ws = sheet_of(rendering.render_roster(COLUMNS, [values, row(since="2018-01")], title="名册").content)
        assert [cell.value for cell in ws[4]] == [
            1, RARE, "34052419800101001X", "工程师", MONTH, BORN, 3.5,
        ]  # fmt: skip
        assert [cell.number_format for cell in ws[4]] == ["0", "@", "@", "@", "yyyy-mm", "yyyy-mm-dd", "0.##"]
        assert (ws["E5"].value, ws["E5"].number_format, ws["D5"].value) == ("2018-01", "@", None)

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_nothing_is_a_formula(self, payload: str) -> None:
        columns = (Column("name", payload), Column("other", "单位", group=payload), Column("n", "数", kind="int"))
        roster = rendering.render_roster(
            columns, [{"name": payload, "other": payload}], title=payload, head=[payload], foot=[payload],
            summary=[[payload, 1]],
        )  # fmt: skip
        cells = [cell for line in sheet_of(roster.content).iter_rows() for cell in line if cell.value is not None]
        texts = [cell for cell in cells if isinstance(cell.value, str) and cell.value not in ("单位", "数")]
        assert len(texts) == 8
        for cell in texts:
            assert (cell.data_type, cell.number_format) == ("s", "@")
            # The XML parser of the shell's own cells reads a bare carriage return as a line feed.
            assert cell.value.replace("\r", "\n") == payload.replace("\r", "\n")
            if payload[0] in "=+-@\t\r":
                assert cell.quotePrefix
        body = next(cell for cell in cells if cell.row == 5 and cell.column == 1)
        assert body.value == payload

    def test_control_characters_are_taken_out_and_told(self) -> None:
        rows = [row(), row(name="王\x0b五\x1f\ud800", title="\ufffe")]
        roster = rendering.render_roster(COLUMNS, rows, title="名\x0b册", foot=["a\x00"])
        ws = sheet_of(roster.content)
        assert ws["B5"].value == "王五"
        assert ws["A1"].value == "名册"
        assert roster.warnings[0] == (2, "姓名")
        assert len(roster.warnings) == 3

    def test_all_printable_characters_survive(self) -> None:
        blocks = [
            range(0x20, 0x7F),
            range(0xA0, 0x600),
            range(0x2000, 0x2600),
            range(0x3000, 0x3100),
            range(0xFF01, 0xFFEF),
        ]
        blocks += [range(0x4E00, 0x5000), range(0x20000, 0x20100), range(0x30000, 0x30100)]
        texts = ["".join(map(chr, block)) for block in blocks]
        roster = rendering.render_roster(COLUMNS, [row(name=text) for text in texts], title="字")
        assert [cell.value for cell in sheet_of(roster.content)["B"][3:]] == texts
        assert roster.warnings == ()

    def test_too_long_a_text_is_refused_not_cut(self) -> None:
        ok = "字" * 32_767
        assert sheet_of(rendering.render_roster(COLUMNS, [row(name=ok)], title="名册").content)["B4"].value == ok
        with pytest.raises(rendering.TextTooLong) as refused:
            rendering.render_roster(COLUMNS, [row(), row(name="𠮷" * 16_384)], title="名册")
        assert (refused.value.row, refused.value.column) == (2, "姓名")

    @pytest.mark.parametrize("values", [{"seq": True}, {"name": 7}, {"since": 2018}, {"born": 1.5}, {"years": 0.5}])
    def test_a_value_of_another_kind_is_refused(self, values: dict[str, Any]) -> None:
        with pytest.raises(rendering.RosterProblem):
            rendering.render_roster(COLUMNS, [row(**values)], title="名册")

    def test_columns_are_checked(self) -> None:
        with pytest.raises(ValueError, match="kind"):
            Column("a", "A", kind="float")
        with pytest.raises(ValueError, match="column"):
            rendering.render_roster([], [], title="名册")

    def test_many_rows_from_an_iterator(self) -> None:
        rows = (row(seq=i) for i in range(1, 3_001))
        roster = rendering.render_roster(COLUMNS, rows, title="名册", summary=[["合计", 3_000]])
        ws = sheet_of(roster.content)
        assert roster.rows == 3_000
        assert ws.cell(3_003, 1).value == 3_000
        assert [ws["A3005"].value, ws["B3005"].value] == ["合计", 3_000]


class TestPdf:
    def test_the_letter_says_what_it_should(self) -> None:
        pdf = rendering.render_pdf("documents/base_letter.html", letter(paragraphs=[f"申报人 {RARE}。"]))
        text = text_of(pdf)
        for words in (
            "丽人社〔2026〕7号",
            "关于召开评审会议的函",
            RARE,
            "2026 年 12 月 20 日",
            "附件：1. 评审对象资格审查花名册",
        ):
            assert words in text
        reader = pypdf.PdfReader(io.BytesIO(pdf))
        assert [round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:]] == [210, 297]
        found = {font.get_object()["/BaseFont"] for font in reader.pages[0]["/Resources"]["/Font"].values()}
        assert all("Portal-Face" in name for name in found)

    def test_tagged_pdf_a(self) -> None:
        pdf = rendering.render_pdf("documents/base_letter.html", letter(), tagged=True)
        root = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert b"pdfaid" in root["/Metadata"].get_data()

    def test_a_character_without_glyph_stops_the_paper(self) -> None:
        with pytest.raises(rendering.MissingGlyph) as refused:
            rendering.render_pdf("documents/base_letter.html", letter(signed_by=f"王{UNDRAWABLE}{UNDRAWABLE}"))
        assert refused.value.characters == [UNDRAWABLE]
        assert fonts.missing_glyphs("张三\n\u200d\ufe00" + RARE) == []

    def test_user_text_stays_text(self) -> None:
        hostile = '<img src="http://127.0.0.1/x"><link rel=attachment href="file:///etc/passwd">{{ title }}'
        text = text_of(rendering.render_pdf("documents/base_letter.html", letter(title=hostile, contact=hostile)))
        assert "file:///etc/passwd" in text.replace("\n", "")
        assert "{{ title }}" in text

    @pytest.mark.parametrize(
        "markup",
        [
            '<img src="{address}/x.png">',
            '<link rel="attachment" href="{address}/x">',
            '<link rel="stylesheet" href="{address}/x.css">',
            '<style>@import "{address}/x.css";</style>',
            '<style>@font-face {{ font-family: a; src: url({address}/x) }}</style><p style="font-family: a">a</p>',
            '<p style="background: url({address}/x)">a</p>',
            '<object data="{address}/x"></object>',
            '<embed src="{address}/x">',
            '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="{address}/x" width="9"/></svg>',
            '<ul style="list-style-image: url({address}/x)"><li>a</li></ul>',
        ],
    )
    @pytest.mark.parametrize(
        "address", ["http://127.0.0.1:{port}", "file:///etc", "", "ftp://127.0.0.1:{port}", "data:image/png,"]
    )
    def test_nothing_is_fetched(
        self, markup: str, address: str, settings: Any, tmp_path: Path, listener: tuple[int, list[str]]
    ) -> None:
        port, requests = listener
        body = markup.format(address=address.format(port=port))
        (tmp_path / "hostile.html").write_text(f'<html lang="zh-Hans"><body>{body}</body></html>', encoding="utf-8")
        settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
        with pytest.raises(rendering.UnknownSource):
            rendering.render_pdf("hostile.html", {})
        assert requests == []

    def test_pictures_are_drawn_or_the_paper_is_not_made(self, settings: Any, tmp_path: Path) -> None:
        (tmp_path / "photo.html").write_text(
            '<html lang="zh-Hans"><body><img src="asset:photo"></body></html>', encoding="utf-8"
        )
        settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
        out = io.BytesIO()
        Image.new("RGB", (358, 441), "white").save(out, "JPEG")
        pdf = rendering.render_pdf("photo.html", {}, images={"photo": out.getvalue()})
        assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].images) == 1
        with pytest.raises(rendering.PictureNotDrawn):
            rendering.render_pdf("photo.html", {}, images={"photo": out.getvalue()[:300]})
        with pytest.raises(rendering.PictureNotDrawn):
            rendering.render_pdf("photo.html", {}, images={"photo": out.getvalue(), "other": out.getvalue()})
        with pytest.raises(rendering.UnknownSource):
            rendering.render_pdf("photo.html", {})

    def test_printed_table(self) -> None:
        rows = [row(name=RARE, since=dt.date(2018, 1, 1), born=dt.date(1980, 1, 1))] * 60
        pdf = rendering.render_pdf_table(COLUMNS, rows, title="评审通过人员名单", foot=["共 60 人"], landscape=True)
        pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
        assert len(pages) > 1
        assert all("身份证号" in page.extract_text().replace("\n", "") for page in pages)
        assert pages[0].mediabox.width > pages[0].mediabox.height
        with pytest.raises(ValueError, match="500"):
            rendering.render_pdf_table(COLUMNS, [row()] * 501, title="长")


@pytest.fixture
def listener() -> Any:
    """A server on a free port that writes down every request."""
    requests: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Nothing on the console."""

    server = HTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server.server_port, requests
    server.shutdown()
    server.server_close()
    thread.join()
