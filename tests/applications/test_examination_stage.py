"""Forwarding, acceptance, the one-off supplement with its window, the decisions of the office."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import translation

from applications.models import CorrectionSlip, Declaration
from applications.rules import examination as rules
from applications.rules import progress
from applications.rules.at_office import what_next
from applications.services import examination as service
from applications.workflow import DECLARATION
from appraisal_portal.home.story import unit as story
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import calendar, chain, sweeps
from appraisal_portal.kernel import clock as moments
from appraisal_portal.kernel.access import SYSTEM
from appraisal_portal.kernel.models import Outbox, Reveal
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, WrongState
from committees.plans.services import Change, change_calendar
from tests.factories.unit_stage import MONDAY, PUBLICITY_OVER, a_stage, in_examination, recommended
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_stage)]
EN = {"headers": {"accept-language": "en"}}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def stage(clock):
    city, cycle = a_stage()
    clock(MONDAY)
    return city, cycle


def words(error):
    return " ".join(str(problem) for problem in error.value.problems)


def fresh(declaration):
    return Declaration.objects.get(pk=declaration.pk)


@pytest.mark.notice("IV.2.b")
def test_the_office_waits_for_the_forwarder_where_there_is_one(stage, clock):
    city, cycle = stage
    through = next(unit for unit in city.units if unit.forwarder_id and unit.employer_kind == "enterprise")
    straight = next((unit for unit in city.units if not unit.forwarder_id), None)
    [declaration] = recommended(city, cycle, 71, unit=through)
    clock(PUBLICITY_OVER)
    with pytest.raises(Blocked) as refused:
        story.accept(declaration)
    assert through.forwarder.name in words(refused)
    assert what_next(declaration).text.startswith(f"{through.forwarder.name} has to forward")
    with pytest.raises(Blocked):
        service.forward(declaration, actor=holder("forwarder", through.forwarder), opinion=" ")
    assert not declaration.forwarding_opinions.exists()
    assert declaration.arrived_on == PUBLICITY_OVER
    clock(PUBLICITY_OVER + dt.timedelta(days=1))
    story.forward(declaration)
    assert declaration.arrived_on == PUBLICITY_OVER + dt.timedelta(days=1)
    assert what_next(declaration) == (
        "Accept it, hand it on to the committee it belongs to, or send it back.", dt.date(2026, 3, 16), False, "",
    )  # fmt: skip
    assert declaration.forwarding_opinions.get().forwarder == through.forwarder
    story.accept(declaration)
    assert declaration.status == "in_examination"
    if straight is not None:
        clock(MONDAY)
        [second] = recommended(city, cycle, 72, unit=straight)
        clock(PUBLICITY_OVER)
        story.forward(second)
        story.accept(second)
        assert second.status == "in_examination"


def test_sent_back_unchanged_the_publicity_stays_good(stage, clock):
    city, cycle = stage
    [declaration] = recommended(city, cycle, 73)
    clock(dt.date(2026, 3, 11))
    forwarder = holder("forwarder", declaration.unit.forwarder)
    with pytest.raises(Blocked):
        DECLARATION.fire(declaration, "send_back_to_unit", actor=forwarder)
    DECLARATION.fire(declaration, "send_back_to_unit", actor=forwarder, reason="意见太简单")
    assert (declaration.status, declaration.arrived_on) == ("with_unit", dt.date(2026, 3, 11))
    story.verify(declaration)
    story.recommend(declaration)
    assert declaration.status == "recommended"
    assert declaration.publicity_items.count() == 1


def test_one_supplement_with_an_announced_window(stage, clock):
    city, cycle = stage
    [declaration] = in_examination(city, cycle, 74)
    clock(PUBLICITY_OVER)
    officer = story.officer_of(declaration)
    with pytest.raises(Blocked) as refused:
        service.ask_supplement(declaration, {}, actor=officer, reason="不全")
    assert "at least one" in words(refused)
    assert not CorrectionSlip.objects.exists()
    story.ask_supplement(declaration)
    slip = CorrectionSlip.objects.get()
    assert declaration.status == "supplement"
    assert "counts as abandoned" in what_next(declaration).text
    assert slip.working_days == declaration.line.supplement_days
    assert slip.ends_on == slip.announced_ends_on == dt.date(2026, 3, 17)
    change_calendar(Change("样本", {dt.date(2026, 3, 12): "day_off"}), by=city.user("bureau_reviewer"))  # case 13
    slip.refresh_from_db()
    assert slip.ends_on == slip.announced_ends_on == dt.date(2026, 3, 18)
    [told] = Outbox.objects.filter(kind="message", key__startswith="calendar:")
    assert (told.payload["user"], told.payload["by"]) == (declaration.applicant.user_id, "2026-03-18")
    story.supply(fresh(declaration))
    again = fresh(declaration)
    assert again.status == "in_examination"
    with pytest.raises(Blocked) as refused:
        story.ask_supplement(again)
    assert "only once" in words(refused)
    assert CorrectionSlip.objects.count() == 1


def test_whoever_examines_reads_when_the_meeting_is_applied_for(stage, clock, client):
    """The last working day five working days before the end of the plan's month (R-01); once it is over, no day."""
    city, cycle = stage
    [declaration] = in_examination(city, cycle, 77)
    clock(PUBLICITY_OVER)
    last = dt.date(2026, 6, 23)
    assert what_next(declaration)[1:3] == (last, False)
    client.force_login(story.officer_of(declaration))
    page = client.get(reverse("applications:office-declaration", args=[declaration.pk]), **EN).content.decode()
    assert "Last day to apply for the meeting of 2026-06, so examined by then: " in page
    assert "2026-06-23</time> (Tue)" in page
    clock(last + dt.timedelta(days=1))
    assert what_next(declaration)[1:] == (None, False, "")


def test_a_reply_counts_until_midnight_of_the_last_day(stage, clock):
    city, cycle = stage
    first, second = in_examination(city, cycle, 75, 76)
    clock(PUBLICITY_OVER)
    for declaration in (first, second):
        story.ask_supplement(declaration)
    midnight = moments.end_of_day(dt.date(2026, 3, 17))
    clock(midnight - dt.timedelta(seconds=1))
    assert sweeps.run("supplements without a reply") == 0
    with moments.arriving():  # in the last second; stored only after midnight, when the sweep has already looked
        clock(midnight + dt.timedelta(seconds=40))
        assert sweeps.run("supplements without a reply") == 0
        story.supply(first)
    with moments.arriving(), pytest.raises(Blocked) as refused:
        story.supply(second)
    assert "2026-03-17" in words(refused)
    clock(midnight + dt.timedelta(seconds=60))
    assert sweeps.run("supplements without a reply") == 1
    assert sweeps.run("supplements without a reply") == 0
    assert fresh(second).status == "abandoned"
    assert fresh(second).records.get(transition="deem_abandoned").actor is None
    told = Outbox.objects.filter(kind="message", payload__body__startswith="申报人没有按期")
    assert {one.payload["user"] for one in told} == {second.handler_id, story.clerk_of(second).pk}
    assert "You can start a new declaration until 2026-05-01" in progress.turn(fresh(second)).text
    assert fresh(first).status == "in_examination"
    assert chain.verify() is None


def test_p45_case_14_nobody_is_given_up_on_a_provisional_date(stage, clock):
    city, cycle = stage
    [declaration] = in_examination(city, cycle, 77)
    clock(PUBLICITY_OVER)
    story.ask_supplement(declaration)
    CorrectionSlip.objects.update(provisional=True)
    clock(dt.date(2026, 4, 20))
    assert sweeps.run("supplements without a reply") == 0
    with pytest.raises(Blocked):
        DECLARATION.fire(declaration, "deem_abandoned", actor=SYSTEM)
    story.supply(fresh(declaration))


@pytest.mark.notice("IV.3.a", "IV.4.c")
def test_the_office_judges_every_item_itself(stage, clock):
    city, cycle = stage
    [declaration] = in_examination(city, cycle, 78)
    clock(PUBLICITY_OVER)
    with pytest.raises(Blocked) as refused:
        service.qualify(declaration, actor=story.officer_of(declaration))
    assert "Not checked yet" in words(refused)
    story.qualify(declaration)
    assert declaration.status == "qualified"
    assert declaration.snapshots.filter(stage="qualified").exists()
    assert not list(rules.not_on_roster(declaration, None))


def test_only_the_handler_decides(stage, clock):
    city, cycle = stage
    [declaration] = in_examination(city, cycle, 79)
    clock(PUBLICITY_OVER)
    clerks = city.users("office_clerk", declaration.committee.office)
    other = next((clerk for clerk in clerks if clerk.pk != declaration.handler_id), None)
    strangers = [city.user("committee_director", declaration.committee.office), city.user("bureau_reviewer")]
    for actor in [*strangers, *([other] if other else [])]:
        with pytest.raises(NotAllowed):
            service.check_in_office(declaration, {"person": ("true", "")}, actor=actor)
        with pytest.raises(NotAllowed):
            service.disqualify(declaration, actor=actor, ground="hours", reason="学时不足")
    # A clerk of the office who comes from the applicant's own unit keeps out.
    officer = story.officer_of(declaration)
    officer.memberships.create(role="unit_clerk", organisation=declaration.unit, starts_on=MONDAY)
    again = type(officer).objects.get(pk=officer.pk).act_as(officer.acting)
    with pytest.raises(NotAllowed) as refused:
        service.qualify(declaration, actor=again)
    assert "work unit" in str(refused.value)


def test_not_eligible_with_its_ground_and_one_recheck(stage, clock, client):
    """``another_handler_at_recheck``, ``recheck_in_time``."""
    city, cycle = stage
    [declaration] = in_examination(city, cycle, 80)
    clock(PUBLICITY_OVER)
    story.disqualify(declaration, ground="years")
    assert declaration.records.get(transition="disqualify").data == {"ground": "years"}
    assert "a recheck, once" in what_next(declaration).text
    assert progress.turn(declaration).title == "You can ask once for a recheck"
    applicant = declaration.applicant.user
    again = reverse("applications:declaration-do", args=[declaration.pk, "reopen_examination"])
    client.force_login(declaration.handler)
    case = reverse("applications:office-declaration", args=[declaration.pk])
    assert again in client.get(case, **EN).content.decode(), "within its minutes"
    clock(PUBLICITY_OVER + dt.timedelta(days=1))
    assert again not in client.get(case, **EN).content.decode(), "it would be refused"
    last = calendar.add_working_days(PUBLICITY_OVER, 5).ends_on
    assert what_next(declaration).by == last
    assert f"below until {last.isoformat()}" in progress.turn(declaration).text
    clock(last + dt.timedelta(days=1))
    too_late = DECLARATION.problems(declaration, "recheck", actor=applicant, reason="x")
    assert any(f"until {last.isoformat()}" in str(problem) for problem in too_late)
    assert what_next(declaration).text == "No recheck was asked for in time: this decision stands."
    assert progress.turn(declaration).title == "This declaration has ended"
    clock(last)
    DECLARATION.fire(declaration, "recheck", actor=applicant, reason="年限计算有误")
    assert (declaration.status, declaration.handler_id) == ("in_examination", None)
    assert "somebody who did not decide it before" in what_next(declaration).text
    first, second, third = city.users("office_clerk", declaration.committee.office)
    told = set(Outbox.objects.filter(payload__subject__icontains="复核").values_list("payload__user", flat=True))
    assert told == {second.pk, third.pk}  # whoever decided before is not asked again
    with pytest.raises(Blocked) as refused:
        service.assign(declaration, first, actor=second)
    assert "does not make the recheck" in words(refused)
    client.force_login(second)
    page = client.get(reverse("applications:office-assign", args=[declaration.pk]), **EN).content.decode()
    assert re.findall(r'<option value="(\d+)"', page) == [str(second.pk), str(third.pk)]
    with pytest.raises(NotAllowed):
        story.disqualify(declaration, ground="years")
    service.assign(declaration, second, actor=second)
    declaration.refresh_from_db()
    assert what_next(declaration).text.startswith(f"{second} judges every item")
    story.disqualify(declaration, ground="years")
    assert what_next(declaration).text == "The recheck has been made: this decision stands."
    assert progress.turn(declaration).title == "This declaration has ended"
    told = Outbox.objects.filter(kind="message", payload__user=applicant.pk, payload__body__startswith="原因：")
    assert ["您可以在申报页面申请一次复核" in one.payload["body"] for one in told.order_by("pk")] == [True, False]
    assert f"申请一次复核，截止 {last.isoformat()}" in told.earliest("pk").payload["body"]
    unit = Outbox.objects.filter(payload__user=story.clerk_of(declaration).pk, payload__body__startswith="原因：")
    first_time, second_time = (one.payload["body"] for one in unit.order_by("pk"))
    assert f"已告知申报人，本人可申请一次复核，截止 {last.isoformat()}" in first_time
    assert "这是申报人申请复核后的结论，不再变更" in second_time
    client.force_login(applicant)
    page = client.get(reverse("applications:my-detail", args=[declaration.pk]), **EN).content.decode()
    assert reverse("applications:declaration-do", args=[declaration.pk, "recheck"]) not in page
    assert any("recheck" in str(p) for p in DECLARATION.problems(declaration, "recheck", actor=applicant, reason="x"))
    with pytest.raises(WrongState):
        story.qualify(declaration)


def test_another_committee_only_within_its_scope(stage, clock):
    city, cycle = stage
    [declaration] = recommended(city, cycle, 81)
    clock(PUBLICITY_OVER)
    story.forward(declaration)
    before = declaration.content_hash()
    clerk = holder("office_clerk", declaration.committee.office)
    other = cycle.line("enterprise")
    found = DECLARATION.problems(declaration, "redirect", actor=clerk, reason="x", line=other)
    if found:
        with pytest.raises(Blocked):
            service.redirect(declaration, other, actor=clerk, reason="应由企业工程评委会评审")
        assert fresh(declaration).committee == declaration.committee
    else:
        service.redirect(declaration, other, actor=clerk, reason="应由企业工程评委会评审")
        assert fresh(declaration).committee == other.committee
    assert fresh(declaration).content_hash() == before


def test_a_look_at_the_full_number_needs_a_reason_and_is_recorded(stage, clock):
    city, cycle = stage
    [declaration] = in_examination(city, cycle, 82)
    clock(PUBLICITY_OVER)
    officer = story.officer_of(declaration)
    with pytest.raises(Blocked):
        service.reveal_id(declaration, actor=officer, reason=" ")
    with pytest.raises(NotAllowed):
        service.reveal_id(declaration, actor=city.user("supervisor"), reason="好奇")
    assert not Reveal.objects.exists()
    assert service.reveal_id(declaration, actor=officer, reason="核对") == declaration.applicant.id_number
    assert Reveal.objects.get().viewer == officer
