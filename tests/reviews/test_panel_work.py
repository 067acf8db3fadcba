"""What a panel leaves behind: score sheets by the standard, the defence, the opinion before the ballot (P14)."""

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse

from appraisal_portal.home.story import meeting as story
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, WrongState
from committees.plans.models import StandardVersion
from committees.plans.scoring import row_of
from committees.reviews.documents.meeting import minutes
from committees.reviews.documents.outcome import facts_of
from committees.reviews.models import DefenceAttendance, Meeting, PanelOpinion, Recusal, Score, ScoreSheet
from committees.reviews.rules import panel_work as rules
from committees.reviews.services import conflicts, panel_work
from committees.reviews.workflow.panel_work import PANEL_OPINION, SCORE_SHEET
from tests.factories.reviews import MEETING_DAY, MONDAY, a_divided_meeting
from tests.reviews.test_conflicts import admission, logged_in
from tests.reviews.test_panels import anonymous
from tests.stage import begins_with

SHEET = [
    {
        "code": "g1", "text": "业绩", "max": "60",
        "rows": [
            {"code": "papers", "text": "论文", "counted": "count", "each": "2.5", "unit": "篇", "max": "10"},
            {"code": "projects", "text": "项目", "counted": "points", "max": "50"},
        ],
    },
    {
        "code": "g2", "text": "荣誉", "max": "40",
        "rows": [{"code": "award", "text": "获奖", "counted": "yes_no", "max": "40"}],
    },
]  # fmt: skip
WORK = pytest.mark.django_db
pytestmark = begins_with(a_divided_meeting, on=MONDAY, method="scored")


@pytest.fixture
def panel(clock: Any) -> tuple[Meeting, Any, list[Any]]:
    """In session: (meeting, first case, the three jurors of its panel, head first); nobody has a conflict."""
    clock(MONDAY)
    meeting, (case, second, _third), voters = a_divided_meeting(method="scored")
    StandardVersion.objects.filter(pk=case.standard_version_id).update(self_scoring=SHEET)
    for part in voters[:3]:
        for row in (case, second):
            conflicts.declare(part, admission(meeting, row).pk, conflict=False)
    clock(MEETING_DAY)
    story.open_meeting(meeting)
    parts = [meeting.attendees.select_related("user", "member", "meeting").get(pk=part.pk) for part in voters[:3]]
    for part in parts:
        part.user = story.juror(part.member)
    return meeting, meeting.admissions.get(declaration=case), parts


def entries(projects: str, award: str = "1") -> dict[str, str]:
    return {"papers": "3", "projects": projects, "award": award}


def hand_in(part: Any, case: Any, projects: str) -> ScoreSheet:
    return panel_work.score(part, case, entries(projects), actor=part.user, hand_in=True)


def test_averages_are_exact() -> None:
    """Fractions, not floats; highest and lowest are left out by the setting, and only while three remain."""
    totals = [Decimal("80.1"), Decimal(70), Decimal("90.05")]
    assert rules.mean(totals) == Fraction(24015, 300)
    assert rules.in_words(rules.mean(totals)) == "80.05"
    assert rules.in_words(Fraction(2, 3)) == "0.67"
    assert rules.in_words(Fraction(1, 200)) == "0.01"
    assert rules.mean([]) is None
    assert rules.mean(totals, 1) == rules.mean(totals)
    five = [Decimal(n) for n in (10, 70, 71, 72, 100)]
    assert rules.mean(five, 1) == 71
    assert rules.mean(five, 2) == 71
    assert rules.mean([Decimal(0), *five, Decimal(100)], 2) == 71


def test_a_cell_follows_the_standard_in_words() -> None:
    papers, projects, award = (row_of(row) for group in SHEET for row in group["rows"])
    said = {
        (papers, "1.5"): "请填写整数", (papers, "x"): "请填写", (projects, "50.5"): "最高 50 分",
        (projects, "1.005"): "最多保留两位小数", (award, "2"): "是或否",
    }  # fmt: skip
    for (row, value), words in said.items():
        assert words in "".join(rules.entry_faults(row, value)), (row.text, value)
    assert "".join(rules.entry_faults(projects, "1.005")) == "“项目”：最多保留两位小数。"
    for row, value in ((papers, "4"), (projects, "49.25"), (award, "0"), (award, "")):
        assert list(rules.entry_faults(row, value)) == []


@WORK
def test_scores_from_the_telephone_to_the_average(panel: Any) -> None:
    """Kept, refused cell by cell, handed in once; others see points when all are in, nobody before the own sheet; no
    other panel, and nobody when the meeting is over (P07)."""
    meeting, case, (head, second, third) = panel
    client, url = logged_in(second.user), reverse("reviews:juror-scores", args=[meeting.pk, case.pk])
    call_up = reverse("reviews:call-up", args=[meeting.pk])
    assert client.get(call_up).content.decode().count("待提交评分表") == 2
    assert "2.5" in client.get(url).content.decode()
    sent = {"s-papers": "3", "s-projects": "51", "keep": "1"}
    answer = client.post(url, sent)
    assert answer.status_code == 422
    assert "“项目”：最高 50 分" in answer.content.decode()
    assert 'value="51"' in answer.content.decode()
    assert not ScoreSheet.objects.exists()
    assert "尚未提交" in client.post(url, sent | {"s-projects": "41.25"}, follow=True).content.decode()
    answer = client.post(url, {"s-papers": "3", "s-projects": "41.25", "submit": "1"})
    assert "“获奖”：请打分" in answer.content.decode()
    page = client.post(url, {"s-papers": "3", "s-projects": "41.25", "s-award": "1", "submit": "1"}, follow=True)
    assert "评分表应交 3 份，已交 1 份" in page.content.decode()
    assert client.get(call_up).content.decode().count("待提交评分表") == 1
    sheet = ScoreSheet.objects.get()
    assert (sheet.status, sheet.total) == ("submitted", Decimal("88.75"))
    assert "您的评分表已提交" in client.post(url, sent | {"s-projects": "1"}).content.decode()
    with pytest.raises(IntegrityError, match="handed in"), transaction.atomic():
        Score.objects.filter(sheet=sheet).update(entry="1")
    work = reverse("reviews:panel-case", args=[meeting.pk, case.pk])
    assert "88.75" not in logged_in(head.user).get(work).content.decode()
    hand_in(head, case, "10")
    assert "88.75" in logged_in(head.user).get(work).content.decode()
    assert "57.5" not in client.get(work).content.decode()
    hand_in(third, case, "20")
    page = client.get(work).content.decode()
    assert "<b>71.25</b>" in page  # (88.75 + 57.5 + 67.5) / 3
    assert "57.5" in page
    outsider = logged_in(meeting.attendees.filter(seat__panel__name="第二组").first().user)
    assert [outsider.get(address).status_code for address in (url, work)] == [404, 404]
    assert outsider.post(url, sent).status_code == 404
    Meeting.objects.filter(pk=meeting.pk).update(method="vote")
    assert client.get(url).status_code == 404
    Meeting.objects.filter(pk=meeting.pk).update(status="decided")
    assert client.get(work).status_code == 404


@WORK
def test_a_sheet_is_opened_again_by_the_head_until_the_opinion_is_signed(panel: Any) -> None:
    """``opinion_not_signed``, ``sheet_complete``, ``meeting_in_session``: with a reason, and told to the member."""
    meeting, case, (head, second, third) = panel
    sheet = hand_in(second, case, "20")
    with pytest.raises(NotAllowed):
        SCORE_SHEET.fire(sheet, "reopen", actor=second.user, reason="笔误")
    url = reverse("reviews:score-sheet-do", args=[sheet.pk, "reopen"])
    assert logged_in(second.user).get(url).status_code == 403
    answer = logged_in(head.user).post(url, {"reason": "第二项误填"})
    assert answer.url == reverse("reviews:panel-case", args=[meeting.pk, case.pk])
    sheet.refresh_from_db()
    assert sheet.status == "draft"
    Score.objects.filter(sheet=sheet, code="award").delete()
    with pytest.raises(Blocked, match="“获奖”：请打分"):
        SCORE_SHEET.fire(sheet, "submit", actor=second.user)
    for part in (head, second, third):
        sheet = hand_in(part, case, "20")
    panel_work.give_opinion(case, "同意提交评委会表决", actor=head.user, sign=True)
    with pytest.raises(Blocked, match="撤回签署"):
        SCORE_SHEET.fire(sheet, "reopen", actor=head.user, reason="笔误")
    with pytest.raises(NotAllowed):
        panel_work.score(second, case, entries("1"), actor=third.user, hand_in=False)


@WORK
def test_opinion_before_the_ballot(panel: Any) -> None:
    """``opinion_given``, ``scores_in``, ``panels_done``, ``not_before_the_committee``: signed by the head, read
    with the sheet, printed in the minutes; what is signed does not change."""
    meeting, case, (head, second, third) = panel
    clerk, work = story._clerk(meeting), reverse("reviews:panel-case", args=[meeting.pk, case.pk])
    story.declare_no_conflict(meeting)
    with pytest.raises(Blocked, match=f"第{case.seq}号：专业组尚未签署意见"):
        story.counting.open_round(meeting, actor=clerk, admissions=[case], mode="electronic")
    votes, office = reverse("reviews:meeting-votes", args=[meeting.pk]), logged_in(clerk)
    assert "下一步由专业组完成评议" in office.get(votes).content.decode()
    call_up = office.get(reverse("reviews:meeting-call-up", args=[meeting.pk])).content.decode()
    assert "委员离席或到场，请在表决页面登记" in call_up
    assert 'name="voters"' not in call_up, "nobody is called up to a meeting in session"
    client = logged_in(head.user)
    answer = client.post(work, {"text": "", "sign": "1"})
    assert answer.status_code == 422
    assert "请填写专业组意见" in answer.content.decode()
    assert "评分表应交 3 份，已交 0 份" in answer.content.decode()
    assert logged_in(second.user).post(work, {"text": "同意", "sign": "1"}).status_code == 403
    for part in (head, second, third):
        hand_in(part, case, "30")
    assert (
        "尚未签署" in client.post(work, {"text": "业绩突出，同意提交表决", "keep": "1"}, follow=True).content.decode()
    )
    assert "业绩突出" not in logged_in(second.user).get(work).content.decode()
    assert "已签署" in client.post(work, {"text": "业绩突出，同意提交表决", "sign": "1"}, follow=True).content.decode()
    opinion = PanelOpinion.objects.get(admission=case)
    with pytest.raises(ProgrammingError), transaction.atomic():
        PanelOpinion.objects.filter(pk=opinion.pk).update(text="另一意见")
    PANEL_OPINION.fire(opinion, "reopen", actor=head.user, reason="补充")
    with pytest.raises(WrongState):
        PANEL_OPINION.fire(opinion, "reopen", actor=head.user, reason="补充")
    PANEL_OPINION.fire(opinion, "sign", actor=head.user)
    page = office.get(votes).content.decode()
    assert "须待专业组完成评议" in page
    assert re.findall(r'name="items" value="(\d+)"[^>]* checked', page) == [str(case.pk)], "only who can be voted on"
    ballot = story.counting.open_round(meeting, actor=clerk, admissions=[case], mode="electronic")
    with pytest.raises(Blocked, match="表决"):
        PANEL_OPINION.fire(opinion, "reopen", actor=head.user, reason="补充")
    assert "撤回签署" not in client.get(work).content.decode()
    outsider = meeting.attendees.select_related("user").filter(role="voter", seat=None).first()
    sheet = logged_in(outsider.user).get(reverse("reviews:round-ballot", args=[ballot.pk])).content.decode()
    assert "业绩突出，同意提交表决" in sheet
    assert "平均 77.5 分（满分 100 分）" in sheet
    assert "业绩突出" in logged_in(outsider.user).get(reverse("reviews:call-up", args=[meeting.pk])).content.decode()
    office = logged_in(clerk).get(reverse("reviews:meeting-panels", args=[meeting.pk])).content.decode()
    assert "业绩突出" in office
    said = minutes.content(meeting)
    assert said["panels"][0].startswith(f"第一组：{head.user.full_name}（组长）、")
    assert said["opinions"][0]["text"] == "业绩突出，同意提交表决"
    assert said["opinions"][0]["average"] == "77.5／100"
    story.cast(ballot, {})
    story.BALLOT_ROUND.fire(ballot, "seal_full", actor=clerk)
    facts = facts_of(case.declaration)
    assert facts["panel"] == "业绩突出，同意提交表决"
    assert head.user.full_name not in facts["panel"]


@WORK
def test_p14_a_member_named_in_the_opinion(panel: Any) -> None:
    """``nobody_named``: the head who writes the own name is warned, once, with the choice to keep it."""
    meeting, case, parts = panel
    head = parts[0]
    for part in parts:
        hand_in(part, case, "30")
    name = head.user.full_name
    work, client = reverse("reviews:panel-case", args=[meeting.pk, case.pk]), logged_in(head.user)
    text = f"经{name[0]} {name[1:]}审阅，同意提交表决"
    answer = client.post(work, {"text": text, "sign": "1"})
    assert answer.status_code == 422
    assert f"其中写有评委姓名（{name}）" in answer.content.decode()
    assert 'name="named_anyway"' in answer.content.decode()
    assert text in answer.content.decode()
    assert not PanelOpinion.objects.filter(status="signed").exists()
    assert client.post(work, {"text": text, "sign": "1", "named_anyway": "on"}).status_code == 302
    assert PanelOpinion.objects.get().status == "signed"
    assert "named_anyway" not in client.get(work).content.decode()


@WORK
def test_p12_who_stands_back_reads_nothing_of_the_panels_work(panel: Any) -> None:
    """The head too: the next member then speaks for the panel; sheets asked for are those of the others."""
    meeting, case, (head, second, third) = panel
    work = reverse("reviews:panel-case", args=[meeting.pk, case.pk])
    Recusal.objects.create(admission=case, member=head.member, ground="近亲属")
    assert logged_in(head.user).get(work).status_code == 404
    assert logged_in(head.user).get(reverse("reviews:juror-scores", args=[meeting.pk, case.pk])).status_code == 404
    for part in (second, third):
        hand_in(part, case, "40")
    with pytest.raises(NotAllowed):
        panel_work.give_opinion(case, "同意", actor=head.user, sign=True)
    panel_work.give_opinion(case, "基本符合条件", actor=second.user, sign=True)
    page = logged_in(head.user).get(reverse("reviews:call-up", args=[meeting.pk])).content.decode()
    assert "基本符合条件" not in page
    sheet = ScoreSheet.objects.get(member=third.member)
    assert not ScoreSheet.objects.visible_to(head.user).filter(pk=sheet.pk).exists()
    again = reverse("reviews:panel-opinion-do", args=[PanelOpinion.objects.get().pk, "reopen"])
    assert logged_in(head.user).get(again).status_code == 404
    assert logged_in(third.user).get(again).status_code == 403


@WORK
def test_defence(panel: Any) -> None:
    """``defence_noted``, ``panels_done``: where there is one it is on record first; the absent are deferred."""
    meeting, case, (head, second, _third) = panel
    Meeting.objects.filter(pk=meeting.pk).update(method="defence")
    meeting.refresh_from_db()
    client, work = logged_in(head.user), reverse("reviews:panel-case", args=[meeting.pk, case.pk])
    assert "待签署意见" in client.get(reverse("reviews:call-up", args=[meeting.pk])).content.decode()
    assert "请先记录答辩情况，再填写意见" in client.get(work).content.decode()
    assert "请先记录答辩情况" in client.post(work, {"text": "同意", "sign": "1"}).content.decode()
    assert "请选择答辩等次" in client.post(work, {"attended": "yes", "defence": "1"}).content.decode()
    assert client.post(work, {"defence": "1"}).status_code == 422
    assert logged_in(second.user).post(work, {"attended": "no", "defence": "1"}).status_code == 403
    noted = {"attended": "yes", "questions": "育苗密度如何确定？答：按立地条件。", "grade": "good", "defence": "1"}
    assert "答辩情况已记录" in client.post(work, noted, follow=True).content.decode()
    assert client.post(work, {"text": "同意", "sign": "1"}).status_code == 302
    call_up = reverse("reviews:call-up", args=[meeting.pk])
    assert "意见已签署" in client.get(call_up).content.decode()
    assert "按立地条件" in logged_in(second.user).get(work).content.decode()
    row = minutes.content(meeting)["opinions"][0]
    assert (row["defence"], row["average"]) == ("良好", "—")
    with pytest.raises(Blocked, match="已对此人签署意见"):
        panel_work.note_defence(case, actor=head.user, attended=False)
    other = meeting.admissions.filter(panel=case.panel_id).exclude(pk=case.pk).get()
    panel_work.note_defence(other, actor=head.user, attended=False)
    with pytest.raises(Blocked, match=f"第{other.seq}号：未参加答辩，由主任委员暂缓该人"):
        story.counting.open_round(meeting, actor=story._clerk(meeting), admissions=[other])
    votes = logged_in(story._clerk(meeting)).get(reverse("reviews:meeting-votes", args=[meeting.pk])).content.decode()
    assert f"第 {other.seq} 号未参加答辩，不进行表决，由主任委员" in votes
    third = meeting.admissions.exclude(panel=case.panel_id).get(exam_result="qualified")
    assert f"下一步由办公室开始新一轮表决。第 {third.seq} 号须待专业组完成评议" in votes, (
        "the absent waits for no panel"
    )
    story.defer(meeting, other)
    assert other.verdict.outcome == "deferred"


@WORK
def test_p08_the_panel_of_an_anonymous_review_tells_nobody_who_it_is(panel: Any) -> None:
    """``opinion_anonymous``, ``reason_anonymous``: name or unit in opinion, remark on the defence or reason is told at
    its place, whatever the spaces; nothing is stored."""
    meeting, case, parts = panel
    person, unit = case.declaration.applicant.name, case.declaration.unit.name
    anonymous([case.declaration])
    for part in parts:
        hand_in(part, case, "30")
    work, client = reverse("reviews:panel-case", args=[meeting.pk, case.pk]), logged_in(parts[0].user)
    spaced = f"{person[0]} {person[1:]}"
    text = f"{spaced}同志在{unit}工作扎实，同意提交表决"
    answer = client.post(work, {"text": text, "sign": "1"})
    assert answer.status_code == 422
    told = f"这是匿名评审，“{spaced}”、“{unit}”会透露申报人身份，请删去后再写。"
    assert answer.context["opinion_form"].errors == {"text": [told]}
    assert text in answer.content.decode()
    assert not PanelOpinion.objects.exists()
    assert client.post(work, {"text": "工作扎实，同意提交表决", "sign": "1"}).status_code == 302
    again = reverse("reviews:panel-opinion-do", args=[PanelOpinion.objects.get().pk, "reopen"])
    assert f"“{person}”会透露申报人身份" in client.post(again, {"reason": f"{person}的业绩未写全"}).content.decode()
    assert PanelOpinion.objects.get().status == "signed"
    assert client.post(again, {"reason": "业绩未写全"}).status_code == 302
    Meeting.objects.filter(pk=meeting.pk).update(method="defence")
    answer = client.post(work, {"attended": "yes", "grade": "good", "questions": f"问{unit}的情况", "defence": "1"})
    assert answer.context["defence_form"].errors == {
        "questions": [f"这是匿名评审，“{unit}”会透露申报人身份，请删去后再写。"]
    }
    assert not DefenceAttendance.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_opinion_is_signed_over_sheets_that_stay_as_they_are() -> None:
    """Who opens a sheet again while the opinion is being signed waits and is refused; the other way round as well."""
    with clock.travel(MONDAY):
        meeting, (first, *_others), voters = a_divided_meeting(method="scored")
        StandardVersion.objects.filter(pk=first.standard_version_id).update(self_scoring=SHEET)
        case = admission(meeting, first)
        for part in voters[:3]:
            conflicts.declare(part, case.pk, conflict=False)
    with clock.travel(MEETING_DAY):
        story.open_meeting(meeting)
        parts = [meeting.attendees.select_related("user", "member", "meeting").get(pk=part.pk) for part in voters[:3]]
        for part in parts:
            part.user = story.juror(part.member)
        head = parts[0].user
        sheet = [hand_in(part, case, "20") for part in parts][1]

        def reopen() -> Any:
            try:
                return SCORE_SHEET.fire(sheet, "reopen", actor=head, reason="笔误")
            finally:
                connection.close()

        def sign() -> Any:
            try:
                return panel_work.give_opinion(case, "同意提交表决", actor=head, sign=True)
            finally:
                connection.close()

        def meanwhile(act: Any, other: Any) -> Any:
            """The answer of ``other``, begun while ``act`` is done and not committed yet."""
            with ThreadPoolExecutor(1) as pool:
                with transaction.atomic():
                    act()
                    answer = pool.submit(other)
                    with pytest.raises(TimeoutError):
                        answer.result(timeout=0.5)
                return answer.exception(timeout=10)

        early = meanwhile(lambda: SCORE_SHEET.fire(sheet, "reopen", actor=head, reason="笔误"), sign)
        assert "已交 2 份" in str(early)
        hand_in(parts[1], case, "20")
        late = meanwhile(lambda: panel_work.give_opinion(case, "同意提交表决", actor=head, sign=True), reopen)
        assert "撤回签署" in str(late)
        sheet.refresh_from_db()
        assert (sheet.status, PanelOpinion.objects.get(admission=case).status) == ("submitted", "signed")
