"""Casting a ballot and closing boxes whose time is up. Neither needs a worker, a queue or a timer (P49)."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from appraisal_portal.kernel.access import SYSTEM
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem, Refused, WrongState
from committees.reviews.access import meeting as access
from committees.reviews.box import envelopes, keys
from committees.reviews.models import Ballot, BallotRound, Envelope, Meeting, RollEntry, RollMember, RoundItem
from committees.reviews.rules import ballot_box as rules
from committees.reviews.workflow import BALLOT_ROUND
from committees.reviews.workflow.ballot_box import CODES

_WRITTEN = {choice.value: code for code, choice in CODES.items()}
_SHOWN = tuple(f"admission__declaration__{name}" for name in ("applicant", "unit", "title", "standard_version"))
_TWICE, _LOCKED = "23505", "55P03"


class AlreadyCast(Refused):
    """There is an envelope of this voter in the box; it can neither be changed nor be taken out."""


class Busy(Refused):
    """The box was locked for longer than anybody waits; nothing was stored and the sheet can be cast again."""


def _state(error: Exception) -> str:
    return str(getattr(error.__cause__, "sqlstate", ""))


def voter_of(ballot: BallotRound, user: Any) -> RollMember | None:
    """The user's own place on the roll of an electronic round, or None. Nobody has anybody else's."""
    if not ballot.electronic:
        return None
    return ballot.voters.filter(member__user=user.pk).select_related("member").first()


def sheet_of(voter: RollMember) -> list[RoundItem]:
    """The persons this voter decides on, in the order of the roster; those the voter stands back from are not there."""
    own = RollEntry.objects.filter(round=voter.round_id, member=voter.member_id).values("admission")
    items = RoundItem.objects.filter(round=voter.round_id, admission__in=own)
    return list(items.select_related(*_SHOWN).order_by("admission__seq"))


def tracker_of(voter: RollMember) -> str:
    """By which the voter finds the own envelope in the minutes; empty before casting and after the seal."""
    envelope = Envelope.objects.filter(voter=voter).first()
    return envelopes.tracker(envelope.ciphertext) if envelope else ""


def _closed() -> WrongState:
    return WrongState(_("This round is closed: no ballot is taken any more."))


def cast(ballot: BallotRound, *, actor: Any, choices: Mapping[int, str]) -> str:
    """Put the actor's own sheet into the box (admission → for, against, abstain); gives its tracker.

    One INSERT, judged by the database: late, second and foreign ballots are refused there. Raises NotAllowed,
    WrongState (closed), AlreadyCast, Busy, or Blocked when a person is left out or the key is lost.
    """
    refused = access.is_voter.why_not(actor, ballot)
    voter = None if refused else voter_of(ballot, actor)
    if voter is None:
        raise NotAllowed(*(refused or [_("You are not on the roll of this round.")]))
    own = {item.admission_id for item in sheet_of(voter)}
    if set(choices) != own or any(choice not in Ballot.Choice.values for choice in choices.values()):
        raise Blocked(Problem(_("Choose for, against or abstain for every person.")))
    key = keys.read(ballot.pk)  # before the status: a key that is gone means that the seal is committed
    stands = BallotRound.objects.get(pk=ballot.pk)
    if stands.status != BallotRound.Status.OPEN:
        raise _closed()
    if key is None or not rules.fits(stands, key):
        raise Blocked(Problem(_("The key of this round is lost: declare the round void and vote again from zero.")))
    people = stands.items.order_by("admission__seq").values_list("admission", flat=True)
    sheet = [_WRITTEN[choices[pk]] if pk in own else envelopes.NOT_ENTITLED for pk in people]
    nonce, ciphertext = envelopes.close(key, ballot.pk, voter.pk, sheet)
    try:
        with transaction.atomic():
            Envelope.objects.create(voter=voter, nonce=nonce, ciphertext=ciphertext)
    except OperationalError as error:
        if _state(error) == _LOCKED:
            raise Busy(
                _("The ballot box is busy. Your ballot is not in it yet: please press the button again.")
            ) from error
        raise
    except IntegrityError as error:
        if _state(error) == _TWICE:
            raise AlreadyCast(_("Your ballot is in the box already; it counts as it was cast first.")) from error
        raise _closed() from error
    return envelopes.tracker(ciphertext)


def settle(meeting: Meeting | None = None) -> int:
    """Seal the rounds (of one meeting, or all) whose announced time is over; whoever reads their pages calls this.

    An empty or damaged box stays as it is and its page says why.
    """
    due = BallotRound.objects.filter(status=BallotRound.Status.OPEN, shuts_at__lt=rules.database_clock())
    done = 0
    for ballot in due if meeting is None else due.filter(meeting=meeting):
        try:
            BALLOT_ROUND.fire(ballot, "seal_due", actor=SYSTEM)
        except Refused:
            continue
        done += 1
    return done


def destroy_old_keys() -> int:
    """Keys left by a process that ended between a commit and the removal: of rounds that are sealed or void, and of
    openings that were never committed (an hour old: no opening takes so long)."""
    kept = keys.kept()
    stands = dict(BallotRound.objects.filter(pk__in=kept).values_list("pk", "status"))
    done = [pk for pk in kept if stands.get(pk) in ("sealed", "void")]
    lost = [pk for pk in kept if stands.get(pk) in (None, "draft") and keys.age(pk) > 3600]
    return keys.sweep(done + lost)
