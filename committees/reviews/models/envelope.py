"""The electronic ballot box (电子投票箱): sealed envelopes while a round is open, shuffled ballots after the seal.

No row holds both a member and a choice: an envelope names its voter and is unreadable without the round's key, a ballot
is readable and has neither voter nor time. Both exist side by side only inside the transaction of the seal.
"""

import uuid

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from .ballot import BallotRound, only_while
from .meeting import Admission


class RollMember(models.Model):
    """A member entitled to at least one person of the round: one ballot sheet each (领票人). Written at opening."""

    round = models.ForeignKey(BallotRound, models.PROTECT, related_name="voters")
    member = models.ForeignKey("plans.CommitteeMember", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["round", "member"]
        constraints = [models.UniqueConstraint(fields=["round", "member"], name="roll_member_once")]
        triggers = [
            only_while("sheets_before_opening", "draft", pgtrigger.Insert, "the roll of this round is frozen"),
            pgtrigger.Protect(name="sheets_stay", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.member_id}"


class Envelope(models.Model):
    """One member's sealed sheet (加密选票): its key is the voter's row of the roll, so there is never a second one."""

    voter = models.OneToOneField(RollMember, models.PROTECT, primary_key=True, related_name="envelope")
    nonce = models.BinaryField(max_length=12)
    ciphertext = models.BinaryField(max_length=1040)

    class Meta:
        triggers = [
            # FOR SHARE waits for a seal under way and makes a later seal wait for this envelope.
            pgtrigger.Trigger(
                name="box_open_and_in_time",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("box", "reviews_ballotround%ROWTYPE")],
                func="""
                    SELECT r.* INTO box FROM reviews_ballotround r
                        JOIN reviews_rollmember m ON m.round_id = r.id WHERE m.id = NEW.voter_id FOR SHARE OF r;
                    IF box.status <> 'open' OR box.mode <> 'electronic' OR clock_timestamp() > box.shuts_at THEN
                        RAISE EXCEPTION 'this ballot box is closed' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="envelope_stays", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="envelope_taken_out_at_the_end",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="""
                    IF (SELECT r.status FROM reviews_ballotround r JOIN reviews_rollmember m ON m.round_id = r.id
                        WHERE m.id = OLD.voter_id) NOT IN ('sealed', 'void') THEN
                        RAISE EXCEPTION 'an envelope stays in its box' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN OLD;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voter_id}"


class Ballot(models.Model):
    """One vote on one person out of the shuffled box (选票). Nothing leads from here to a member or a time."""

    class Choice(models.TextChoices):
        FOR = "for", _("For")  # 赞成
        AGAINST = "against", _("Against")  # 反对
        ABSTAIN = "abstain", _("Abstain")  # 弃权

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(BallotRound, models.PROTECT, related_name="ballots")
    admission = models.ForeignKey(Admission, models.PROTECT, related_name="ballots")
    choice = models.CharField(max_length=7, choices=Choice.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(choice__in=["for", "against", "abstain"]), name="ballot_choice")
        ]
        triggers = [
            only_while("ballots_at_the_seal", "open", pgtrigger.Insert, "ballots come out of the box at its seal only"),
            pgtrigger.Protect(name="ballot_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.pk)
