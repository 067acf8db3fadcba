"""Voting: rounds, frozen rolls, the tellers' counts and the verdict on each person (表决)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.records import TransitionRecord
from committees.reviews.querysets.meeting import BallotRoundQuerySet

from .meeting import Admission, Attendee, Meeting

_FOR = F("pass_den") * F("agree")
_NEEDED = F("pass_num") * F("present")
_ROUND_STATUS = "(SELECT status FROM reviews_ballotround WHERE id = NEW.round_id)"


def _only_while(name: str, status: str, operation: pgtrigger.core.Operation, says: str) -> pgtrigger.Trigger:
    """Rows of a round change only while the round has that status."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        func=f"""
            IF {_ROUND_STATUS} <> '{status}' THEN
                RAISE EXCEPTION '{says}' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


class BallotRound(models.Model):
    """One ballot sheet of a meeting (一轮投票): its persons, for each the members who may vote, frozen at opening."""

    class Mode(models.TextChoices):
        PAPER = "paper", _("paper ballot")  # 纸质投票
        ELECTRONIC = "electronic", _("electronic ballot")  # 电子投票

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        SEALED = "sealed", _("Sealed")
        VOID = "void", _("Void")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("round"))
    mode = models.CharField(_("way of voting"), max_length=10, choices=Mode.choices, default=Mode.PAPER)
    members = models.PositiveSmallIntegerField(_("members of the committee"))
    present = models.PositiveSmallIntegerField(_("members in the room"), default=0)
    quorum_num = models.PositiveIntegerField()
    quorum_den = models.PositiveIntegerField()
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    roll_sha256 = models.CharField(max_length=64, blank=True)
    ballots_sha256 = models.CharField(max_length=64, blank=True)
    void_reason = models.TextField(_("why it is void"), blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)

    objects = BallotRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("ballot round")
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="round_number"),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(present__gte=1, opened_by__isnull=False) & ~Q(roll_sha256=""),
                name="round_opened_with_roll",
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(present__lte=F("members"))
                & Q(GreaterThanOrEqual(F("quorum_den") * F("present"), F("quorum_num") * F("members"))),
                name="round_quorum",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("opened_by")), name="round_two_people"
            ),
            models.CheckConstraint(condition=~Q(status="void") | ~Q(void_reason=""), name="round_void_reason"),
            models.CheckConstraint(
                condition=~Q(status="sealed") | Q(confirmed_by__isnull=False) & ~Q(ballots_sha256=""),
                name="round_sealed_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="sealed_with_complete_counts",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__status="sealed", new__mode="paper") & ~pgtrigger.Q(old__status="sealed"),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM reviews_rounditem i
                        WHERE i.round_id = NEW.id AND i.void_reason = '' AND (
                            (SELECT count(*) FROM reviews_papercount c WHERE c.round_id = i.round_id
                             AND c.admission_id = i.admission_id AND c.issued = i.roll) <> 2
                            OR (SELECT count(DISTINCT (c.issued, c."for", c.against, c.abstain, c.invalid))
                                FROM reviews_papercount c WHERE c.round_id = i.round_id
                                AND c.admission_id = i.admission_id) <> 1)
                    ) THEN
                        RAISE EXCEPTION 'the two tellers have not entered equal counts of every item'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} #{self.number}"

    def get_absolute_url(self) -> str:
        """Its page: the room's list of persons, for office, tellers and observer."""
        return reverse("reviews:round-detail", args=[self.pk])


class BallotRoundRecord(TransitionRecord):
    """Who opened, sealed or voided a round, and which items were set aside."""

    subject = models.ForeignKey(BallotRound, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class RoundItem(models.Model):
    """One person on a ballot sheet. ``roll``: members who may vote on this person, frozen at opening.

    ``void_reason``: ballots counted ≠ ballots handed out, so this vote is void and repeated once (domain.md §2).
    """

    round = models.ForeignKey(BallotRound, models.PROTECT, related_name="items")
    admission = models.ForeignKey(Admission, models.PROTECT, related_name="round_items")
    roll = models.PositiveSmallIntegerField(_("members entitled"), default=0)
    void_reason = models.CharField(_("why the vote is void"), max_length=200, blank=True)
    counted = models.PositiveSmallIntegerField(_("ballots found"), null=True, blank=True)

    class Meta:
        ordering = ["round", "admission__seq"]
        constraints = [
            models.UniqueConstraint(fields=["round", "admission"], name="round_item_once"),
            models.CheckConstraint(
                condition=(Q(void_reason="") & Q(counted__isnull=True))
                | (~Q(void_reason="") & Q(counted__isnull=False) & ~Q(counted=F("roll"))),
                name="round_item_void_on_mismatch",
            ),
        ]
        triggers = [
            _only_while("items_before_opening", "draft", pgtrigger.Insert, "the items of this round are frozen"),
            pgtrigger.Protect(name="items_not_taken_off", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="items_change_only_by_setting_aside",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                declare=[("stands", "text")],
                func="""
                    SELECT status INTO stands FROM reviews_ballotround WHERE id = NEW.round_id;
                    IF stands = 'open' AND (NEW.round_id, NEW.admission_id, NEW.roll)
                            = (OLD.round_id, OLD.admission_id, OLD.roll) AND OLD.void_reason = '' THEN
                        RETURN NEW;
                    ELSIF stands <> 'draft' THEN
                        RAISE EXCEPTION 'the items of this round are frozen' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.admission_id}"


class RollEntry(models.Model):
    """A member who is present and not recused for this item; written at opening, never changed."""

    round = models.ForeignKey(BallotRound, models.PROTECT, related_name="roll")
    admission = models.ForeignKey(Admission, models.PROTECT, related_name="roll_entries")
    member = models.ForeignKey("plans.CommitteeMember", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "admission", "member"], name="roll_entry_once")]
        triggers = [
            _only_while("roll_before_opening", "draft", pgtrigger.Insert, "the roll of this round is frozen"),
            pgtrigger.Protect(name="roll_stays", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="recused_not_on_roll",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT 1 FROM reviews_recusal r
                               WHERE r.admission_id = NEW.admission_id AND r.member_id = NEW.member_id) THEN
                        RAISE EXCEPTION 'this member stands back from this person' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.admission_id} {self.member_id}"


class PaperCount(models.Model):
    """What one teller counted for one person; the two tellers do not see each other's numbers."""

    round = models.ForeignKey(BallotRound, models.PROTECT, related_name="counts")
    admission = models.ForeignKey(Admission, models.PROTECT, related_name="counts")
    teller = models.ForeignKey(Attendee, models.PROTECT, related_name="counts")
    issued = models.PositiveSmallIntegerField(_("ballots handed out"))
    agree = models.PositiveSmallIntegerField(_("for"), db_column="for")
    against = models.PositiveSmallIntegerField(_("against"))
    abstain = models.PositiveSmallIntegerField(_("abstained"))
    invalid = models.PositiveSmallIntegerField(_("invalid"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "admission", "teller"], name="paper_count_once"),
            models.CheckConstraint(
                condition=Q(issued=F("agree") + F("against") + F("abstain") + F("invalid")), name="paper_count_sum"
            ),
        ]
        triggers = [
            _only_while(
                "counted_while_open", "open", pgtrigger.Insert | pgtrigger.Update, "this round is not open any more"
            ),
            pgtrigger.Protect(name="count_stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="counted_by_tellers",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM reviews_attendee a
                        JOIN reviews_ballotround r ON r.id = NEW.round_id AND r.meeting_id = a.meeting_id
                        JOIN reviews_meeting m ON m.id = a.meeting_id
                        WHERE a.id = NEW.teller_id AND a.role = 'teller' AND a.user_id <> m.prepared_by_id
                    ) OR EXISTS (
                        SELECT 1 FROM reviews_rollentry e
                        JOIN plans_committeemember c ON c.id = e.member_id
                        JOIN reviews_attendee a ON a.id = NEW.teller_id
                        WHERE e.round_id = NEW.round_id AND c.user_id = a.user_id
                    ) THEN
                        RAISE EXCEPTION 'only a teller who neither votes nor prepared the meeting enters counts'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.admission_id} {self.teller_id}"

    @property
    def numbers(self) -> tuple[int, int, int, int, int]:
        """Handed out, for, against, abstained, invalid: what two tellers must agree on."""
        return self.issued, self.agree, self.against, self.abstain, self.invalid


class Verdict(models.Model):
    """What the committee decided on one person. The arithmetic is checked by the database, in integers (R-02, R-06).

    ``present``: the roll of this person (in the room and not recused). Abstentions and invalid ballots stay in it.
    ``pass_num / pass_den``: the committee's fraction, copied, so that a later change of the committee alters nothing.
    """

    class Basis(models.TextChoices):
        VOTE = "vote", _("vote")  # 投票
        DETERMINATION = "determination", _("determination without a vote")  # 认定

    class Outcome(models.TextChoices):
        PASSED = "passed", _("Passed")
        NOT_PASSED = "not_passed", _("Not passed")
        DEFERRED = "deferred", _("Deferred")

    admission = models.OneToOneField(Admission, models.PROTECT, related_name="verdict")
    basis = models.CharField(max_length=14, choices=Basis.choices, default=Basis.VOTE)
    round = models.ForeignKey(BallotRound, models.PROTECT, null=True, blank=True, related_name="verdicts")
    members = models.PositiveSmallIntegerField(null=True, blank=True)
    present = models.PositiveSmallIntegerField(null=True, blank=True)
    agree = models.PositiveSmallIntegerField(_("for"), null=True, blank=True, db_column="for")
    against = models.PositiveSmallIntegerField(_("against"), null=True, blank=True)
    abstain = models.PositiveSmallIntegerField(_("abstained"), null=True, blank=True)
    invalid = models.PositiveSmallIntegerField(_("invalid"), null=True, blank=True)
    pass_num = models.PositiveIntegerField()
    pass_den = models.PositiveIntegerField()
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    ground = models.CharField(_("ground"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("verdict")
        ordering = ["admission__seq"]
        constraints = [
            models.CheckConstraint(
                condition=Q(basis="vote", outcome__in=["passed", "not_passed"], round__isnull=False)
                & Q(members__isnull=False, present__isnull=False, agree__isnull=False)
                & Q(against__isnull=False, abstain__isnull=False, invalid__isnull=False)
                | (Q(basis="determination") | Q(outcome="deferred"))
                & Q(members__isnull=True, present__isnull=True, agree__isnull=True)
                & Q(against__isnull=True, abstain__isnull=True, invalid__isnull=True),
                name="verdict_counts_of_a_vote",
            ),
            models.CheckConstraint(
                condition=Q(present__isnull=True)
                | Q(present=F("agree") + F("against") + F("abstain") + F("invalid"))
                & Q(present__gte=1, present__lte=F("members")),
                name="verdict_sum",
            ),
            # Integers throughout: den·for ≥ num·present, never a fraction of 0.666…
            models.CheckConstraint(
                condition=Q(present__isnull=True)
                | Q(outcome="passed") & Q(GreaterThanOrEqual(_FOR, _NEEDED))
                | Q(outcome="not_passed") & Q(LessThan(_FOR, _NEEDED)),
                name="verdict_arithmetic",
            ),
            models.CheckConstraint(
                condition=Q(pass_num__gte=1) & Q(pass_num__lte=F("pass_den")), name="verdict_fraction"
            ),
            models.CheckConstraint(condition=~Q(outcome="deferred") | ~Q(ground=""), name="verdict_deferred_ground"),
        ]
        triggers = [pgtrigger.Protect(name="verdict_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.admission_id} {self.outcome}"
