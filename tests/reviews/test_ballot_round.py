"""Call-up, attendance, recusal, two tellers, the observer, votes set aside: the paper ballot."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import TestCase
from django.urls import reverse

from appraisal_portal.home.story import meeting as story
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.workflow import Blocked, NotAllowed
from committees.reviews.models import Attendee, PaperCount, RollEntry, Verdict
from committees.reviews.services import ballot as counting
from committees.reviews.services import conflicts
from committees.reviews.services import meeting as services
from committees.reviews.workflow import BALLOT_ROUND, MEETING
from tests.factories.reviews import MEETING_DAY, MONDAY, a_meeting


class Ballot(TestCase):
    @classmethod
    def setUpTestData(cls):
        with clock.travel(MONDAY):
            cls.city, cls.cycle, cls.meeting, cls.rows = a_meeting(3)
            story.approve(story.apply(cls.meeting))
        cls.clerk = story._clerk(cls.meeting)
        cls.director = story._director(cls.meeting)

    def setUp(self):
        self.enterContext(clock.travel(MEETING_DAY))
        self.meeting.refresh_from_db()
        self.first = self.meeting.admissions.get(declaration=self.rows[0])

    def observer(self):
        return story.observer_of(self.meeting)

    def tellers(self):
        return [row.user for row in self.meeting.attendees.filter(role="teller")]

    def enter(self, ballot, teller, admission, agree, against, *, abstain=0, invalid=0):
        issued = agree + against + abstain + invalid
        return counting.enter_count(
            ballot,
            admission,
            actor=teller,
            issued=issued,
            agree=agree,
            against=against,
            abstain=abstain,
            invalid=invalid,
        )

    def test_the_meeting_opens_on_its_day_with_quorum_after_the_observer_signed(self):
        with pytest.raises(Blocked):
            MEETING.fire(self.meeting, "open", actor=self.clerk)
        voters = list(self.meeting.attendees.filter(role="voter"))
        others = list(self.meeting.attendees.exclude(role="voter"))
        services.sign_in(self.meeting, voters[:9] + others, actor=self.clerk)
        services.sign_attendance(self.meeting, observer=self.observer())
        with pytest.raises(Blocked) as refused:
            MEETING.fire(self.meeting, "open", actor=self.clerk)
        assert "9" in str(refused.value)
        assert "10" in str(refused.value)
        services.sign_in(self.meeting, voters[:10] + others, actor=self.clerk)
        self.meeting.refresh_from_db()
        assert self.meeting.attendance_signed_by_id is None  # a change needs the observer again
        services.sign_attendance(self.meeting, observer=self.observer())
        with clock.travel(MEETING_DAY + dt.timedelta(days=1)), pytest.raises(Blocked):
            MEETING.fire(self.meeting, "open", actor=self.clerk)
        MEETING.fire(self.meeting, "open", actor=self.clerk)

    def test_a_day_that_has_passed_leaves_nothing_but_giving_the_meeting_up(self):
        page = lambda name: self.client.get(reverse(f"reviews:{name}", args=[self.meeting.pk])).content.decode()  # noqa: E731
        voter = self.meeting.attendees.filter(role="voter").first()
        with clock.travel(MEETING_DAY + dt.timedelta(days=1)):
            for user in (self.clerk, self.director):
                self.client.force_login(user)
                whole = page("meeting-detail")
                assert "会议日期已过，会议没有召开。下一步由主任委员与纪检监督员共同宣布会议无效" in whole
                assert "/do/open/" not in whole
                assert ("/do/void/" in whole) == (user == self.director)
            self.client.force_login(self.clerk)
            for name in ("meeting-attendance", "meeting-call-up", "meeting-recusals"):
                assert "会议日期已过，会议没有召开，不能再填写。" in page(name)
                assert self.client.post(reverse(f"reviews:{name}", args=[self.meeting.pk])).status_code == 422
            for user in (voter.user, self.observer()):
                self.client.force_login(user)
                called = page("call-up")
                assert "另行召开的，会重新通知您" in called
                assert '<a class="btn' not in called.partition("<main")[2]

    def test_a_recused_member_leaves_that_persons_denominator_only(self):
        voters = list(self.meeting.attendees.filter(role="voter").order_by("pk"))
        services.recuse(self.meeting, self.first, voters[0].member, "侄女", actor=self.clerk)
        there = voters[:12] + list(self.meeting.attendees.exclude(role="voter"))
        services.sign_in(self.meeting, there, actor=self.clerk)
        services.sign_attendance(self.meeting, observer=self.observer())
        MEETING.fire(self.meeting, "open", actor=self.clerk)
        ballot = counting.open_round(self.meeting, actor=self.clerk)
        assert ballot.present == 12
        assert ballot.items.get(admission=self.first).roll == 11
        others = ballot.items.exclude(admission=self.first)
        assert {item.roll for item in others} == {12}
        assert not RollEntry.objects.filter(admission=self.first, member=voters[0].member).exists()
        for teller in self.tellers():
            self.enter(ballot, teller, self.first, 8, 3)
            for item, agree in zip(others, (8, 7), strict=True):
                self.enter(ballot, teller, item.admission, agree, 11 - agree, invalid=1)
        BALLOT_ROUND.fire(ballot, "seal", actor=self.observer())
        outcomes = dict(Verdict.objects.values_list("admission", "outcome"))
        assert outcomes[self.first.pk] == "passed"  # 8 of 11
        assert [outcomes[item.admission_id] for item in others] == ["passed", "not_passed"]  # 8 and 7 of 12
        with pytest.raises(IntegrityError), transaction.atomic():
            RollEntry.objects.create(round=ballot, admission=self.first, member=voters[0].member)
        with pytest.raises(Blocked):
            services.recuse(self.meeting, self.first, voters[1].member, "朋友", actor=self.clerk)

    def test_two_tellers_must_agree_and_neither_sees_the_other(self):
        story.open_meeting(self.meeting)
        ballot = counting.open_round(self.meeting, actor=self.clerk, admissions=[self.first])
        one, two = self.tellers()
        observer = self.observer()
        with pytest.raises(Blocked):
            BALLOT_ROUND.fire(ballot, "seal", actor=observer)
        with pytest.raises(Blocked) as refused:
            self.enter(ballot, one, self.first, 13, 0)  # fourteen were handed out
        assert refused.value.problems[0].field == "issued"
        with pytest.raises(Blocked) as refused:
            counting.enter_count(ballot, self.first, actor=one, issued=14, agree=9, against=3, abstain=0, invalid=0)
        assert refused.value.problems[0].field == "agree"
        self.enter(ballot, one, self.first, 10, 4)
        self.enter(ballot, two, self.first, 9, 5)
        with pytest.raises(Blocked) as refused:
            BALLOT_ROUND.fire(ballot, "seal", actor=observer)
        assert str(self.first.seq) in str(refused.value)
        with pytest.raises(IntegrityError), transaction.atomic():
            type(ballot).objects.filter(pk=ballot.pk).update(
                status="sealed", confirmed_by=observer, ballots_sha256="0" * 64
            )
        self.enter(ballot, two, self.first, 10, 4)
        BALLOT_ROUND.fire(ballot, "seal", actor=observer)
        with pytest.raises(IntegrityError), transaction.atomic():
            PaperCount.objects.filter(round=ballot).update(agree=4, against=10)

    def test_who_may_count_open_and_seal(self):
        story.open_meeting(self.meeting)
        ballot = counting.open_round(self.meeting, actor=self.clerk, admissions=[self.first])
        voter = self.meeting.attendees.filter(role="voter").first()
        for stranger in (self.clerk, voter.user, self.director, self.observer()):
            with pytest.raises(NotAllowed):
                self.enter(ballot, stranger, self.first, 10, 4)
        with pytest.raises(NotAllowed):
            BALLOT_ROUND.fire(ballot, "seal", actor=self.clerk)
        with pytest.raises(NotAllowed):
            counting.open_round(self.meeting, actor=self.observer())
        with pytest.raises(IntegrityError), transaction.atomic():
            PaperCount.objects.create(
                round=ballot, admission=self.first, teller=voter, issued=14, agree=14, against=0, abstain=0, invalid=0
            )
        self.meeting.attendees.filter(role="teller").exclude(counts__isnull=False).first().delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            Attendee.objects.create(meeting=self.meeting, user=self.meeting.prepared_by, role="teller")

    def test_call_up_refuses_wrong_people_with_every_reason(self):
        voters = services.possible_voters(self.meeting)
        with pytest.raises(Blocked) as refused:
            services.call_up(
                self.meeting, actor=self.clerk, voters=voters[:5], observer=voters[0].user,
                tellers=[self.meeting.prepared_by, voters[1].user],
            )  # fmt: skip
        assert {p.field for p in refused.value.problems} == {"voters", "tellers", "observer"}

    def test_a_vote_set_aside_is_repeated_once_and_both_are_recorded(self):
        story.open_meeting(self.meeting)
        observer = self.observer()
        ballot = counting.open_round(self.meeting, actor=self.clerk)
        item = ballot.items.get(admission=self.first)
        with pytest.raises(Blocked):
            BALLOT_ROUND.fire(ballot, "set_aside", actor=observer, item=item, counted=item.roll)
        BALLOT_ROUND.fire(ballot, "set_aside", actor=observer, item=item, counted=13, seq=self.first.seq)
        with pytest.raises(Blocked):
            self.enter(ballot, self.tellers()[0], self.first, 10, 4)
        story.count(ballot, {})
        BALLOT_ROUND.fire(ballot, "seal", actor=observer)
        assert counting.undecided(self.meeting) == [self.first]
        second = counting.open_round(self.meeting, actor=self.clerk)
        assert second.number == 2
        item = second.items.get()
        BALLOT_ROUND.fire(second, "set_aside", actor=observer, item=item, counted=15, seq=self.first.seq)
        BALLOT_ROUND.fire(second, "seal", actor=observer)
        story.announce(ballot)
        story.announce(second)
        verdict = Verdict.objects.get(admission=self.first)
        assert verdict.outcome == "deferred"
        assert verdict.present is None
        assert [r.data for r in ballot.records.filter(transition="set_aside")] == [
            {"counted": 13, "seq": self.first.seq}
        ]
        services.make_minutes(self.meeting, actor=self.clerk)
        MEETING.fire(self.meeting, "lock_results", actor=self.director, signed=True)
        self.rows[0].refresh_from_db()
        assert self.rows[0].status == "deferred"
        self.first.refresh_from_db()
        assert not self.first.live

    def test_void_needs_the_observer_and_a_reason_and_starts_from_zero(self):
        story.open_meeting(self.meeting)
        ballot = counting.open_round(self.meeting, actor=self.clerk)
        with pytest.raises(Blocked) as refused:
            BALLOT_ROUND.fire(ballot, "void", actor=self.director)
        assert {p.field for p in refused.value.problems} == {"observer", "reason"}
        with pytest.raises(Blocked):
            MEETING.fire(self.meeting, "void", actor=self.director, observer=self.observer(), reason="停电")
        BALLOT_ROUND.fire(ballot, "void", actor=self.director, observer=self.observer(), reason="选票印错")
        assert len(counting.undecided(self.meeting)) == 3
        MEETING.fire(self.meeting, "void", actor=self.director, observer=self.observer(), reason="停电")
        self.rows[0].refresh_from_db()
        assert self.rows[0].status == "qualified"

    def test_locking_needs_a_decision_on_everybody_and_minutes_of_these_results(self):
        story.open_meeting(self.meeting)
        with pytest.raises(Blocked) as refused:
            MEETING.fire(self.meeting, "lock_results", actor=self.director, signed=True)
        assert len(refused.value.problems) == 2
        services.make_minutes(self.meeting, actor=self.clerk)
        story.vote(self.meeting, {})
        with pytest.raises(Blocked):  # minutes older than the results
            MEETING.fire(self.meeting, "lock_results", actor=self.director, signed=True)
        services.make_minutes(self.meeting, actor=self.clerk)
        MEETING.fire(self.meeting, "lock_results", actor=self.director, signed=True)

    def test_who_leaves_is_not_on_the_next_roll(self):
        story.open_meeting(self.meeting)
        story.vote(self.meeting, {})
        leaver = self.meeting.attendees.filter(role="voter").first()
        with clock.travel(clock.at(MEETING_DAY, 11)):
            services.leave(leaver, actor=self.clerk)
        leaver.refresh_from_db()
        assert not leaver.present

    def test_the_database_checks_the_arithmetic(self):
        story.open_meeting(self.meeting)
        ballot = counting.open_round(self.meeting, actor=self.clerk)
        numbers = {
            "admission": self.first, "round": ballot, "members": 15, "present": 14, "pass_num": 2, "pass_den": 3,
            "against": 0, "abstain": 0,
        }  # fmt: skip
        for agree, invalid, outcome in (
            (9, 5, "passed"),
            (10, 4, "not_passed"),
            (10, 3, "passed"),
            (14, 0, "deferred"),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Verdict.objects.create(**numbers, agree=agree, invalid=invalid, outcome=outcome)
        Verdict.objects.create(**numbers, agree=10, invalid=4, outcome="passed")
        with pytest.raises(Exception, match="verdict"), transaction.atomic():
            Verdict.objects.update(outcome="not_passed")

    def test_a_member_of_the_applicants_unit_stands_back_by_rule(self):
        member = self.meeting.attendees.filter(role="voter").first().member
        member.unit = self.rows[1].unit.name
        member.save()
        conflicts.propose_by_rule(self.meeting)
        found = member.recusals.filter(admission__meeting=self.meeting)
        assert found.count() == 3  # all three work there
        assert found.filter(proposed_by_rule=True).count() == 3
        with pytest.raises(Blocked):
            services.withdraw_recusal(found.first(), actor=self.clerk)

    def test_a_person_can_be_deferred_but_not_twice_and_not_while_voted_on(self):
        story.open_meeting(self.meeting)
        with pytest.raises(Blocked) as refused:
            MEETING.fire(
                self.meeting, "determine", actor=self.director, admission=self.first, outcome="passed", reason="x"
            )
        assert len(refused.value.problems) == 1  # this meeting decides by ballot
        story.defer(self.meeting, self.first)
        with pytest.raises(Blocked):
            story.defer(self.meeting, self.meeting.admissions.get(pk=self.first.pk))
        ballot = counting.open_round(self.meeting, actor=self.clerk)
        assert not ballot.items.filter(admission=self.first).exists()
        with pytest.raises(Blocked):
            story.defer(self.meeting, self.meeting.admissions.get(declaration=self.rows[1]))
        with pytest.raises(Blocked):
            counting.open_round(self.meeting, actor=self.clerk)  # nobody is left

    def test_a_determination_needs_no_ballot(self):
        type(self.meeting).objects.filter(pk=self.meeting.pk).update(kind="determination")
        story.open_meeting(self.meeting)
        for admission in self.meeting.admissions.filter(exam_result="qualified"):
            MEETING.fire(
                self.meeting,
                "determine",
                actor=self.director,
                admission=admission,
                outcome="passed",
                reason="学历、年限符合",
            )
        services.make_minutes(self.meeting, actor=self.clerk)
        MEETING.fire(self.meeting, "lock_results", actor=self.director, signed=True)
        verdict = Verdict.objects.get(admission=self.first)
        assert (verdict.basis, verdict.outcome, verdict.present) == ("determination", "passed", None)

    def test_the_recused_sees_nothing_of_that_case_after_the_seal(self):
        voter = self.meeting.attendees.filter(role="voter").first()
        services.recuse(self.meeting, self.first, voter.member, "侄女", actor=self.clerk)
        story.open_meeting(self.meeting)
        ballot = counting.open_round(self.meeting, actor=self.clerk)
        self.client.force_login(voter.user)
        assert self.client.get(ballot.get_absolute_url()).status_code == 404  # nothing before the seal
        story.count(ballot, {})
        BALLOT_ROUND.fire(ballot, "seal", actor=self.observer())
        page = self.client.get(ballot.get_absolute_url()).content.decode()
        assert self.rows[1].applicant.name in page
        assert self.rows[0].applicant.name not in page
