"""What must hold when a proposed recusal is decided, and before a meeting opens."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import Act, Problem
from committees.reviews.models import BallotRound, RecusalProposal


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
