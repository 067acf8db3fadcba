"""Lead time, papers of one snapshot, two people, days: what stops an application or an approval."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import TestCase

from applications.models import Declaration
from appraisal_portal.home.story import meeting as story
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.models import CalendarDay
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, WrongState
from committees.plans.models import Committee
from committees.reviews.models import Admission, Meeting
from committees.reviews.rules import meeting as rules
from committees.reviews.services import meeting as services
from committees.reviews.workflow import MEETING
from tests.factories.reviews import MEETING_DAY, MONDAY, a_line, examined


def words(refused) -> str:
    """All reasons of a refusal in one text."""
    return str(refused.value)


class Guards(TestCase):
    @classmethod
    def setUpTestData(cls):
        with clock.travel(MONDAY):
            cls.city, cls.cycle, cls.line = a_line()
            cls.rows = [examined(cls.city, cls.line, 100 + i) for i in range(3)]
            cls.refused = examined(cls.city, cls.line, 200, ground="继续教育学时不足")

    def draft(self, meets_on=MEETING_DAY):
        return story.prepare(self.city, self.cycle, self.line, self.rows, meets_on)

    @pytest.mark.notice("IV.3.d")
    def test_exactly_five_working_days_are_enough(self):
        for applied_on, wanted in ((MONDAY, True), (MONDAY + dt.timedelta(days=1), False)):
            with clock.travel(applied_on), transaction.atomic():
                meeting = self.draft(dt.date(2026, 5, 18))  # Monday a week later
                if wanted:
                    story.apply(meeting)
                    assert meeting.applied_on == applied_on
                else:
                    with pytest.raises(Blocked) as refused:
                        story.apply(meeting)
                    assert "2026-05-19" in words(refused)  # the earliest day is said
                    assert [p.basis for p in refused.value.problems] == ["meeting.lead_days"]
                transaction.set_rollback(True)

    def test_a_holiday_in_between_does_not_count(self):
        CalendarDay.objects.create(day=dt.date(2026, 5, 14), kind="day_off", source="试验")
        with clock.travel(MONDAY), pytest.raises(Blocked):
            story.apply(self.draft(dt.date(2026, 5, 18)))

    def test_after_a_return_the_days_are_counted_anew(self):
        with clock.travel(MONDAY):
            meeting = self.draft(dt.date(2026, 5, 18))
            story.apply(meeting)
            story.send_back(meeting)
            assert meeting.status == "returned"
        with clock.travel(MONDAY + dt.timedelta(days=2)):
            with pytest.raises(Blocked):
                story.apply(meeting)
            meeting = services.change(
                meeting, actor=holder("office_clerk", meeting.committee.office), meets_on=MEETING_DAY
            )
            story.apply(meeting)
        assert meeting.applied_on == dt.date(2026, 5, 13)
        assert meeting.papers.filter(code="3-2").count() == 3  # the refused attempt kept its papers: version 2, then 3
        assert meeting.papers.get(code="3-2", document__superseded_by=None).version == 3

    def test_a_year_without_calendar_is_provisional_and_stops(self):
        with clock.travel(dt.date(2026, 12, 28)):
            meeting = Meeting(committee=self.line.committee, line=self.line, meets_on=dt.date(2027, 1, 20))
            act = story.MEETING.transitions["apply"]
            found = list(rules.not_provisional(meeting, rules.Act(None, act)))
        assert "2027" in str(found[0])

    def test_papers_must_be_there_of_one_version_and_of_today(self):
        with clock.travel(MONDAY):
            meeting = self.draft()
            director = holder("committee_director", meeting.committee.office)
            with pytest.raises(Blocked) as refused:
                MEETING.fire(meeting, "apply", actor=director, signed=True)
            assert words(refused).count("3-1") == 1
            services.make_papers(meeting, actor=director)
        with clock.travel(MONDAY + dt.timedelta(days=1)):
            with pytest.raises(Blocked) as refused:
                MEETING.fire(meeting, "apply", actor=director, signed=True)
            assert MONDAY.isoformat() in words(refused)  # the letter's day

    def test_a_changed_row_is_named_before_the_application_and_before_the_approval(self):
        with clock.travel(MONDAY):
            meeting = self.draft()
            clerk = holder("office_clerk", meeting.committee.office)
            director = holder("committee_director", meeting.committee.office)
            first = services.make_papers(meeting, actor=clerk)
            assert first.made
            assert not services.make_papers(meeting, actor=clerk).made
            late = examined(self.city, self.line, 120)
            with pytest.raises(Blocked) as refused:
                MEETING.fire(meeting, "apply", actor=director, signed=True)
            assert late.applicant.name in words(refused)
            second = services.make_papers(meeting, actor=clerk)
            assert any(late.number in str(line) for line in second.differences)
            MEETING.fire(meeting, "apply", actor=director, signed=True)
            examined(self.city, self.line, 121)  # examined meanwhile: waits for another meeting
            story.propose(meeting)
            Declaration.objects.filter(pk=late.pk).update(status="withdrawn")
            approver = holder("bureau_approver")
            with pytest.raises(Blocked) as refused:
                MEETING.fire(meeting, "approve", actor=approver, content_hash=meeting.content_hash())
            assert late.applicant.name in words(refused)

    def test_signing_is_needed_and_only_the_director_applies(self):
        with clock.travel(MONDAY):
            meeting = self.draft()
            clerk = holder("office_clerk", meeting.committee.office)
            services.make_papers(meeting, actor=clerk)
            with pytest.raises(NotAllowed):
                MEETING.fire(meeting, "apply", actor=clerk, signed=True)
            with pytest.raises(Blocked):
                MEETING.fire(meeting, "apply", actor=holder("committee_director", meeting.committee.office))

    def test_approval_on_the_meeting_day_or_by_the_same_person_or_over_other_content_is_refused(self):
        with clock.travel(MONDAY):
            meeting = story.apply(self.draft())
            story.propose(meeting)
        approver = holder("bureau_approver")
        for day in (MEETING_DAY, MEETING_DAY + dt.timedelta(days=1)):
            with clock.travel(day), pytest.raises(Blocked) as refused:
                MEETING.fire(meeting, "approve", actor=approver, content_hash=meeting.content_hash())
            assert MEETING_DAY.isoformat() in words(refused)
        with clock.travel(MONDAY):
            with pytest.raises(Blocked):
                MEETING.fire(meeting, "approve", actor=approver, content_hash="0" * 64)
            reviewer = meeting.proposed_by
            # Nobody holds both roles on one day; who changes sides still decides nothing proposed before.
            reviewer.memberships.filter(role="bureau_reviewer").update(ends_on=MONDAY - dt.timedelta(days=1))
            both = reviewer.act_as(
                reviewer.memberships.create(role="bureau_approver", organisation=self.city.bureau, starts_on=MONDAY)
            )
            with pytest.raises(NotAllowed):
                MEETING.fire(meeting, "approve", actor=both, content_hash=meeting.content_hash())
            MEETING.fire(meeting, "approve", actor=approver, content_hash=meeting.content_hash())
            with pytest.raises(WrongState):
                MEETING.fire(meeting, "approve", actor=approver, content_hash=meeting.content_hash())

    @pytest.mark.notice("IV.3.d")
    def test_the_database_refuses_an_approval_on_the_day(self):
        with clock.travel(MONDAY):
            meeting = story.approve(story.apply(self.draft()))
        with pytest.raises(IntegrityError), transaction.atomic():
            Meeting.objects.filter(pk=meeting.pk).update(approved_on=meeting.meets_on)
        with pytest.raises(IntegrityError), transaction.atomic():
            Meeting.objects.filter(pk=meeting.pk).update(status="draft")
        with pytest.raises(IntegrityError), transaction.atomic():
            meeting.admissions.all().delete()

    def test_open_examination_scope_standard_size_and_quorum(self):
        with clock.travel(MONDAY):
            meeting = self.draft()
            act = rules.Act(None, MEETING.transitions["apply"], data={"signed": True})
            before = rules.readiness(meeting, act)  # of those who would come on the roster
            assert "3 人合格，1 人不合格" in [check.fact for check in before]
            assert [str(check.label) for check in before if not check.done] == ["附件 3-1、3-2、3-3 为同一版本且为最新"]
            services.make_papers(meeting, actor=holder("office_clerk", meeting.committee.office))
            checks = rules.readiness(meeting, act)
            assert all(check.done for check in checks)
            facts = " / ".join(check.fact for check in checks)
            assert "最迟 2026-05-13（周三）申请" in facts
            assert "3 人合格，1 人不合格" in facts
            Declaration.objects.filter(pk=examined(self.city, self.line, 130).pk).update(status="in_examination")
            assert list(rules.no_open_examination(meeting, act))
            meeting.expected = 9  # 15 members: ten must come
            assert "10" in str(next(iter(rules.quorum_possible(meeting, act))))
            meeting.expected = 16
            assert list(rules.quorum_possible(meeting, act))
            meeting.committee.scopes.update(valid_to=dt.date(2026, 1, 1))
            assert list(rules.in_scope(meeting, act))
            meeting.committee.standards.get(level=meeting.level).versions.update(effective_to=dt.date(2026, 1, 12))
            meeting.line.opens_on = dt.date(2026, 2, 1)
            assert list(rules.standard_approved(meeting, act))
            Committee.objects.filter(pk=meeting.committee_id).update(member_count_min=17)
            meeting.committee.refresh_from_db()
            assert list(rules.size_in_rule_set(meeting, act))
            meeting.meets_on = dt.date(2032, 1, 5)
            assert list(rules.term_valid_on_day(meeting, act))
            meeting.level = "senior"
            assert list(rules.committee_in_plan(meeting, act))

    def test_one_live_meeting_a_line_and_day_and_one_live_admission_a_person(self):
        with clock.travel(MONDAY):
            first = self.draft()
            with pytest.raises(Blocked) as refused:
                self.draft()
            assert refused.value.problems[0].field == "meets_on"
            clerk = holder("office_clerk", first.committee.office)
            services.make_papers(first, actor=clerk)
            second = story.prepare(self.city, self.cycle, self.line, [], dt.date(2026, 5, 27))
            services.make_papers(second, actor=clerk)
            assert not second.admissions.exists()  # everybody stands on the first one's roster
            with pytest.raises(IntegrityError), transaction.atomic():
                Admission.objects.create(meeting=second, declaration=self.rows[0], seq=1, exam_result="qualified")
            director = holder("committee_director", first.committee.office)
            MEETING.fire(first, "cancel", actor=director, reason="改期")
            services.make_papers(second, actor=clerk)
            assert second.admissions.count() == 4

    def test_cancelled_after_the_approval_everybody_is_qualified_again(self):
        with clock.travel(MONDAY):
            meeting = story.approve(story.apply(self.draft()))
            director = holder("committee_director", meeting.committee.office)
            MEETING.fire(meeting, "cancel", actor=director, reason="会场停电")
            self.rows[0].refresh_from_db()
            assert self.rows[0].status == "qualified"
            again = story.prepare(self.city, self.cycle, self.line, self.rows, dt.date(2026, 5, 27))
            assert again.pk != meeting.pk
