"""The electronic ballot (trust.md §3): who casts, what is refused, what a seal leaves behind, how a round is void."""

import contextlib
import datetime as dt
import logging
import os
from pathlib import Path
from unittest.mock import patch

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.test import TestCase

from appraisal_portal.home.story import meeting as story
from appraisal_portal.kernel import clock, sweeps
from appraisal_portal.kernel.access import SYSTEM
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, WrongState
from committees.reviews.box import envelopes, keys
from committees.reviews.models import Ballot, BallotRound, Envelope, RollMember, Verdict
from committees.reviews.services import ballot as counting
from committees.reviews.services import ballot_box
from committees.reviews.services import meeting as services
from committees.reviews.tasks import ballot_boxes
from committees.reviews.workflow import BALLOT_ROUND, MEETING
from tests.ballots import steps
from tests.factories.reviews import MEETING_DAY


def forbidden():
    """What the database refuses; the transaction goes on."""
    stack = contextlib.ExitStack()
    stack.enter_context(pytest.raises(Exception, match=r"frozen|Cannot|stays|closed|seal|differ|unique|come out"))
    stack.enter_context(transaction.atomic())
    return stack


def everything() -> dict[str, str]:
    """A digest of every table of the database."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        digests = {}
        for table in tables:
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM {name} t")
            digests[table] = cursor.fetchone()[0]
    return digests


class Box(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.meeting = steps.approved(3)
        with steps.on_its_day():
            story.open_meeting(cls.meeting)
        cls.people = list(cls.meeting.admissions.filter(exam_result="qualified").order_by("seq"))

    def setUp(self):
        self.enterContext(steps.on_its_day())
        self.meeting.refresh_from_db()

    def test_a_round_from_the_opening_to_the_result(self):
        ballot = steps.opened(self.meeting)
        key = Path(settings.PORTAL_BALLOT_KEYS) / str(ballot.pk)
        assert key.stat().st_mode & 0o777 == 0o600
        assert key.stat().st_size == 32
        assert ballot.closes_at == clock.now() + dt.timedelta(minutes=30)
        users = steps.jurors(ballot)
        trackers = [steps.vote(ballot, user, "against" if n < 4 else "for") for n, user in enumerate(users)]
        assert len(set(trackers)) == len(users) == 14
        assert {len(bytes(e.ciphertext)) for e in Envelope.objects.all()} == {64 + 16}
        with self.captureOnCommitCallbacks(execute=True):
            record = steps.seal(ballot)
        assert not key.exists()
        assert steps.tally(ballot) == {person.pk: (10, 4, 0, 0) for person in self.people}
        assert {v.outcome for v in ballot.verdicts.all()} == {"passed"}  # 10 of 14
        assert ballot.trackers == sorted(trackers)
        assert ballot.turnout == 14
        assert not Envelope.objects.exists()
        assert Ballot.objects.filter(round=ballot).count() == 42
        assert record.content_hash == ballot.content_hash()
        assert not {"for", "against", "member"} & set(record.data)

    def test_a_second_a_late_and_a_foreign_ballot_are_refused(self):
        ballot = steps.opened(self.meeting)
        first, second, third, *_rest = steps.jurors(ballot)
        steps.vote(ballot, first)
        before = bytes(Envelope.objects.get().ciphertext)
        with pytest.raises(ballot_box.AlreadyCast):
            steps.vote(ballot, first, "against")
        assert bytes(Envelope.objects.get().ciphertext) == before
        for stranger in (
            steps.clerk_of(self.meeting),
            story.observer_of(self.meeting),
            steps.director_of(self.meeting),
        ):
            with pytest.raises(NotAllowed):
                ballot_box.cast(ballot, actor=stranger, choices=steps.sheet(ballot, second))
        absent = next(m for m in services.possible_voters(self.meeting) if not ballot.voters.filter(member=m).exists())
        with pytest.raises(NotAllowed):  # called up or not: who is not in the room is not on the roll
            ballot_box.cast(ballot, actor=story.juror(absent), choices=steps.sheet(ballot, second))
        with pytest.raises(Blocked):  # nobody is left out
            ballot_box.cast(ballot, actor=second, choices={self.people[0].pk: "for"})
        with pytest.raises(Blocked):
            ballot_box.cast(ballot, actor=second, choices={p.pk: "perhaps" for p in self.people})
        choices = steps.sheet(ballot, third)
        steps.time_passes(ballot)
        with pytest.raises(WrongState) as late:
            ballot_box.cast(ballot, actor=third, choices=choices)
        assert "已结束" in str(late.value)
        assert Envelope.objects.count() == 1

    def test_a_box_locked_for_long_asks_to_press_again_and_stores_nothing(self):
        ballot = steps.opened(self.meeting)
        user = steps.jurors(ballot)[0]
        locked = OperationalError("canceling statement due to lock timeout")
        locked.__cause__ = psycopg.errors.LockNotAvailable()
        with patch.object(Envelope.objects, "create", side_effect=locked), pytest.raises(ballot_box.Busy) as busy:
            steps.vote(ballot, user)
        assert "尚未投入" in str(busy.value)
        steps.vote(ballot, user)
        assert Envelope.objects.count() == 1

    def test_a_cast_after_the_seal_hears_that_the_round_is_closed(self):
        ballot = steps.opened(self.meeting, self.people[:1])
        users = steps.jurors(ballot)
        for user in users[:-1]:
            steps.vote(ballot, user)
        with pytest.raises(Blocked) as refused:  # every_ballot_in: one is missing
            steps.seal(ballot)
        assert "1" in str(refused.value)
        with self.captureOnCommitCallbacks(execute=True):
            steps.seal_early(ballot)
        assert ballot.confirmed_by == story.observer_of(self.meeting)
        with pytest.raises(WrongState) as late:
            steps.vote(ballot, users[-1])
        assert "已结束" in str(late.value)
        assert steps.tally(ballot) == {self.people[0].pk: (13, 0, 0, 1)}  # the missing one counts, but not in favour

    def test_the_portal_seals_at_the_announced_time_when_somebody_reads(self):
        ballot = steps.opened(self.meeting)
        users = steps.jurors(ballot)
        for user in users[:9]:
            steps.vote(ballot, user)
        with pytest.raises(Blocked):  # time_is_up: not yet
            BALLOT_ROUND.fire(ballot, "seal_due", actor=SYSTEM)
        with pytest.raises(NotAllowed):
            BALLOT_ROUND.fire(ballot, "seal_due", actor=steps.clerk_of(self.meeting))
        assert ballot_box.settle(self.meeting) == 0
        steps.time_passes(ballot)
        assert ballot_box.settle(self.meeting) == 1
        assert ballot_box.settle(self.meeting) == 0
        ballot.refresh_from_db()
        assert ballot.status == "sealed"
        assert ballot.records.get(transition="seal_due").actor is None
        assert {v.outcome for v in ballot.verdicts.all()} == {"not_passed"}  # 9 of 14

    def test_an_empty_box_is_not_sealed(self):
        ballot = steps.opened(self.meeting)
        steps.time_passes(ballot)
        assert ballot_boxes() == 0
        with pytest.raises(Blocked) as refused:  # somebody_voted
            steps.seal_early(ballot)
        assert len(refused.value.problems) == 1

    def test_early_closing_needs_director_and_observer(self):
        ballot = steps.opened(self.meeting)
        steps.vote(ballot, steps.jurors(ballot)[0])
        with pytest.raises(NotAllowed):
            BALLOT_ROUND.fire(ballot, "seal_early", actor=steps.clerk_of(self.meeting), reason="x")
        with pytest.raises(Blocked) as refused:
            BALLOT_ROUND.fire(ballot, "seal_early", actor=steps.director_of(self.meeting))
        assert {p.field for p in refused.value.problems} == {"observer", "reason"}

    def test_a_changed_envelope_stops_the_seal(self):
        ballot = steps.opened(self.meeting, self.people[:1])
        for user in steps.jurors(ballot):
            steps.vote(ballot, user)
        with forbidden():
            Envelope.objects.update(nonce=b"0" * 12)
        one, two = Envelope.objects.all()[:2]
        whole = bytes(one.ciphertext)
        with connection.cursor() as cursor:  # only who owns the table can do this
            for bad in (bytes([whole[0] ^ 1]) + whole[1:], bytes(two.ciphertext), b"\0" * len(whole)):
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("ALTER TABLE reviews_envelope DISABLE TRIGGER USER")
                cursor.execute("UPDATE reviews_envelope SET ciphertext = %s WHERE voter_id = %s", [bad, one.pk])
                cursor.execute("ALTER TABLE reviews_envelope ENABLE TRIGGER USER")
                with self.assertLogs("committees.reviews", logging.CRITICAL), pytest.raises(Blocked):
                    steps.seal(ballot)
        ballot.refresh_from_db()
        assert ballot.status == "open"
        assert not Ballot.objects.exists()
        assert not Verdict.objects.filter(round=ballot).exists()

    def test_a_lost_or_foreign_key_stops_casting_and_seal_and_leaves_only_voiding(self):
        ballot = steps.opened(self.meeting)
        first, second, *_rest = steps.jurors(ballot)
        steps.vote(ballot, first)
        for lose in (keys.destroy, keys.create):
            lose(ballot.pk)
            with pytest.raises(Blocked):
                steps.vote(ballot, second)
            with pytest.raises(Blocked):  # key_at_hand
                steps.seal_early(ballot)
        BALLOT_ROUND.fire(
            ballot, "void", actor=steps.director_of(self.meeting), observer=story.observer_of(self.meeting),
            reason="服务器重启，票箱密钥丢失",
        )  # fmt: skip
        assert not Envelope.objects.exists()

    def test_void_reads_nothing_and_the_next_round_starts_from_zero(self):
        ballot = steps.opened(self.meeting)
        users = steps.jurors(ballot)
        for user in users[:13]:
            steps.vote(ballot, user)
        with pytest.MonkeyPatch.context() as patch, self.captureOnCommitCallbacks(execute=True):
            patch.setattr(envelopes, "unseal", lambda *args: pytest.fail("an envelope was read"))
            BALLOT_ROUND.fire(
                ballot, "void", actor=steps.director_of(self.meeting), observer=story.observer_of(self.meeting),
                reason="投票设备故障",
            )  # fmt: skip
        assert not Envelope.objects.exists()
        assert not Ballot.objects.exists()
        assert keys.kept() == []
        again = steps.opened(self.meeting)
        assert again.number == 2
        steps.vote(again, users[0])
        assert Envelope.objects.count() == 1  # nothing is carried over: no difference of two tallies (P47)
        with pytest.raises(WrongState):
            BALLOT_ROUND.fire(ballot, "open", actor=steps.clerk_of(self.meeting))

    def test_the_database_keeps_the_box_by_itself(self):
        ballot = steps.opened(self.meeting)
        users = steps.jurors(ballot)
        voter = ballot_box.voter_of(ballot, users[0])
        steps.vote(ballot, users[0])
        row = Envelope.objects.get()
        for attempt in (
            lambda: Envelope.objects.create(voter=voter, nonce=b"1" * 12, ciphertext=b"1" * 80),
            row.delete,
            lambda: RollMember.objects.create(round=ballot, member=services.possible_voters(self.meeting)[-1]),
            lambda: RollMember.objects.filter(pk=voter.pk).delete(),
        ):
            with forbidden():
                attempt()
        fields = {"status": "sealed", "ballots_sha256": "0" * 64}
        with forbidden():  # sealed without ballots and verdicts
            BallotRound.objects.filter(pk=ballot.pk).update(turnout=1, **fields)
        for user in users[1:]:
            steps.vote(ballot, user)
        Ballot.objects.create(round=ballot, admission=self.people[0], choice="for")  # stuffed
        with forbidden():
            steps.seal(ballot)
        again = BallotRound.objects.get(pk=ballot.pk)
        assert again.status == "open"

    def test_sealed_ballots_stay_and_nobody_adds_one(self):
        ballot = steps.opened(self.meeting)
        for user in steps.jurors(ballot):
            steps.vote(ballot, user)
        steps.seal(ballot)
        one = Ballot.objects.filter(round=ballot, choice="for").first()
        for attempt in (
            lambda: Ballot.objects.filter(pk=one.pk).update(choice="against"),
            one.delete,
            lambda: Ballot.objects.create(round=ballot, admission=self.people[0], choice="for"),
        ):
            with forbidden():
                attempt()

    def test_r06_fifteen_members_ten_present_one_recused_six_of_nine_pass(self):
        voters = list(self.meeting.attendees.filter(role="voter").order_by("pk"))
        for leaver in voters[10:]:
            type(leaver).objects.filter(pk=leaver.pk).update(left_at=clock.now() + dt.timedelta(minutes=1))
        one = self.people[0]
        services.recuse(self.meeting, one, voters[0].member, "亲属", actor=steps.clerk_of(self.meeting))
        services.sign_attendance(self.meeting, observer=story.observer_of(self.meeting))
        for counts_recused, outcome, missing in ((False, "passed", 0), (True, "not_passed", 1)):
            with transaction.atomic(), self.settings(PORTAL_PASS_COUNTS_RECUSED=counts_recused):
                ballot = steps.opened(self.meeting)
                assert (ballot.members, ballot.present) == (15, 10)
                assert ballot.items.get(admission=one).roll == 9
                users = steps.jurors(ballot)
                recused = next(user for user in users if user.pk == voters[0].user_id)
                assert one.pk not in steps.sheet(ballot, recused)
                with pytest.raises(Blocked):  # not even by a crafted form
                    ballot_box.cast(ballot, actor=recused, choices={p.pk: "for" for p in self.people})
                steps.vote(ballot, recused)
                for n, user in enumerate(u for u in users if u != recused):
                    steps.vote(ballot, user, "for" if n < 6 else "against")
                steps.seal(ballot)
                verdict = Verdict.objects.get(admission=one)
                assert (verdict.agree, verdict.against, verdict.missing) == (6, 3, missing)
                assert verdict.outcome == outcome
                transaction.set_rollback(True)

    def test_who_leaves_is_not_on_the_rolls_that_follow_and_without_quorum_they_wait(self):
        voters = list(self.meeting.attendees.filter(role="voter").order_by("pk"))
        ballot = steps.opened(self.meeting, self.people[:1])
        with pytest.raises(Blocked):  # nobody leaves between opening and seal
            services.leave(voters[0], actor=steps.clerk_of(self.meeting))
        for user in steps.jurors(ballot):
            steps.vote(ballot, user)
        steps.seal(ballot)
        with clock.travel(clock.at(MEETING_DAY, 10)):
            for leaver in voters[:4]:
                services.leave(leaver, actor=steps.clerk_of(self.meeting))
            second = steps.opened(self.meeting, self.people[1:2])
            assert second.voters.count() == second.present == 10
            with pytest.raises(NotAllowed):
                ballot_box.cast(second, actor=story.juror(voters[0].member), choices={self.people[1].pk: "for"})
            for user in steps.jurors(second):
                steps.vote(second, user)
            steps.seal(second)
            services.leave(voters[4], actor=steps.clerk_of(self.meeting))
            with pytest.raises(Blocked) as refused:
                steps.opened(self.meeting)
            assert "10" in str(refused.value)
            assert counting.undecided(self.meeting) == [self.people[2]]

    def test_the_clerk_says_how_long_a_round_is_open(self):
        for minutes in (0, 481):
            with pytest.raises(Blocked) as refused:  # time_given
                steps.opened(self.meeting, minutes=minutes)
            assert refused.value.problems[0].field == "minutes"
        assert keys.kept() == []

    def test_paper_and_electronic_seals_are_not_mixed_up(self):
        ballot = steps.opened(self.meeting)
        with pytest.raises(NotAllowed):
            BALLOT_ROUND.fire(ballot, "seal", actor=story.observer_of(self.meeting))
        with pytest.raises(Blocked):  # an electronic round asks no teller
            MEETING.fire(self.meeting, "lock_results", actor=steps.director_of(self.meeting))

    def test_casting_writes_the_envelope_and_nothing_else_and_logs_no_choice(self):
        """Not the records, not the inbox, not the sessions; the SQL log holds ciphertext only."""
        ballot = steps.opened(self.meeting)
        user = steps.jurors(ballot)[0]
        choices = steps.sheet(ballot, user, "abstain")
        before = everything()
        connection.force_debug_cursor = True
        try:
            with self.assertLogs("django.db.backends", logging.DEBUG) as logs:
                ballot_box.cast(ballot, actor=user, choices=choices)
        finally:
            connection.force_debug_cursor = False
        after = everything()
        assert {name for name in after if after[name] != before[name]} == {"reviews_envelope"}
        text = "\n".join(logs.output)
        assert "INSERT INTO" in text
        assert "abstain" not in text

    def test_the_sweep_destroys_keys_a_crash_left(self):
        ballot = steps.opened(self.meeting)
        for user in steps.jurors(ballot):
            steps.vote(ballot, user)
        steps.seal(ballot)  # the commit's callback does not run inside this test: as if the process had died
        keys.create(10**9)  # of an opening that is being made, in a transaction nobody sees yet
        keys.create(10**9 + 1)  # of one that was rolled back: its process died before it could take the key back
        old = Path(settings.PORTAL_BALLOT_KEYS) / str(10**9 + 1)
        os.utime(old, (0, 0))
        assert keys.kept() == [ballot.pk, 10**9, 10**9 + 1]
        assert sweeps.run_at_web_start() == 2
        assert keys.kept() == [10**9]

    def test_a_key_folder_of_somebody_else_is_not_used(self):
        folder = Path(settings.PORTAL_BALLOT_KEYS)
        real = folder.with_name("elsewhere")
        real.mkdir()
        folder.symlink_to(real)
        with pytest.raises(PermissionError):
            keys.folder()
