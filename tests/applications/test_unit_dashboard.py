"""One page tells the unit: so many people, these stop you, why, and what you do next; any number costs the same."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Declaration
from applications.rules import unit_overview
from appraisal_portal.accounts.models import Membership, PostStructure
from appraisal_portal.home.story import declare
from appraisal_portal.home.story import unit as story
from appraisal_portal.kernel import pictures
from tests.factories.unit_stage import MONDAY, PUBLICITY_OVER, a_stage, handed_in
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_stage)]


@pytest.fixture
def stage(clock: Any, settings: Any) -> Any:
    settings.PORTAL_READY_PAGES = False
    made = a_stage()
    clock(MONDAY)
    return made


def dashboard(user: Any, language: str = "zh-hans") -> tuple[str, int]:
    """The page and how many queries it took, sessions and roles included."""
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("applications:unit-dashboard")).content.decode()
    return page, len(queries)


def fresh(declaration: Declaration) -> Declaration:
    return Declaration.objects.get(pk=declaration.pk)


def rows(page: str, caption: str) -> list[list[str]]:
    """(applicant, what stops it, next act) of a table."""
    found = re.search(rf"<caption[^>]*>{caption}</caption>.*?</table>", page, re.DOTALL)
    lines = re.findall(r"<tr>(.*?)</tr>", found.group().partition("<tbody>")[2], re.DOTALL) if found else []
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL)[:3] for line in lines]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in line] for line in cells]


def test_each_person_with_the_reason_and_the_next_act(stage: Any, clock: Any) -> None:
    new, verified, objected, upheld, waiting = [handed_in(*stage, seed) for seed in range(31, 36)]
    for declaration in (verified, objected, upheld, waiting):
        story.verify(declaration)
    story.publicise([objected, upheld, waiting])
    story.object_in_unit(fresh(objected))
    story.settle_objection(story.object_in_unit(fresh(upheld)), upheld=True)
    clerk, head = story.clerk_of(new), story.head_of(new)
    page, _queries = dashboard(clerk)
    assert "2026 年有 5 人通过您的单位申报。" in page
    assert "其中 3 人现在等您处理" in page
    assert sorted(rows(page, "等您处理的申报")) == sorted(
        [
            [new.applicant.name, "尚未核实", "请逐项核对，再核实签名"],
            [verified.applicant.name, "已核实，尚未公示", "在单位内公示"],
            [objected.applicant.name, "正在核查异议", "登记异议核查结论"],
        ]
    )
    others = rows(page, "等其他人处理的申报")
    assert [upheld.applicant.name, "异议经核查成立", "单位负责人：不予推荐，并写明理由"] in others
    assert [waiting.applicant.name, "公示正在进行", "等待公示期满"] in others
    clock(PUBLICITY_OVER)
    story.seal(fresh(waiting))
    page, _queries = dashboard(head)
    assert [waiting.applicant.name, "尚未推荐", "推荐，或者写明理由不予推荐"] in rows(page, "等您处理的申报")


def test_a_missing_seal_post_information_or_post_is_named_as_what_stops_the_reader(
    stage: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [handed_in(*stage, seed) for seed in (51, 52)]
    for declaration in people:
        story.verify(declaration)
    story.publicise(people)
    clock(PUBLICITY_OVER)
    first, clerk, head = people[0], story.clerk_of(people[0]), story.head_of(people[0])
    stops = [first.applicant.name, "承诺书（2-9）尚未盖章", "打印 2-9，盖章后上传扫描件"]
    assert stops in rows(dashboard(clerk)[0], "等您处理的申报")
    stops[2] = f"单位经办人：{stops[2]}"  # who acts, where it is somebody else
    assert stops in rows(dashboard(head)[0], "等其他人处理的申报")
    for declaration in people:
        story.seal(fresh(declaration))
    level = PostStructure.objects.filter(unit=first.unit_id, level="intermediate")
    with monkeypatch.context() as patched:
        patched.setattr(unit_overview, "informed", lambda unit, year: False)  # a sheet once published stays
        step = unit_overview.next_step(
            fresh(first), PUBLICITY_OVER, unit_overview.Readiness(first.unit, PUBLICITY_OVER)
        )
    assert (step.role, step.why) == ("unit_clerk", "今年的岗位信息尚未公布")
    level.update(used=F("approved"))
    stops = [first.applicant.name, "这一级别没有空缺岗位", "等有空缺岗位，或者写明理由不予推荐"]
    page, queries = dashboard(head)
    assert stops in rows(page, "等您处理的申报")
    assert queries <= 12
    client = Client()
    client.force_login(head)
    assert "等有空缺岗位" in client.get(reverse("applications:unit-list")).content.decode()
    assert "等有空缺岗位" in client.get(reverse("applications:unit-declaration", args=[first.pk])).content.decode()
    level.update(valid_from=PUBLICITY_OVER + dt.timedelta(days=30))
    stops = [first.applicant.name, "没有录入这一级别的岗位结构", "由市或县（市、区）人力社保局录入岗位结构"]
    assert stops in rows(dashboard(head)[0], "等其他人处理的申报")


def test_a_unit_without_a_head_is_told_so(stage: Any) -> None:
    """A case that waits for a role nobody holds waits for ever."""
    declaration = handed_in(*stage, 71)
    clerk, head = story.clerk_of(declaration), story.head_of(declaration)
    assert "本单位还没有单位负责人" not in dashboard(clerk)[0]
    head.memberships.filter(organisation=declaration.unit).update(ends_on=MONDAY - dt.timedelta(days=1))
    page, queries = dashboard(clerk)
    assert "本单位还没有单位负责人" in page
    assert "请另一人注册自己的账号，再由市人力社保局授予角色" in page
    assert "本单位还没有单位经办人" not in page
    assert queries <= 12


def test_a_talent_agency_is_not_called_a_unit(stage: Any) -> None:
    city, cycle = stage
    declaration = declare.submit(declare.draft(city, cycle, 61, unit=city.agency, line=cycle.line("forestry")))
    client = Client()
    client.force_login(city.user("unit_clerk", city.agency))
    page = client.get(reverse("applications:unit-dashboard")).content.decode()
    assert "机构核实中" in page
    assert "机构公示</a>" in page
    for words in ("单位核实中", "单位公示</a>", "岗位结构</a>", "岗位聘任</a>"):
        assert words not in page
    client.force_login(declaration.applicant.user)
    assert "机构核实中" in client.get(reverse("applications:my-list")).content.decode()


def test_the_sentence_counts_in_both_languages(stage: Any) -> None:
    first = handed_in(*stage, 36)
    clerk = story.clerk_of(first)
    assert "1 of them is waiting for you now." in dashboard(clerk, "en")[0]
    handed_in(*stage, 37)
    page, _queries = dashboard(clerk, "en")
    assert "2 people declare through your unit" in page
    assert "2 of them are waiting for you now." in page


def test_the_list_of_publicity_begins_with_the_one_started_last(stage: Any, clock: Any) -> None:
    first, second = handed_in(*stage, 38), handed_in(*stage, 39)
    for declaration in (first, second):
        story.verify(declaration)
    later = MONDAY + dt.timedelta(days=1)
    clock(later)
    story.publicise([first])
    clock(MONDAY)  # entered afterwards, begun before
    story.publicise([second])
    client = Client()
    client.force_login(story.clerk_of(first))
    page = client.get(reverse("applications:unitpublicity-list"))
    assert [row.starts_on for row in page.context["object_list"]] == [later, MONDAY]


@pytest.mark.parametrize(
    ("approved", "parts", "mark"),
    [
        (10, ((0, 68), (68, 34), (102, 17)), 0),  # four, two and one of ten
        (7, ((0, 97), (97, 49), (146, 24)), 0),  # exactly full
        (6, ((0, 97), (97, 49), (146, 24)), 146),  # one more than there are posts
    ],
)
def test_the_bar_of_posts_shows_appointed_recommended_and_waiting(
    approved: int, parts: tuple[tuple[int, int], ...], mark: int
) -> None:
    bar = pictures.post_bar(approved, 4, 2, 1)
    others = ((bar[f"{part}_x"], bar[f"{part}_width"]) for part in ("recommended", "waiting"))
    assert ((0, bar["taken_width"]), *others) == parts
    assert bar["mark"] == mark


def test_the_dashboard_draws_all_three(stage: Any, clock: Any) -> None:
    waiting, recommended = handed_in(*stage, 47), handed_in(*stage, 48)
    story.verify(recommended)
    story.publicise([recommended])
    clock(PUBLICITY_OVER)
    story.recommend(fresh(recommended))
    page, _queries = dashboard(story.clerk_of(waiting))
    drawn = page.partition("<dt>中级岗位</dt>")[2].partition("</svg>")[0]
    widths = dict(re.findall(r'class="bar-(done|ok|grey)"[^>]*? width="(\d+)"', drawn))
    assert widths.keys() == {"done", "ok", "grey"}
    assert all(int(width) > 0 for width in widths.values())
    assert "已推荐 1 个" in page
    assert "待推荐 1 人" in page
    assert "已聘（蓝色）、已推荐（绿色）、待推荐（灰色细条）" in page


def test_what_was_sent_back_says_so_and_waits_for_a_post_again(stage: Any, clock: Any) -> None:
    """Not “not verified yet”; the unit reads why."""
    row = handed_in(*stage, 49)
    story.verify(row)
    story.publicise([row])
    clock(PUBLICITY_OVER)
    story.recommend(fresh(row))
    officer = Membership.objects.filter(organisation=row.committee.office, role="office_clerk").first()
    assert officer
    acting = officer.user.act_as(officer)
    if row.unit.forwarder_id:
        story.forward(fresh(row))
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(acting)
    path = reverse("applications:office-sendback", args=[row.pk])
    assert "所在单位会看到。" in client.get(path).content.decode()
    assert client.post(path, {"reason": "意见没有写明业绩。"}).status_code == 302
    clerk = story.clerk_of(row)
    page, _queries = dashboard(clerk)
    assert ["已被退回，理由见该申报页面", "请逐项核对，再核实签名"] in [
        line[1:] for line in rows(page, "等您处理的申报")
    ]
    bar = page.partition("<dt>中级岗位</dt>")[2].partition("</dd>")[0]
    assert "已推荐 0 个" in bar
    assert "待推荐 1 人" in bar
    client.force_login(clerk)
    assert "意见没有写明业绩。" in client.get(reverse("applications:unit-declaration", args=[row.pk])).content.decode()


def test_any_number_of_people_costs_the_same(stage: Any) -> None:
    first = handed_in(*stage, 41)
    clerk = story.clerk_of(first)
    dashboard(clerk)  # what is remembered per process is asked once
    _page, few = dashboard(clerk)
    more = [handed_in(*stage, seed) for seed in range(42, 45)]
    for declaration in more[:2]:
        story.verify(declaration)
    story.publicise([more[0]])
    story.object_in_unit(fresh(more[0]))
    _page, many = dashboard(clerk)
    for seed in (45, 46):
        handed_in(*stage, seed)
    _page, again = dashboard(clerk)
    assert again == many
    assert few <= many <= 12
