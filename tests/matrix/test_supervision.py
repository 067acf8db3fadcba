"""The supervision campaign over the records of the world: evidence, findings, answer, withdrawal, who reads what."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appraisal_portal.home.story import sanctions, supervise
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.models import Outbox
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, WrongState
from appraisal_portal.supervision import services, tasks
from appraisal_portal.supervision.models import SupervisionCheck
from appraisal_portal.supervision.workflow import SUPERVISION_CHECK
from committees.plans.models import Committee, CommitteeScope, PlanLine
from tests.matrix.world import AWAY, TODAY, World

SOON = TODAY + dt.timedelta(days=20)


@pytest.fixture
def fresh(world: World) -> Any:
    """A committee nobody has checked yet: the world's own, its check taken away in memory of the database."""
    check = world.rows["supervision"]
    check.items.all().delete()
    committee = check.committee
    SupervisionCheck.objects.filter(pk=check.pk).update(year=2017)
    return committee


def said(check: SupervisionCheck) -> dict[str, str]:
    return dict(check.items.values_list("code", "computed"))


@pytest.mark.notice("V.2")
def test_the_records_of_the_world_answer_the_checklist(world: World, fresh: Committee) -> None:
    """Two meetings held by the rules, an objection under investigation, a revoked certificate, a ban."""
    sanctions.banned(world.rows["certified"])
    check = services.open_check(fresh, 2026, actor=world.people["bureau_reviewer"])
    found = said(check)
    fine = ("term", "size", "quorum", "lead", "approval", "publicity", "objections", "standard", "scope")
    assert {code: found[code] for code in fine} == dict.fromkeys(fine, "ok")
    assert found["violations"] == "look"
    lines = check.items.get(code="violations").evidence
    assert {line["says"] for line in lines} >= {"revoked", "banned"}
    assert found["sampling"] == "none"  # drawn, not judged yet
    assert found["recusals"] == "bad"  # the juror's proposal is open


def test_what_changes_in_the_records_shows_when_they_are_taken_anew(world: World, fresh: Committee) -> None:
    check = services.open_check(fresh, 2026, actor=world.people["bureau_reviewer"])
    services.judge(check, {"scope": ("conforms", "已核对")})
    CommitteeScope.objects.filter(committee=fresh).update(valid_to=dt.date(2026, 3, 1))
    PlanLine.objects.filter(committee=fresh).update(result_publicity_days=9)
    services.take_anew(check)
    found = said(check)
    assert (found["scope"], found["publicity"]) == ("bad", "bad")
    assert check.items.get(code="scope").note == "已核对"


def test_a_check_is_opened_once_for_a_committee_of_the_plan(world: World) -> None:
    """``checked_once``, ``year_is_reviewed``."""
    reviewer, committee = world.people["bureau_reviewer"], world.rows["supervision"].committee
    for year, words in ((2026, "已"), (2030, "尚未"), (2025, "计划")):
        with pytest.raises(Blocked, match=words):
            services.open_check(committee, year, actor=reviewer)
    with pytest.raises(NotAllowed):
        services.open_check(world.cycle.committee(AWAY), 2026, actor=world.people["supervisor"])


def test_findings_are_judged_sent_answered_and_closed(world: World, fresh: Committee) -> None:
    """``every_item_judged``, ``some_defect``, ``no_open_defect``, ``date_to_mend``, ``answer_given``."""
    reviewer, director = world.people["bureau_reviewer"], world.people["committee_director"]
    fire = SUPERVISION_CHECK.fire
    check = services.open_check(fresh, 2026, actor=reviewer)
    with pytest.raises(Blocked, match="回避"):
        fire(check, "close", actor=reviewer)
    with pytest.raises(Blocked):
        services.judge(check, {"recusals": ("defect", " ")})
    codes = check.items.values_list("code", flat=True)
    services.judge(check, {code: ("conforms", "") for code in codes})
    with pytest.raises(Blocked, match="未发现"):
        fire(check, "send", actor=reviewer, rectify_by=SOON)
    services.judge(check, {"recusals": ("defect", supervise.DEFECT)})
    with pytest.raises(Blocked):
        fire(check, "close", actor=reviewer)
    with pytest.raises(Blocked):
        fire(check, "send", actor=reviewer, rectify_by=TODAY)
    own = SupervisionCheck.objects.visible_to(director)
    assert check not in own  # nothing before the findings are sent
    fire(check, "send", actor=reviewer, rectify_by=SOON)
    assert check in own.all()
    assert check not in SupervisionCheck.objects.visible_to(world.people["other_committee_director"])
    with pytest.raises(WrongState):
        services.judge(check, {"recusals": ("conforms", "")})
    with pytest.raises(WrongState):
        services.take_anew(check)
    with pytest.raises(NotAllowed):
        fire(check, "answer", actor=world.people["other_committee_director"], answer="已改")
    with pytest.raises(Blocked):
        fire(check, "answer", actor=director, answer=" ")
    fire(check, "answer", actor=director, answer="已补正")
    fire(check, "send_back", actor=reviewer, reason="登记簿未见", rectify_by=SOON)
    fire(check, "answer", actor=director, answer="已补登记簿")
    fire(check, "close", actor=reviewer)
    assert (check.status, check.answer) == ("closed", "已补登记簿")


def test_authority_is_withdrawn_by_two_people_and_the_committee_is_suspended(world: World, fresh: Committee) -> None:
    reviewer, approver = world.people["bureau_reviewer"], world.people["bureau_approver"]
    check = supervise.sent(fresh, 2026, {"scope": "超出评审范围评审。"})
    fire = SUPERVISION_CHECK.fire
    fire(check, "propose_withdrawal", actor=reviewer, reason="拒不整改", content_hash=check.content_hash())
    fire(check, "keep", actor=approver, reason="再给一次机会")
    assert check.status == "sent"
    fire(check, "propose_withdrawal", actor=reviewer, reason="拒不整改", content_hash=check.content_hash())
    with pytest.raises(NotAllowed):
        fire(check, "withdraw", actor=reviewer, content_hash=check.content_hash())
    with pytest.raises(Blocked):
        fire(check, "withdraw", actor=approver, content_hash="of another page")
    fire(check, "withdraw", actor=approver, content_hash=check.content_hash())
    fresh.refresh_from_db()
    assert (check.status, fresh.status) == ("withdrawn", "suspended")
    assert fresh.records.get(transition="suspend").cause_id == check.records.get(transition="withdraw").pk


def test_kept_after_an_answer_nothing_is_owed_again(world: World, fresh: Committee) -> None:
    """``keep`` sends the findings back to be mended, ``keep_answered`` to the reviewer."""
    reviewer, approver = world.people["bureau_reviewer"], world.people["bureau_approver"]
    check = supervise.answered(supervise.sent(fresh, 2026, {"scope": "超出评审范围评审。"}))
    fire = SUPERVISION_CHECK.fire
    fire(check, "propose_withdrawal", actor=reviewer, reason="拒不整改", content_hash=check.content_hash())
    assert [row.name for row in SUPERVISION_CHECK.open_to(check, approver)] == ["keep_answered", "withdraw"]
    with pytest.raises(NotAllowed, match="已经答复"):
        fire(check, "keep", actor=approver, reason="再给一次机会")
    fire(check, "keep_answered", actor=approver, reason="已整改到位")
    assert check.status == "answered"
    fire(check, "send_back", actor=reviewer, reason="登记簿未见", rectify_by=SOON)
    fire(check, "propose_withdrawal", actor=reviewer, reason="拒不整改", content_hash=check.content_hash())
    assert [row.name for row in SUPERVISION_CHECK.open_to(check, approver)] == ["keep", "withdraw"]


def test_the_office_is_reminded_before_the_day_to_mend(world: World, fresh: Committee) -> None:
    check = supervise.sent(fresh, 2026, {"scope": "超出评审范围评审。"})
    director = world.people["committee_director"]
    mine = Outbox.objects.filter(kind="message", payload__user=director.pk, key__startswith=f"supervision:{check.pk}:")
    days = []
    for left in (8, 7, 7, 3, 1, 0, -1):
        with clock.travel(check.rectify_by - dt.timedelta(days=left)):
            tasks.remind()
        days.append(mine.count())
    assert days == [0, 1, 1, 1, 2, 2, 2]
    assert "整改" in str(mine.first().payload)


def test_the_picture_has_a_mark_for_each_item_and_bad_input_is_told(world: World) -> None:
    browser = Client()
    browser.force_login(world.people["bureau_reviewer"])
    page = browser.get(reverse("supervision:check-list")).content.decode()
    assert page.count('<td><span class="tag') >= 12
    assert all(words in page for words in ("缺陷", "符合", "届期有效", "组建是否规范"))
    new = reverse("supervision:check-new")
    again = browser.post(new, {"year": 2026, "committee": world.rows["supervision"].committee_id})
    assert again.status_code == 422
    assert "id_committee_error" in again.content.decode()
    assert browser.post(new, {"year": 2026, "committee": world.cycle.committee(AWAY).pk}).status_code == 302
    check = SupervisionCheck.objects.get(committee=world.cycle.committee(AWAY))
    judging = reverse("supervision:check-judge", args=[check.pk])
    told = browser.post(judging, {"finding_scope": "defect", "note_term": "写了一半"})
    assert told.status_code == 422
    assert "写了一半" in told.content.decode()
    assert browser.post(judging, {"finding_scope": "defect", "note_scope": "一人不在范围内"}).status_code == 302
    assert "一人不在范围内" in browser.get(check.get_absolute_url()).content.decode()
    assert browser.post(reverse("supervision:check-anew", args=[check.pk])).status_code == 302
