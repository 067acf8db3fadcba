"""Guards of the standing body for high-level and urgently needed talent (notice V(1))."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import Act, Problem
from committees.plans.models import Channel, SeatKind, kinds_on
from committees.reviews.models import Meeting

BASIS = "special_talent.case_by_case"


def missing(kinds: Iterable[str]) -> list[SeatKind]:
    """Kinds nobody of these stands for, in the notice's order."""
    there = set(kinds)
    return [kind for kind in SeatKind if kind.value not in there]


def _says(text: Any, lacking: list[SeatKind]) -> Problem:
    return Problem(text.format(kinds=_(", ").join(str(kind.label) for kind in lacking)), basis=BASIS)


def _named(meeting: Meeting, day: dt.date) -> dict[int, set[str]]:
    return kinds_on(meeting.committee, day)


def standing_body_named(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """Case by case: the committee has somebody of each kind before it applies for the meeting."""
    if meeting.line.channel != Channel.SPECIAL:
        return
    lacking = missing(kind for held in _named(meeting, meeting.meets_on).values() for kind in held)
    if lacking:
        yield _says(_("The standing body has nobody for: {kinds}. Name them on the committee's page."), lacking)


def every_kind_present(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """Case by case: the meeting opens only with somebody of each kind in the room, discipline inspection included."""
    if meeting.line.channel != Channel.SPECIAL:
        return
    named = _named(meeting, act.day)
    present = [row.user_id for row in meeting.attendees.all() if row.present]
    lacking = missing(kind for user in present for kind in named.get(user, ()))
    if lacking:
        yield _says(_("Nobody is in the room for: {kinds}. The standing body meets only with each of them."), lacking)
