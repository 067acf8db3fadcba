"""What must hold when a proposed recusal is decided, and before a meeting opens."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import Act, Problem
from committees.reviews.models import Attendee, BallotRound, ConflictAnswer, Recusal, RecusalProposal
from committees.reviews.rules.ballot import in_the_room


def not_voted_on(proposal: Any, act: Act) -> Iterator[Problem]:
    """The roll of a person is frozen with the opening of the round."""
    admission = proposal.admission
    if hasattr(admission, "verdict") or admission.roll_entries.filter(round__status="open").exists():
        yield Problem(_("The vote on this person has been opened already."))


def not_declared_by_the_member(proposal: Any, act: Act) -> Iterator[Problem]:
    """What a member declares about oneself stands."""
    if proposal.source == "declared":
        yield Problem(_("The member declared this conflict: it stands."))


def recusals_decided(subject: Any, act: Act) -> Iterator[Problem]:
    """Nobody votes while it is open whether somebody stands back: in a meeting, or of the persons of a round.

    A member who has read the dossiers may declare a conflict while the meeting goes on.
    """
    proposed = RecusalProposal.objects.filter(status="open")
    if isinstance(subject, BallotRound):
        waiting = proposed.filter(admission__in=subject.items.values("admission")).count()
    else:
        waiting = proposed.filter(admission__meeting=subject).count()
    if waiting:
        yield Problem(_("Proposed recusals that are not decided: {n}.").format(n=waiting))


def undeclared(meeting: Any, admissions: Iterable[int]) -> list[Attendee]:
    """Members in the room who have not said of each of these persons whether there is a conflict; nobody is asked about
    a person the member stands back from, or a recusal is proposed for."""
    people = set(admissions)
    settled = {
        pair
        for model, only in ((ConflictAnswer, {}), (Recusal, {}), (RecusalProposal, {"status": "open"}))
        for pair in model._default_manager.filter(admission__in=people, **only).values_list("member", "admission")
    }
    return [row for row in in_the_room(meeting) if any((row.member_id, pk) not in settled for pk in people)]


def everybody_declared(ballot: BallotRound, act: Act) -> Iterator[Problem]:
    """Conflicts are asked before a sheet is handed out on the portal: the roll is frozen with the opening.

    With paper ballots members declare in the room and the office enters who stands back.
    """
    if ballot.electronic:
        waiting = undeclared(ballot.meeting, ballot.items.values_list("admission", flat=True))
        if waiting:
            names = _(", ").join(row.user.full_name for row in waiting)
            yield Problem(
                _("Not yet declared about conflicts with everybody of this round: {names}.").format(names=names)
            )
