"""The pool of experts: a roster is taken whole or not at all, terms of three years, nobody but the office writes."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel.models import Reveal
from appraisal_portal.kernel.workflow import Blocked
from committees.plans.models import Committee
from committees.reviews.models import Expert, ExpertImport
from committees.reviews.services import experts
from tests.factories.reviews import MONDAY, a_line
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_line)]
HEAD = [column.heading for column in experts.COLUMNS]
GOOD = ["张三", "丽水市第一林场", "高级工程师", "森林培育", "05782091234", "", "2025-01-01", "2027-12-31"]


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in (HEAD, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def office(clock: Callable[[dt.date], Any]) -> tuple[Client, Any, Committee]:
    clock(MONDAY)
    _city, _cycle, line = a_line()
    clerk = holder("office_clerk", line.committee.office)
    client = Client()
    client.force_login(clerk)
    return client, clerk, line.committee


def upload(client: Client, committee: Committee, data: bytes) -> Any:
    file = SimpleUploadedFile("专家.xlsx", data)
    return client.post(reverse("reviews:expert-import-new"), {"committee": committee.pk, "file": file})


def test_a_roster_is_looked_through_and_then_taken_once(office: tuple[Client, Any, Committee]) -> None:
    client, _clerk, committee = office
    juror = next(iter(experts.jurors_of(committee)))
    answer = upload(client, committee, workbook(GOOD, ["李四", *GOOD[1:5], juror, *GOOD[6:]]))
    kept = ExpertImport.objects.get()
    assert answer.url == reverse("reviews:expert-import", args=[kept.pk])
    assert not Expert.objects.exists(), "nothing before the confirmation"
    assert "新增 2" in client.get(answer.url).content.decode()
    for words in ("新增 2 人", "此名册已经导入"):
        assert words in client.post(answer.url, follow=True).content.decode()
    four = Expert.objects.get(name="李四")
    assert (four.account.username, four.term_until) == (juror, dt.date(2027, 12, 31))
    page = client.get(reverse("reviews:expert-list")).content.decode()
    assert "李四" in page
    assert "无，不能抽取" in page


def test_one_fault_and_nothing_is_imported(office: tuple[Client, Any, Committee]) -> None:
    client, _clerk, committee = office
    rows = [
        GOOD, ["李四", *GOOD[1:7], "2028-01-01"], ["王五", *GOOD[1:5], "nobody", *GOOD[6:]], GOOD,
        ["赵六", *GOOD[1:4], 5782091234, *GOOD[5:]],
    ]  # fmt: skip
    first = upload(client, committee, workbook(*rows))
    assert first.status_code == 422
    assert "第 6 行 E 列：此处是数字" in first.content.decode(), "the table's own faults first"
    second = upload(client, committee, workbook(*rows[:4])).content.decode()
    for words in (
        "第 3 行 H 列：聘期最长 3 年",
        "第 4 行 F 列：不是本办公室评委的账号",
        "第 5 行 A 列：前面的行中已有相同内容",
    ):
        assert words in second
    assert not ExpertImport.objects.exists()
    assert "这不是 Excel 工作簿" in upload(client, committee, b"name").content.decode()


def test_what_is_exported_can_be_read_back(office: tuple[Client, Any, Committee]) -> None:
    """Formulas stay words, leading zeros stay, the download is remembered."""
    client, clerk, committee = office
    table = experts.read_roster(committee, workbook(GOOD))
    experts.take(experts.keep(committee, table, actor=clerk), actor=clerk)
    Expert.objects.update(held_title="=1+1")
    data = client.get(reverse("reviews:expert-export")).content
    cells = [cell for row in load_workbook(io.BytesIO(data)).active.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert Reveal.objects.get(reason="expert pool").count == 1
    again = experts.read_roster(committee, data)
    assert again.faults == []
    assert [row["phone"] for _n, row in again.rows] == ["05782091234"]
    kept = experts.keep(committee, again, actor=clerk)
    assert [effect for _row, effect in experts.compared(kept)] == ["same"]
    empty = client.get(reverse("reviews:expert-export"), {"empty": 1}).content
    assert "表头下没有内容" in str(experts.read_roster(committee, empty).faults[0])


def test_the_second_roster_changes_what_it_names(office: tuple[Client, Any, Committee]) -> None:
    _client, clerk, committee = office
    for specialty, expected in (("森林培育", {"new": 1}), ("园林", {"changed": 1})):
        table = experts.read_roster(committee, workbook([*GOOD[:3], specialty, *GOOD[4:]]))
        assert experts.take(experts.keep(committee, table, actor=clerk), actor=clerk) == expected
    assert Expert.objects.get().specialty == "园林"


def test_terms_and_doubles_are_said_at_their_field(office: tuple[Client, Any, Committee]) -> None:
    client, clerk, committee = office
    fields = {
        "committee": committee.pk, "name": "张三", "unit": "一林场", "specialty": "园林",
        "term_from": "2024-02-29", "term_until": "2027-03-01",
    }  # fmt: skip
    answer = client.post(reverse("reviews:expert-new"), fields)
    assert answer.status_code == 422
    assert "聘期最长 3 年" in answer.content.decode()
    assert client.post(reverse("reviews:expert-new"), fields | {"term_until": "2027-02-28"}).status_code == 302
    expert = Expert.objects.get()
    assert expert.entered_by == clerk
    answer = client.post(reverse("reviews:expert-new"), fields | {"term_until": "2025-01-01"})
    assert "该单位的此人已在专家库中" in answer.content.decode()
    expert.term_until = dt.date(2020, 1, 1)
    with pytest.raises(Blocked):
        experts.save(expert, actor=clerk)


def test_the_list_is_narrowed(office: tuple[Client, Any, Committee]) -> None:
    client, clerk, committee = office
    rows = [["张三", *GOOD[1:]], ["李四", *GOOD[1:3], "园林", *GOOD[4:6], "2022-01-01", "2024-12-31"]]
    experts.take(experts.keep(committee, experts.read_roster(committee, workbook(*rows)), actor=clerk), actor=clerk)
    url = reverse("reviews:expert-list")
    for asked, there, gone in (
        ({"q": "张"}, "张三", "李四"), ({"specialty": "园林"}, "李四", "张三"), ({"term": "now"}, "张三", "李四"),
        ({"term": "over"}, "李四", "张三"), ({"account": "without", "q": "李四"}, "李四", "张三"),
    ):  # fmt: skip
        page = client.get(url, asked).content.decode()
        assert there in page, asked
        assert gone not in page, asked
    assert client.get(url, {"specialty": "无此专业", "q": "\0"}).status_code == 200


def test_another_office_sees_nothing_of_the_pool(office: tuple[Client, Any, Committee]) -> None:
    client, clerk, committee = office
    upload(client, committee, workbook(GOOD))
    kept = ExpertImport.objects.get()
    experts.take(kept, actor=clerk)
    other = committee.office
    other.pk, other._state.adding, other.name = None, True, "别处办公室"
    other.save()
    membership = clerk.memberships.get(role="office_clerk")
    membership.organisation = other
    membership.save()
    assert "张三" not in client.get(reverse("reviews:expert-list")).content.decode()
    for name in ("expert-change", "expert-import"):
        pk = Expert.objects.get().pk if name == "expert-change" else kept.pk
        assert client.get(reverse(f"reviews:{name}", args=[pk])).status_code == 404
