"""Who presides over a round (主持), what two people do together, and that results are announced (当场宣布)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from applications.querysets_recusal import stands_back
from appraisal_portal.accounts.models import Membership, User
from appraisal_portal.accounts.services import members_of
from appraisal_portal.kernel.workflow import Act, Problem
from committees.plans.models import CommitteeMember
from committees.reviews.models import Attendee, BallotRound, Meeting
from committees.reviews.rules.ballot import in_the_room, observer_witnesses, standing_back


def presiding(ballot: BallotRound) -> CommitteeMember | None:
    """The chair; a vice chair when the chair is away or stands back from somebody of the round; a member when they all
    are or do. None when everybody in the room stands back from somebody."""
    recused, seats = {member for member, _person in standing_back(ballot)}, list(CommitteeMember.Office.values)
    free = [row.member for row in in_the_room(ballot.meeting) if row.member and row.member_id not in recused]
    return min(free, key=lambda member: (seats.index(member.office), member.pk), default=None)


def may_preside(ballot: BallotRound) -> list[User]:
    """The directors of the committee and the member who presides, those aside who stand back from somebody, as member
    or at the office."""
    directors = members_of(ballot.meeting.committee.office_id, Membership.Role.COMMITTEE_DIRECTOR)
    away = "admission__declaration__"
    people = [user for user in directors if not ballot.items.filter(stands_back(user, away)).exists()]
    if ballot.presided_by is not None:
        people.append(ballot.presided_by.user)
    recused = set(ballot.items.values_list("admission__recusals__member__user", flat=True))
    return [user for user in people if user.pk not in recused]


def two_of_them(ballot: BallotRound, act: Act) -> Iterator[Problem]:
    """A round is void by whoever presides and the observer together, whichever of them begins."""
    if not ballot.meeting.attendees.filter(role=Attendee.Role.OBSERVER, user=act.actor.pk).exists():
        yield from observer_witnesses(ballot, act)
        return
    director = act.data.get("director")
    if director is None or director.pk not in {user.pk for user in may_preside(ballot)}:
        yield Problem(_("Whoever presides must confirm with the own password."), field="director")
    elif director.pk == act.actor.pk:
        yield Problem(_("Director and observer are two people."), field="director")


def every_round_announced(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """What the committee decided was said in the room before anybody signs it."""
    sealed = meeting.rounds.filter(status=BallotRound.Status.SEALED)
    for ballot in sealed.exclude(records__transition="announce").order_by("number"):
        yield Problem(_("The result of round {number} has not been announced.").format(number=ballot.number))
