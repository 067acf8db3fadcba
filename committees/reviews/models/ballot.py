"""Voting: rounds, their persons, frozen rolls and the tellers' counts (表决)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThanOrEqual
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.approvals import content_sha256
from appraisal_portal.kernel.records import TransitionRecord
from committees.reviews.querysets.meeting import BallotRoundQuerySet

from .meeting import Admission, Attendee, Meeting

_ROUND_STATUS = "(SELECT status FROM reviews_ballotround WHERE id = NEW.round_id)"


def only_while(name: str, status: str, operation: pgtrigger.core.Operation, says: str) -> pgtrigger.Trigger:
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
    """One ballot sheet of a meeting (一轮投票): its persons, for each the members who may vote, frozen at opening.

    ``presided_by``: who leads through these persons, found at the opening. Electronic rounds: ``closes_at`` is said at
    the opening, ``shuts_at`` is the same moment on the database's own clock, which alone judges what is late;
    ``key_sha256`` lets the key be recognised; ``turnout`` and ``trackers`` (sorted) are what the box held at the seal.
    """

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
    presided_by = models.ForeignKey(
        "plans.CommitteeMember", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("presided by")
    )
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    shuts_at = models.DateTimeField(null=True, blank=True)
    key_sha256 = models.CharField(max_length=64, blank=True)
    turnout = models.PositiveSmallIntegerField(_("ballots cast"), null=True, blank=True)
    trackers = models.JSONField(default=list, blank=True)
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
                condition=~Q(status="sealed")
                | ~Q(ballots_sha256="") & (Q(mode="electronic", turnout__gte=1) | Q(confirmed_by__isnull=False)),
                name="round_sealed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(mode="paper", shuts_at__isnull=True, key_sha256="", turnout__isnull=True, trackers=[])
                | Q(mode="electronic", closes_at__gte=F("opens_at"), shuts_at__isnull=False) & ~Q(key_sha256=""),
                name="round_electronic_has_key_and_end",
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
                            i.roll > NEW.present
                            OR (SELECT count(*) FROM reviews_papercount c WHERE c.round_id = i.round_id
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
            # For every person: envelopes of entitled members = ballots = for + against + abstained ≤ roll.
            pgtrigger.Trigger(
                name="sealed_with_all_envelopes",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__status="sealed", new__mode="electronic")
                & ~pgtrigger.Q(old__status="sealed"),
                func="""
                    IF NEW.turnout IS DISTINCT FROM (
                        SELECT count(*) FROM reviews_envelope e JOIN reviews_rollmember m ON m.id = e.voter_id
                        WHERE m.round_id = NEW.id
                    ) OR EXISTS (
                        SELECT 1 FROM reviews_rounditem i
                        LEFT JOIN reviews_verdict v ON v.round_id = i.round_id AND v.admission_id = i.admission_id
                        CROSS JOIN LATERAL (
                            SELECT count(*) AS n FROM reviews_envelope e
                            JOIN reviews_rollmember m ON m.id = e.voter_id
                            JOIN reviews_rollentry r ON r.round_id = m.round_id AND r.member_id = m.member_id
                            WHERE m.round_id = i.round_id AND r.admission_id = i.admission_id) AS envelopes
                        CROSS JOIN LATERAL (
                            SELECT count(*) AS n, count(*) FILTER (WHERE b.choice = 'for') AS agree,
                                   count(*) FILTER (WHERE b.choice = 'against') AS against,
                                   count(*) FILTER (WHERE b.choice = 'abstain') AS abstain
                            FROM reviews_ballot b
                            WHERE b.round_id = i.round_id AND b.admission_id = i.admission_id) AS ballots
                        WHERE i.round_id = NEW.id AND i.void_reason = '' AND (
                            v.id IS NULL OR ballots.n <> envelopes.n OR ballots.n > i.roll
                            OR (v."for", v.against, v.abstain, v.invalid)
                               <> (ballots.agree, ballots.against, ballots.abstain, 0)
                            OR v.present < i.roll OR v.missing <> v.present - ballots.n)
                    ) THEN
                        RAISE EXCEPTION 'envelopes, ballots and tallies of this round differ'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # At the commit of a seal or a voiding no envelope is left, read or unread.
            pgtrigger.Trigger(
                name="box_empty_afterwards",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Q(new__status__in=["sealed", "void"]),
                func="""
                    IF EXISTS (SELECT 1 FROM reviews_envelope e JOIN reviews_rollmember m ON m.id = e.voter_id
                               WHERE m.round_id = NEW.id) THEN
                        RAISE EXCEPTION 'envelopes of this round are left' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} #{self.number}"

    def get_absolute_url(self) -> str:
        """Its page: the room's list of persons, for office, tellers and observer."""
        return reverse("reviews:round-detail", args=[self.pk])

    @property
    def electronic(self) -> bool:
        """Whether members vote on the portal."""
        return self.mode == self.Mode.ELECTRONIC

    @property
    def announced(self) -> bool:
        """Whether its result was read aloud in the room; over prefetched records."""
        return any(record.transition == "announce" for record in self.records.all())

    def content_hash(self) -> str:
        """What every record in the chain holds of a round: who may vote, and after the seal what was in the box."""
        return content_sha256(
            {
                "meeting": self.meeting_id,
                "round": self.number,
                "mode": self.mode,
                "roll": self.roll_sha256,
                "turnout": self.turnout,
                "trackers": self.trackers,
                "ballots": self.ballots_sha256,
            }
        )


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
            only_while("items_before_opening", "draft", pgtrigger.Insert, "the items of this round are frozen"),
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
            only_while("roll_before_opening", "draft", pgtrigger.Insert, "the roll of this round is frozen"),
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
            only_while(
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
                        WHERE a.id = NEW.teller_id AND a.role = 'teller'
                          AND a.user_id NOT IN (m.prepared_by_id, r.opened_by_id)
                    ) OR EXISTS (
                        SELECT 1 FROM reviews_rollentry e
                        JOIN plans_committeemember c ON c.id = e.member_id
                        JOIN reviews_attendee a ON a.id = NEW.teller_id
                        WHERE e.round_id = NEW.round_id AND c.user_id = a.user_id
                    ) THEN
                        RAISE EXCEPTION 'a teller neither votes nor prepared the meeting nor opened the round'
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
