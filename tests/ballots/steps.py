"""A meeting in session, its people, and members who vote on the portal."""

import copy
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pgtrigger

from applications.models import Declaration
from appraisal_portal.home.story import meeting as story
from appraisal_portal.kernel import clock
from committees.reviews.models import Admission, BallotRound, Meeting
from committees.reviews.services import ballot as counting
from committees.reviews.services import ballot_box
from committees.reviews.workflow import BALLOT_ROUND
from tests.factories.reviews import MEETING_DAY, MONDAY, a_meeting

ELECTRONIC = BallotRound.Mode.ELECTRONIC


def approved(people: int) -> Meeting:
    """A meeting over so many qualified persons, called up; the caller travels to its day."""
    with clock.travel(MONDAY):
        _city, _cycle, meeting, _rows = a_meeting(people, refused=0)
        story.approve(story.apply(meeting))
    return meeting


def crowded(meeting: Meeting, people: int) -> list[Admission]:
    """So many persons on its roster, past the lock of the roster: copies of the first that differ in year and number.

    For what needs hundreds of persons to vote on and nothing else of them.
    """
    first = meeting.admissions.select_related("declaration").order_by("seq")[0]
    row, have = first.declaration, meeting.admissions.count()
    copies = []
    for seq in range(have + 1, people + 1):
        copy_of = copy.copy(row)
        copy_of.pk, copy_of.year, copy_of.number = None, row.year + seq, f"{row.year + seq}-0001"
        copies.append(copy_of)
    copies = Declaration.objects.bulk_create(copies)
    with pgtrigger.ignore("reviews.Admission:roster_frozen"):
        Admission.objects.bulk_create(
            Admission(meeting=meeting, declaration=made, seq=seq, exam_result="qualified")
            for seq, made in enumerate(copies, have + 1)
        )
    return list(meeting.admissions.filter(exam_result="qualified").order_by("seq"))


def on_its_day() -> Any:
    """09:00 of the day of the meeting."""
    return clock.travel(MEETING_DAY)


def clerk_of(meeting: Meeting) -> Any:
    """The clerk who prepared it."""
    return story._clerk(meeting)


def director_of(meeting: Meeting) -> Any:
    """The committee's director."""
    return story._director(meeting)


def opened(meeting: Meeting, admissions: Sequence[Any] | None = None, minutes: int = 30) -> BallotRound:
    """An electronic round, everybody having declared that there is no conflict."""
    story.declare_no_conflict(meeting)
    return counting.open_round(
        meeting, actor=clerk_of(meeting), admissions=admissions, mode=ELECTRONIC, minutes=minutes
    )


def jurors(ballot: BallotRound) -> list[Any]:
    """Everybody with a sheet, acting as a member."""
    return [story.juror(voter.member) for voter in ballot.voters.select_related("member__user")]


def sheet(ballot: BallotRound, user: Any, choice: str = "for") -> dict[int, str]:
    """The same choice for everybody on the user's sheet."""
    voter = ballot_box.voter_of(ballot, user)
    assert voter is not None
    return {item.admission_id: choice for item in ballot_box.sheet_of(voter)}


def vote(ballot: BallotRound, user: Any, choice: str = "for") -> str:
    """Cast that sheet; its tracker."""
    return ballot_box.cast(ballot, actor=user, choices=sheet(ballot, user, choice))


def seal(ballot: BallotRound) -> Any:
    """By the clerk, when all are in."""
    return BALLOT_ROUND.fire(ballot, "seal_full", actor=clerk_of(ballot.meeting))


def seal_early(ballot: BallotRound) -> Any:
    """By director and observer."""
    meeting = ballot.meeting
    return BALLOT_ROUND.fire(
        ballot, "seal_early", actor=director_of(meeting), observer=story.observer_of(meeting), reason="一名委员提前离会"
    )


def time_passes(ballot: BallotRound) -> None:
    """The announced moment is over on the database's clock."""
    over = clock.now() - dt.timedelta(days=3650)
    BallotRound.objects.filter(pk=ballot.pk).update(shuts_at=over)


def tally(ballot: BallotRound) -> Mapping[int, tuple[int, int, int, int]]:
    """For, against, abstained, missing by person."""
    return {v.admission_id: (v.agree, v.against, v.abstain, v.missing) for v in ballot.verdicts.all()}
