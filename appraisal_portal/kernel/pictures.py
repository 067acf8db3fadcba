"""Geometry of the small drawings (inline SVG, no style): bars, funnel, vote, days.
Templates in ``components/`` draw them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import pgettext_lazy

from . import calendar, clock


def share(part: float, whole: float, width: int) -> int:
    """``width`` times part/whole, whole pixels, never outside 0…width; nothing of nothing is 0."""
    if whole <= 0:
        return 0
    return round(width * min(max(part / whole, 0), 1))


POST_WIDTH = 170


def post_bar(approved: int, taken: int, recommended: int, waiting: int) -> dict[str, int]:
    """Where the three parts of a bar of posts begin and how wide they are; ``mark`` where the approved posts end, 0
    when all parts fit."""
    wanted = taken + recommended + waiting
    whole = max(approved, wanted)
    recommended_x, waiting_x = (share(n, whole, POST_WIDTH) for n in (taken, taken + recommended))
    return {
        "taken_width": recommended_x,
        "recommended_x": recommended_x,
        "recommended_width": waiting_x - recommended_x,
        "waiting_x": waiting_x,
        "waiting_width": share(wanted, whole, POST_WIDTH) - waiting_x,
        "mark": share(approved, whole, POST_WIDTH) if wanted > approved else 0,
    }


@dataclass(frozen=True)
class Step:
    """One bar of the funnel: ``percent`` of the first bar."""

    label: Any
    value: int
    percent: int
    y: int
    text_y: int
    width: int


FUNNEL_WIDTH = 560
FUNNEL_STEP = 38


def funnel(steps: Iterable[tuple[Any, int]]) -> dict[str, Any]:
    """(label, count) pairs in the order of the procedure → what ``components/funnel.html`` draws."""
    pairs = list(steps)
    first = pairs[0][1] if pairs else 0
    rows = [
        Step(
            label,
            value,
            share(value, first, 100),
            number * FUNNEL_STEP,
            number * FUNNEL_STEP + 21,
            share(value, first, FUNNEL_WIDTH),
        )
        for number, (label, value) in enumerate(pairs)
    ]
    return {"steps": rows, "height": max(len(rows), 1) * FUNNEL_STEP}


VOTE_WIDTH = 400


def vote(agree: int, against: int, abstain: int, needed: int, *, invalid: int = 0, missing: int = 0) -> dict[str, Any]:
    """A vote as a bar with the pass line; the whole bar is everybody entitled, or ``needed`` when that is more. Who
    abstained, whose ballot is invalid and who cast none make its grey end together, and are told apart in words."""
    rest = abstain + invalid + missing
    whole = max(agree + against + rest, needed, 1)
    agree_width, against_width = share(agree, whole, VOTE_WIDTH), share(against, whole, VOTE_WIDTH)
    return {
        "agree": agree,
        "against": against,
        "abstain": abstain,
        "invalid": invalid,
        "missing": missing,
        "needed": needed,
        "passed": agree >= needed,
        "agree_width": agree_width,
        "against_width": against_width,
        "against_x": agree_width,
        "abstain_x": agree_width + against_width,
        "abstain_width": VOTE_WIDTH - agree_width - against_width if rest else 0,
        "line_x": share(needed, whole, VOTE_WIDTH),
        "width": VOTE_WIDTH,
    }


DAY_WIDTH = 50


@dataclass(frozen=True)
class RulerDay:
    """One calendar day of a ruler: its place, whether it counts and as which working day."""

    day: dt.date
    x: int
    middle: int
    number: int | None
    working: bool
    today: bool


def ruler(start: dt.date, working_days: int) -> dict[str, Any]:
    """The days of a period from the bureau's calendar: days off are shaded, working days numbered, today marked."""
    today = clock.today()
    days = [
        RulerDay(
            reason.day,
            number * DAY_WIDTH,
            number * DAY_WIDTH + DAY_WIDTH // 2,
            reason.number,
            reason.working,
            reason.day == today,
        )
        for number, reason in enumerate(calendar.period_days(start, working_days))
    ]
    return {"days": days, "width": max(len(days), 1) * DAY_WIDTH}


LANE_LEFT = 170
LANE_TOP = 40
LANE_STEP = 42


@dataclass(frozen=True)
class Lane:
    """A period on the calendar: ``tone`` is the class of its bar (bar-done, bar-grey, bar-low)."""

    label: Any
    text: Any
    tone: str
    x: int
    y: int
    width: int


@dataclass(frozen=True)
class LanePicture:
    """A calendar of periods: days across, one lane a period."""

    days: list[RulerDay]
    lanes: list[Lane]
    width: int
    height: int
    today_x: int | None = field(default=None)


TONES = {"blue": "bar-done", "purple": "bar-done", "grey": "bar-grey", "red": "bar-low", "green": "bar-ok"}


def lanes(first: dt.date, last: dt.date, periods: Sequence[dict[str, Any]]) -> LanePicture:
    """Periods (``label``, ``starts_on``, ``ends_on``, ``text``, ``tone`` of a status) between two days;
    outside parts are cut."""
    today = clock.today()
    count = (last - first).days + 1
    days = []
    for number in range(count):
        day = first + dt.timedelta(days=number)
        x = LANE_LEFT + number * DAY_WIDTH
        days.append(RulerDay(day, x, x + DAY_WIDTH // 2, None, calendar.is_working_day(day), day == today))
    drawn = []
    for row, period in enumerate(periods):
        begin = max((period["starts_on"] - first).days, 0)
        end = min((period["ends_on"] - first).days + 1, count)
        if end > begin:
            drawn.append(
                Lane(
                    period["label"],
                    period.get("text", ""),
                    TONES.get(period.get("tone", "blue"), "bar-done"),
                    LANE_LEFT + begin * DAY_WIDTH,
                    LANE_TOP + row * LANE_STEP,
                    (end - begin) * DAY_WIDTH,
                )
            )
    today_x = next((day.middle for day in days if day.today), None)
    return LanePicture(days, drawn, LANE_LEFT + count * DAY_WIDTH, LANE_TOP + len(periods) * LANE_STEP, today_x)


SIGNS: dict[Any, Any] = {
    calendar.WHY_HOLIDAY: pgettext_lazy("calendar", "off"),
    calendar.WHY_MAKE_UP_DAY: pgettext_lazy("calendar", "work"),
}
"""What a Chinese calendar prints under the number (休, 班)."""


@dataclass(frozen=True)
class Month:
    """A month of a year's grid: its first day, weeks of seven places, each (day and why, sign) or None."""

    first: dt.date
    weeks: list[list[tuple[calendar.DayReason, Any] | None]]


def year_grid(year: int) -> list[Month]:
    """The twelve months of the bureau's calendar, Monday first, each day with what it is and why."""
    months = []
    reasons = calendar.year_days(year)
    for month in range(1, 13):
        first = dt.date(year, month, 1)
        places: list[tuple[calendar.DayReason, Any] | None] = [None] * first.weekday()
        places += [(one, SIGNS.get(one.why)) for one in reasons if one.day.month == month]
        places += [None] * (-len(places) % 7)
        months.append(Month(first, [places[at : at + 7] for at in range(0, len(places), 7)]))
    return months
