"""A decision over something that changed since its page was opened is refused and shows the change, for every kind."""

import copy
import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.utils import translation

from appraisal_portal.accounts.models import Organisation
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.approvals import (
    COMPARING,
    SHOWN_FOR,
    TwoPerson,
    canonical,
    content_sha256,
    forget_shown,
    same_content,
    write_proposal,
)
from appraisal_portal.kernel.models import ShownContent
from appraisal_portal.kernel.workflow import Act, Workflow
from committees.reviews.models import MeetingSnapshot
from tests.matrix.world import World

CHANGED = "您打开页面后，内容有了变化，请看过变更再作决定。变更内容："
DAY = dt.date(2026, 12, 1)
CHANGES: dict[str, tuple[str, Any, str]] = {
    "accounts.UnitSeal": ("unit", Organisation(name="改"), "单位："),
    "applications.Extension": ("until", DAY, "延期至：2026-10-30 → 2026-12-01"),
    "applications.Lifting": ("minutes", "改", "笔录：本人到场陈述，出示判决书原件。 → 改"),
    "applications.Sanction": ("evidence", "改", "证据：验收单位的复函；档案馆检索报告。 → 改"),
    "autonomous.AutonomousPlan": ("due_on", DAY, "方案报送截止日：2026-10-31 → 2026-12-01"),
    "autonomous.Delegation": ("document", "改", "文件文号：丽人社〔2026〕31号 → 改"),
    "autonomous.FiledBatch": ("rows", "农学", "人员 › 彭𠮷娜：讲师 · 计算机科学与技术 · 2026-07-15 · 文件"),
    "certificates.Appointment": ("starts_on", DAY, "聘任起始日期：2026-07-15 → 2026-12-01"),
    "certificates.Claim": ("exam_number", "改", "考试证书编号：33120260400006000 → 改"),
    "certificates.Correction": ("evidence", "改", "证据：单位更名的批复 → 改"),
    "certificates.IssueBatch": ("first", None, "申报材料 › 2026-0001：已删去"),
    "certificates.IssueDocument": ("title", "改", "标题：关于公布专业技术职务任职资格的通知 → 改"),
    "certificates.Revocation": ("evidence", "改", "证据：经核实，申报时提交的主要业绩证明系伪造。 → 改"),
    "certificates.Seal": ("label", "改", "印章名称：职称证书专用章 → 改"),
    "plans.CommitteeTerm": ("approval_document", "改", "组建批准文件：丽人社〔2026〕组建备案 → 改"),
    "plans.Notice": ("body", "改", "正文：各县（市、区）人力资源和社会保障局，市直有关单位："),
    "plans.ReviewPlan": ("lines", 9, "计划项目 › 109 · 副高级 · 向省推荐 › 评审结果公示（工作日）：5 → 9"),
    "plans.StandardVersion": ("effective_from", DAY, "生效日期：2026-03-02 → 2026-12-01"),
    "reviews.Determination": ("reference", "改", "文号：丽人社认〔2026〕1号 → 改"),
    "reviews.EntrustmentLetter": ("addressee", "改", "受委托单位：省高评委 → 改"),
    "reviews.ExternalResult": ("reference", "改", "文件文号：浙高评〔2026〕6号 → 改"),
    "reviews.Meeting": ("place", "改", "地点：丽水市行政中心第三会议室 → 改"),
    "reviews.Objection": ("reply", "改", "给异议人的书面答复：— → 改"),
    "reviews.ResultReport": ("items", "改", "审核意见 › 2026-0001：批准 → 批准 · 改"),
    "supervision.SupervisionCheck": ("answer", "改", "整改情况：— → 改"),
}
"""Of each kind that two people decide on: what is changed, and how the refusal begins to tell it."""
KINDS = sorted(model._meta.label for model in apps.get_models() if issubclass(model, TwoPerson))


def change(row: Any, name: str, value: Any) -> None:
    """Change the row's own value in memory, or the first of its rows."""
    if name == "rows":
        row.rows.update(specialty=value)
    elif name == "lines":
        row.lines.filter(pk=row.lines.order_by("pk")[0].pk).update(result_publicity_days=value)
    elif name == "first":
        row.items.order_by("pk")[0].delete()
    elif name == "items":
        row.items.filter(pk=row.items.order_by("pk")[0].pk).update(reason=value)
    else:
        setattr(row, name, value)


def said(row: Any, seen: str, actor: Any) -> list[str]:
    """What the guard of the second person answers to a page that showed ``seen``."""
    act = Act(actor, None, "", {"content_hash": seen})  # type: ignore[arg-type]
    with translation.override("zh-hans"):
        return [str(problem) for problem in same_content(row, act)]


@pytest.mark.parametrize("label", KINDS)
def test_sent_back_changed_and_proposed_again_is_refused_and_shows_the_change(world: World, label: str) -> None:
    row, (name, value, told) = copy.copy(world.tables[label]), CHANGES[label]
    reviewer, approver = world.people["bureau_reviewer"], world.people["bureau_approver"]
    opened = row.show()
    change(row, name, value)
    write_proposal(row, Act(reviewer, None))  # type: ignore[arg-type]
    (only,) = said(row, opened, approver)
    assert only.startswith(CHANGED + told), only
    assert not said(row, row.content_hash(), approver)
    assert said(row, "0" * 64, approver) == ["您打开页面后，内容有了变化。请重新看过再作决定。"], "no page showed it"


@pytest.mark.parametrize("label", KINDS)
def test_whoever_decides_is_asked_what_the_page_showed(label: str) -> None:
    rows = Workflow.registry[label].transitions.values()
    assert any(guard in COMPARING for row in rows for guard in row.guards if row.has_page)


def test_cells_of_a_person_are_named_one_by_one_and_numbers_masked(world: World) -> None:
    row = world.tables["certificates.IssueDocument"]
    now = canonical(row.decision_content())
    before = copy.deepcopy(now)
    person = before["people"][0][1]
    person |= {"id_number": "331124199003070013", "phone": "13800000013", "level": "senior", "employer": "莲都区林场"}
    with translation.override("zh-hans"):
        found = {change.path: (change.before, change.after) for change in row.between(before, now)}
    assert found == {
        "人员 › 2026-0001 › 身份证件号码": ("331124********0013", "332525********0024"),
        "人员 › 2026-0001 › 电话": ("138****0013", "199****1000"),
        "人员 › 2026-0001 › 级别": ("正高级", "中级"),
        "人员 › 2026-0001 › 所在单位": ("莲都区林场", "丽水市农业科学研究院"),
    }


def test_of_a_long_text_the_sentence_shows_where_it_changed(world: World) -> None:
    row = copy.copy(world.tables["plans.Notice"])
    opened = row.show()
    row.body = row.body.replace("10月28日，逾期不予受理", "11月2日，逾期不予受理")
    write_proposal(row, Act(world.people["bureau_reviewer"], None))  # type: ignore[arg-type]
    (only,) = said(row, opened, world.people["bureau_approver"])
    around = "…年3月2日至2026年{day}，逾期不予受理。\n二、…"
    assert only == f"{CHANGED}正文：{around.format(day='10月28日')} → {around.format(day='11月2日')}"


def test_data_the_report_names_by_a_hash_are_read_out(world: World) -> None:
    row = world.tables["reviews.ResultReport"]
    opened = row.show()
    item = row.items.order_by("seq")[0]
    type(item).objects.filter(pk=item.pk).update(data_3_6={**item.data_3_6, "specialty": "竹林培育"})
    row.content_sha256 = "a" * 64
    (only,) = [text for text in said(row, opened, world.people["bureau_approver"]) if text.startswith(CHANGED)]
    assert "人员 › 2026-0001 › 专业：林业工程 → 竹林培育" in only


def test_a_roster_under_another_hash_is_read_line_by_line(world: World) -> None:
    row = world.tables["reviews.Meeting"]
    before = canonical(row.decision_content())
    content = copy.deepcopy(row.current_snapshot.content)
    gone, other = content["roster"].pop(0), content["roster"][0]
    employer, other["employer"] = other["employer"], "莲都区林场"
    MeetingSnapshot.objects.create(meeting=row, version=9, content=content, sha256=content_sha256(content))
    with translation.override("zh-hans"):
        told = [str(change) for change in row.between(before, row.decision_content(), world.people["bureau_approver"])]
    assert told[:2] == [
        f"3-2 › {gone['name']}（{gone['number']}）：已列入 → 未列入",
        f"3-2 › {other['name']}（{other['number']}） › 工作单位：{employer} → 莲都区林场",
    ]


def test_what_a_page_showed_is_forgotten_when_no_page_can_be_open(world: World) -> None:
    row = world.tables["plans.Notice"]
    shown = ShownContent.objects.filter(table_name="plans_notice", row_id=row.pk)
    row.show()
    row.show()
    assert shown.count() == 1
    assert forget_shown() == 0
    shown.update(shown_at=clock.now() - SHOWN_FOR - dt.timedelta(minutes=1))
    assert forget_shown() == 1
    assert not shown.exists()
