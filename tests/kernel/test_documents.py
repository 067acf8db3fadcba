"""The register of papers: made once from one content, stored with hashes, superseded and never made again."""

import dataclasses
import datetime as dt
import io
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pypdf
import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.test.utils import isolate_apps

from appraisal_portal.kernel import approvals, documents, files, references, rendering
from appraisal_portal.kernel.access import SIGNED_IN, SYSTEM
from appraisal_portal.kernel.models import NumberSeries, StoredDocument
from appraisal_portal.kernel.rendering import Column
from appraisal_portal.kernel.workflow import Blocked

pytestmark = pytest.mark.django_db

with isolate_apps("appraisal_portal.kernel"):

    class Case(models.Model):
        """A subject with papers, as each stage has one."""

        name = models.CharField(max_length=50)

        class Meta:
            app_label = "kernel"

        def __str__(self) -> str:
            return self.name

    class CasePaper(models.Model):
        """Its paper row."""

        subject = models.ForeignKey(Case, models.PROTECT, related_name="papers")
        code = models.CharField(max_length=40)
        version = models.PositiveIntegerField(default=1)
        document = models.ForeignKey(StoredDocument, models.PROTECT, related_name="+")

        class Meta:
            app_label = "kernel"
            constraints = [models.UniqueConstraint(fields=["subject", "code", "version"], name="case_paper_once")]

        def __str__(self) -> str:
            return self.code


@dataclasses.dataclass(frozen=True)
class LetterContent:
    title: str
    signed_by: str
    dated: str


LETTER = documents.DocumentType(
    code="t-1",
    title="测试申请函",
    paper="A4",
    kind="pdf",
    template="documents/base_letter.html",
    content=lambda case: LetterContent(
        f"关于{case.name}的函", "测试办公室", rendering.chinese_date(dt.date(2026, 12, 20))
    ),
    readers=SIGNED_IN,
    number_series=documents.NumberRule(
        "test-letters", lambda _case: "2026", lambda period, n: references.document_number("丽测", period, n)
    ),
    basis="test",
)
ROSTER = documents.DocumentType(
    code="t-2",
    title="测试花名册",
    paper="A3 landscape",
    kind="xlsx",
    columns=[Column("name", "姓名"), Column("years", "年限", kind="decimal"), Column("born", "出生", kind="date")],
    content=lambda case: {
        "rows": ({"name": case.name, "years": Decimal("1.5"), "born": dt.date(1980, 1, 1)} for _ in range(2)),
        "head": ["填报人："],
        "summary": [["合计", 2]],
    },
    readers=SIGNED_IN,
)
PHOTOS = documents.DocumentType(
    code="t-3",
    title="测试照片",
    paper="",
    kind="zip",
    members=lambda case: [("001.jpg", case.name.encode()), ("002.jpg", b"2")],
    content=lambda case: {"count": 2},
    readers=SIGNED_IN,
)


@pytest.fixture(autouse=True)
def register(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "registry", {row.code: row for row in (LETTER, ROSTER, PHOTOS)})


@pytest.fixture
def case() -> Any:
    with connection.schema_editor() as editor:
        editor.create_model(Case)
        editor.create_model(CasePaper)
    return Case.objects.create(name="买买提·阿不都拉")


@pytest.fixture
def clerk() -> Any:
    return get_user_model().objects.create(username="clerk")


def test_a_letter_is_numbered_and_stored_with_its_content(case: Any, clerk: Any) -> None:
    document = documents.make("t-1", case, actor=clerk)
    document.refresh_from_db()
    assert (document.number, document.kind, document.made_by) == ("丽测〔2026〕1号", "pdf", clerk)
    assert document.title == "关于买买提·阿不都拉的函"
    assert document.snapshot["number"] == document.number
    assert document.snapshot_sha256 == approvals.content_sha256(document.snapshot)
    data = files.open_stored(document)
    assert len(data) == document.size
    text = pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text()
    assert "买买提·阿不都拉" in text
    assert "丽测〔2026〕1号" in text
    assert documents.make("t-1", case, actor=SYSTEM).number == "丽测〔2026〕2号"


def test_a_roster(case: Any, clerk: Any) -> None:
    document = documents.make("t-2", case, actor=clerk)
    sheet = openpyxl.load_workbook(io.BytesIO(files.open_stored(document))).active
    assert sheet.page_setup.paperSize == rendering.xlsx.A3
    assert [cell.value for cell in sheet[4]][:2] == [case.name, 1.5]
    assert document.snapshot["rows"][1] == {"name": case.name, "years": "1.5", "born": "1980-01-01"}
    assert document.number is None
    assert documents.cleaned(document) == []
    case.name = "王\x0b五"
    assert documents.cleaned(documents.make("t-2", case, actor=clerk))[1].startswith("Row 2, column 姓名")


def test_an_archive(case: Any, clerk: Any) -> None:
    first, second = (documents.make("t-3", case, actor=clerk) for _ in range(2))
    assert first.sha256 == second.sha256  # the same content is the same file
    with zipfile.ZipFile(io.BytesIO(files.open_stored(first))) as package:
        assert package.namelist() == ["001.jpg", "002.jpg"]
        assert package.read("001.jpg").decode() == case.name
    assert set(first.snapshot["members"]) == {"001.jpg", "002.jpg"}


def test_versions_are_superseded_not_replaced(case: Any, clerk: Any) -> None:
    assert documents.current(case, "t-1") is None
    assert [str(p) for p in documents.missing_papers(case, ["t-1"])] == [
        "The paper t-1 测试申请函 has not been made yet."
    ]
    first = documents.issue("t-1", case, actor=clerk)
    before = files.open_stored(first)
    case.name = "李四"
    second = documents.issue("t-1", case, actor=clerk)
    first.refresh_from_db()
    assert first.superseded_by == second
    assert documents.current(case, "t-1") == second
    assert [paper.version for paper in case.papers.order_by("version")] == [1, 2]
    assert (second.version, second.snapshot["version"]) == (2, "2")
    assert files.open_stored(first) == before
    assert list(documents.missing_papers(case, ["t-1"])) == []


def test_what_was_made_cannot_be_changed(case: Any, clerk: Any) -> None:
    document = documents.issue("t-2", case, actor=clerk)
    for change in ({"sha256": "0" * 64}, {"title": "x"}, {"number": "1"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            StoredDocument.objects.filter(pk=document.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        StoredDocument.objects.filter(pk=document.pk)._raw_delete("default")


def test_a_name_without_glyph_stops_the_paper_and_uses_no_number(case: Any, clerk: Any) -> None:
    case.name = "王\U0002a6d6"
    with pytest.raises(Blocked) as refused:
        documents.issue("t-1", case, actor=clerk)
    assert isinstance(refused.value, rendering.RenderingRefused)
    assert isinstance(refused.value.__cause__, rendering.MissingGlyph)
    [problem] = refused.value.problems
    assert str(problem).startswith("测试申请函: ")
    assert "U+2A6D6" in documents.why_not_made(refused.value)
    assert not StoredDocument.objects.exists()
    assert not NumberSeries.objects.exists()
    assert not [path for path in files.root().rglob("*") if path.is_file()]


def test_reasons_in_words() -> None:
    words = documents.why_not_made(rendering.TextTooLong(3, "姓名", "40000 characters"))
    assert words.startswith("Row 3, column 姓名")
    assert "documents/x" in documents.why_not_made(files.DamagedFile("documents/x"))
    assert "photo" in documents.why_not_made(rendering.PictureNotDrawn("photo"))
    assert "could not be made" in documents.why_not_made(rendering.UnknownSource("file:///x"))


def test_a_sealed_scan_is_a_paper_too(clerk: Any) -> None:
    document = documents.store("2-9", "真实性保证书", "pdf", b"%PDF-", {"sealed": True}, actor=clerk)
    assert files.open_stored(document) == b"%PDF-"


def test_the_register_refuses_mistakes() -> None:
    with pytest.raises(ValueError, match="twice"):
        documents.register(dataclasses.replace(LETTER, title="另一个"))
    assert documents.register(LETTER) is LETTER
    with pytest.raises(ValueError, match="unknown kind"):
        dataclasses.replace(LETTER, kind="doc")
    with pytest.raises(ValueError, match="needs its template"):
        dataclasses.replace(LETTER, template="")
    twice = dataclasses.replace(PHOTOS, members=lambda _case: [("a.jpg", b"1"), ("a.jpg", b"2")])
    with pytest.raises(ValueError, match="twice"):
        documents._write_zip(io.BytesIO(), twice, None, {})


def test_the_register_as_a_table() -> None:
    out = io.StringIO()
    call_command("list_documents", stdout=out)
    assert "| t-1 | 测试申请函 | pdf | A4 | test-letters |" in out.getvalue()
