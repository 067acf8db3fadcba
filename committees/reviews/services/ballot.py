"""Opening rounds and entering the tellers' counts of a paper ballot (纸质投票、计票)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem, WrongState
from committees.reviews.models import Admission, Attendee, BallotRound, Meeting, PanelOpinion, PaperCount, RoundItem
from committees.reviews.rules.pre_review import under_objection
from committees.reviews.workflow import BALLOT_ROUND

KINDS = ("agree", "against", "abstain", "invalid")


def undecided(meeting: Meeting) -> list[Admission]:
    """Qualified persons without a decision who stand in no open round, in the order of the roster.

    Whoever is under an objection raised before the meeting is not voted on (评前公示异议).
    """
    busy = RoundItem.objects.filter(
        round__meeting=meeting, round__status__in=(BallotRound.Status.DRAFT, BallotRound.Status.OPEN), void_reason=""
    )
    rows = meeting.admissions.filter(exam_result=Admission.Result.QUALIFIED, verdict__isnull=True)
    rows = rows.filter(live=True).exclude(pk__in=under_objection(meeting))
    shown = ("declaration__applicant", "meeting", "panel_opinion", "defence")
    return list(rows.exclude(pk__in=busy.values("admission")).select_related(*shown).order_by("seq"))


def open_round(
    meeting: Meeting,
    *,
    actor: Any,
    admissions: Sequence[Admission] | None = None,
    mode: str = BallotRound.Mode.PAPER,
    minutes: int | None = None,
) -> BallotRound:
    """A new sheet with these persons (default: everybody undecided), opened at once: either both happen or neither.

    ``minutes``: how long an electronic round stays open (default: the setting). Raises Blocked, NotAllowed or
    WrongState as ``BALLOT_ROUND.open``.
    """
    with transaction.atomic():
        locked: Meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
        free = {admission.pk: admission for admission in undecided(locked)}
        chosen = list(free.values()) if admissions is None else list(admissions)
        if any(admission.pk not in free for admission in chosen):
            raise Blocked(
                Problem(_("Somebody chosen is decided on already or stands in an open round."), field="items")
            )
        # No signature is taken back between the guard and the frozen roll.
        list(PanelOpinion.objects.select_for_update(of=("self",)).filter(admission__in=chosen).order_by("pk"))
        committee, last = locked.committee, locked.rounds.order_by("-number").first()
        ballot = BallotRound.objects.create(
            meeting=locked,
            number=last.number + 1 if last else 1,
            mode=mode,
            members=0,
            quorum_num=committee.quorum_num,
            quorum_den=committee.quorum_den,
        )
        RoundItem.objects.bulk_create(RoundItem(round=ballot, admission=admission) for admission in chosen)
        minutes = settings.PORTAL_BALLOT_MINUTES if minutes is None else minutes
        BALLOT_ROUND.fire(ballot, "open", actor=actor, minutes=minutes)
    return ballot


def teller_of(ballot: BallotRound, user: Any) -> Attendee | None:
    """The user's part as teller of this meeting, or None."""
    return ballot.meeting.attendees.filter(role=Attendee.Role.TELLER, user=user.pk, signed_in_at__isnull=False).first()


def enter_count(
    ballot: BallotRound,
    admission: Admission,
    *,
    actor: Any,
    issued: int,
    agree: int,
    against: int,
    abstain: int,
    invalid: int,
) -> PaperCount:
    """One teller's own count of one person; entered again it replaces the own earlier one while the round is open.

    Raises NotAllowed, WrongState, or Blocked with the field to mend.
    """
    teller = teller_of(ballot, actor)
    if teller is None:
        raise NotAllowed(_("Only the tellers of this meeting may do this."))
    with transaction.atomic():
        locked = BallotRound.objects.select_for_update(of=("self",)).get(pk=ballot.pk)
        if locked.status != BallotRound.Status.OPEN:
            raise WrongState(_("This round is not open any more."))
        item = locked.items.filter(admission=admission, void_reason="").first()
        if item is None:
            raise Blocked(Problem(_("This person is not in this round, or the vote was set aside.")))
        found = agree + against + abstain + invalid
        if issued != item.roll:
            raise Blocked(
                Problem(_("{roll} ballots were handed out for this person.").format(roll=item.roll), field="issued")
            )
        if found != issued:
            raise Blocked(
                Problem(
                    _(
                        "The four numbers add up to {found}, {issued} ballots were handed out. Count again; "
                        "if it stays so, tell the observer, who sets this vote aside."
                    ).format(found=found, issued=issued),
                    field="agree",
                )
            )
        numbers = {"issued": issued, "agree": agree, "against": against, "abstain": abstain, "invalid": invalid}
        count, _created = PaperCount.objects.update_or_create(
            round=locked, admission=admission, teller=teller, defaults=numbers
        )
    return count
