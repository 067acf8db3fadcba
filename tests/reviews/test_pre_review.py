"""Publicity before the meeting (评前公示): who goes to it; the clock and the register of objections of results."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Declaration
from applications.workflow import DECLARATION
from appraisal_portal.accounts.models import Message
from appraisal_portal.home.story import meeting as story
from appraisal_portal.home.story import results
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock as portal_clock
from appraisal_portal.kernel import outbox, sweeps
from appraisal_portal.kernel.workflow import Blocked
from committees.plans.models import PlanLine
from committees.reviews.models import Meeting, ResultPublicity
from committees.reviews.rules import next_step
from committees.reviews.services import ballot
from committees.reviews.services.results import prepare_pre_review
from committees.reviews.workflow import MEETING
from tests.factories.results import with_photo
from tests.factories.reviews import MEETING_DAY, MONDAY, a_line, a_meeting, examined
from tests.stage import begins_with, kept

LAST_DAY = dt.date(2026, 5, 18)  # five working days after Monday 11 May


def foreseen(line):
    PlanLine.objects.filter(pk=line.pk).update(pre_review_days=5)
    line.pre_review_days = 5


@kept
def an_approved_meeting():
    """A meeting of three people, approved and its list started on Monday 11 May."""
    with portal_clock.travel(MONDAY):
        _city, _cycle, meeting, rows = a_meeting(3)
        foreseen(meeting.line)
        for place, row in enumerate(rows[:3]):
            with_photo(row, place)
        story.apply(meeting)
        story.approve(meeting)
    return meeting, rows


pytestmark = [pytest.mark.django_db, begins_with(an_approved_meeting)]


@pytest.fixture
def approved(clock):
    """That Monday."""
    clock(MONDAY)
    meeting, rows = an_approved_meeting()
    return meeting, [Declaration.objects.get(pk=row.pk) for row in rows]


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def words(meeting, name="open"):
    clerk = holder("office_clerk", meeting.committee.office)
    return " ".join(str(problem) for problem in MEETING.problems(meeting, name, actor=clerk))


@pytest.mark.notice("I.d")
def test_the_list_shows_who_goes_to_the_meeting_and_nothing_of_an_identity_number(approved):
    meeting, rows = approved
    publicity = meeting.publicities.get()
    assert (publicity.kind, publicity.ends_on, publicity.take_down_on) == ("pre_review", LAST_DAY, MEETING_DAY)
    here = reverse("reviews:public-publicity", args=[publicity.pk])
    page = Client().get(here).content.decode()
    english = Client().get(here, headers={"accept-language": "en"}).content.decode()
    ways = [(found.count("正常申报"), found.count("Regular review")) for found in (page, english)]
    assert ways == [(3, 0), (0, 3)], "each reads the way in their own language"
    for row in rows[:3]:
        for shown in (row.applicant.name, row.unit.name, row.title.name, row.specialty):
            assert shown in page
        assert row.applicant.id_number not in page
        assert row.applicant.id_number[-4:] not in page
    assert rows[3].applicant.name not in page  # not qualified
    assert "3 人将参加评审" in page
    assert "评审通过" not in page
    assert "评前公示" in Client().get(reverse("reviews:public-publicity-list")).content.decode()
    assert {fresh(row).status for row in rows[:3]} == {"on_roster"}


def test_the_meeting_opens_only_when_the_list_has_ended(approved, clock):
    """``pre_review_over``."""
    meeting, _rows = approved
    clock(LAST_DAY)
    assert "2026-05-18（周一，今天）24:00" in words(meeting)
    clock(LAST_DAY + dt.timedelta(days=1))
    assert "公示" not in words(meeting)
    ResultPublicity.objects.update(provisional=True)
    assert "暂定" in words(meeting)
    ResultPublicity.objects.update(provisional=False, status="halted")
    assert "暂停" in words(meeting)


def test_without_a_list_it_does_not_open_and_the_pages_lead_to_one(approved, clock):
    meeting, _rows = approved
    publicity = meeting.publicities.get()
    publicity.items.update(live=False)
    ResultPublicity.objects.filter(pk=publicity.pk).update(meeting=_another(meeting))
    assert "3 人尚未在评审会议前公示" in words(meeting)
    client = Client()
    client.force_login(holder("office_clerk", meeting.committee.office))
    new = reverse("reviews:pre-review-new", args=[meeting.pk])
    assert new in client.get(reverse("reviews:meeting-detail", args=[meeting.pk])).content.decode()
    assert "5 个工作日" in client.get(new).content.decode()
    made = client.post(new, {"how": "职称评审专栏", "contact": "陈方圆", "phone": "0578-2091234"})
    assert made.status_code == 302
    publicity = meeting.publicities.get()
    assert (publicity.kind, publicity.status, publicity.items.count()) == ("pre_review", "draft", 3)
    assert "评前公示" in client.get(made["Location"]).content.decode()
    with pytest.raises(Blocked):
        prepare_pre_review(meeting, user=publicity.prepared_by, how="x", contact="x", phone="1")


def _another(meeting):
    """The same committee on another day, to take a list away to."""
    other = fresh(meeting)
    other.pk, other._state.adding, other.reply_number = None, True, f"{meeting.reply_number}-2"
    other.meets_on = meeting.meets_on + dt.timedelta(days=7)
    other.save()
    return other


def test_who_is_under_objection_is_not_voted_on_but_deferred(approved, clock):
    """``nobody_under_objection``: neither taken into a round by default nor by choice."""
    meeting, rows = approved
    item = meeting.publicities.get().items.get(declaration=rows[1])
    clock(dt.date(2026, 5, 14))
    objection = results.object_to(item)
    assert fresh(rows[1]).status == "on_roster"
    assert fresh(rows[1]).records.filter(transition="hold_before_review").exists()
    clock(MEETING_DAY)
    story.open_meeting(meeting)
    free = [admission.declaration_id for admission in ballot.undecided(meeting)]
    assert free == [rows[0].pk, rows[2].pk]
    with pytest.raises(Blocked):
        ballot.open_round(
            meeting,
            actor=holder("office_clerk", meeting.committee.office),
            admissions=[meeting.admissions.get(declaration=rows[1])],
        )
    known = meeting.admissions.filter(exam_result="qualified")
    step = next_step.of_session(meeting, [], ballot.undecided(meeting), known)
    held = known.get(declaration=rows[1]).seq
    assert step[0] == "下一步由办公室对尚无结果的人员开始新一轮表决。"
    assert f"第 {held} 号的异议正在核查，不进行表决，由主任委员" in step[1]
    story.vote(meeting, {})
    assert len(next_step.of_session(meeting, list(meeting.rounds.all()), [], known)) == 1, (
        "nobody else waits for a round"
    )
    assert "2" in words(meeting, "lock_results")  # the held person still needs a decision
    story.defer(meeting, meeting.admissions.get(declaration=rows[1]), "公示期间有异议，正在核查")
    story.services.make_minutes(meeting, actor=holder("office_clerk", meeting.committee.office))
    MEETING.fire(meeting, "lock_results", actor=holder("committee_director", meeting.committee.office), signed=True)
    assert [fresh(row).status for row in rows[:3]] == ["passed", "deferred", "passed"]
    results.conclude(fresh(objection))
    assert fresh(rows[1]).records.filter(transition="release_before_review").exists()
    DECLARATION.fire(
        fresh(rows[1]), "readmit", actor=holder("office_clerk", meeting.committee.office), reason="异议不成立"
    )
    assert fresh(rows[1]).status == "qualified"


def test_an_objection_not_yet_taken_on_holds_too_a_late_one_does_not(approved, clock):
    meeting, rows = approved
    items = meeting.publicities.get().items
    clock(portal_clock.at(LAST_DAY, 23))
    results.object_to(items.get(declaration=rows[0]), admit=False)
    clock(portal_clock.at(LAST_DAY + dt.timedelta(days=1), 0))
    results.object_to(items.get(declaration=rows[2]), admit=False)
    clock(MEETING_DAY)
    assert [admission.declaration_id for admission in ballot.undecided(meeting)] == [rows[1].pk, rows[2].pk]


def test_upheld_before_the_meeting_the_person_is_off_every_list_and_the_others_go_on(approved, clock):
    meeting, rows = approved
    item = meeting.publicities.get().items.get(declaration=rows[0])
    clock(dt.date(2026, 5, 13))
    results.conclude(results.object_to(item), upheld=True)
    assert fresh(rows[0]).status == "excluded"
    for due in outbox.due():
        outbox.deliver(*due)
    [told] = Message.objects.filter(user=rows[0].applicant.user, body__contains="不授予")
    assert results.SUBSTANCE in told.body  # the reason, and it is the substance, not what the office noted for itself
    assert "发证单位" not in told.body
    clock(MEETING_DAY)
    story.hold(fresh(meeting))
    assert [fresh(row).status for row in rows[:3]] == ["excluded", "passed", "passed"]
    clock(dt.date(2026, 5, 21))
    publicity = results.publicise(fresh(meeting))
    assert publicity.supplementary_of is None
    assert set(publicity.items.values_list("declaration", flat=True)) == {rows[1].pk, rows[2].pk}
    clock(dt.date(2026, 5, 29))
    report = results.report(fresh(meeting))
    assert report.content["publicity"]["starts_on"] == "2026-05-21"
    assert report.items.count() == 2


def test_a_cancelled_meeting_takes_its_list_down(approved):
    meeting, rows = approved
    page = reverse("reviews:public-publicity", args=[meeting.publicities.get().pk])
    assert Client().get(page).status_code == 200
    director = holder("committee_director", meeting.committee.office)
    MEETING.fire(meeting, "cancel", actor=director, reason="会议改期")
    assert Client().get(page).status_code == 404
    assert fresh(rows[0]).status == "qualified"


@begins_with(a_line)
def test_a_meeting_too_near_for_the_list_is_not_applied_for(clock):
    """``fits_before_the_meeting``."""
    clock(MONDAY)
    city, cycle, line = a_line()
    rows = [examined(city, line, 100)]
    foreseen(line)
    meeting = story.prepare(city, cycle, line, rows, LAST_DAY)  # five working days ahead, but the list ends that day
    with pytest.raises(Blocked, match="2026-05-18"):
        story.apply(meeting)


def test_the_office_is_told_when_the_list_has_ended(approved, clock):
    meeting, _rows = approved
    clock(LAST_DAY + dt.timedelta(days=1))
    assert sum(sweeps.run(name) for name in sweeps.names() if "publicity" in name or "list" in name) >= 1
    assert meeting.publicities.get().status == "closed"
    assert "公示" not in words(Meeting.objects.get(pk=meeting.pk))
