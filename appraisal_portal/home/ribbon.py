"""The ribbon of the year on the front page: declaration, publicity and results across twelve months."""

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LEFT, WIDTH, TOP, STEP, BAR = 90, 780, 34, 40, 26
Span = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Bar:
    """A span drawn on its lane, in pixels."""

    x: int
    y: int
    width: int


@dataclass(frozen=True)
class Lane:
    """One kind of event: ``tone`` is the class of its bars, ``spans`` what the table says."""

    label: str | Promise
    tone: str
    text_y: int
    bars: list[Bar]
    spans: list[Span]


@dataclass(frozen=True)
class Ribbon:
    """What ``home/_ribbon.html`` draws; ``months`` are (x, width of the label's place, number)."""

    lanes: list[Lane]
    months: list[tuple[int, int, int]]
    width: int
    height: int
    today_x: int | None


def draw(
    year: int, today: dt.date, windows: Sequence[Span], publicity: Sequence[Span], results: Sequence[dt.date]
) -> Ribbon:
    """The year's picture; spans that overlap or touch are one bar, a day of results is a mark three days wide."""
    days = 366 if calendar.isleap(year) else 365

    def place(day: dt.date) -> int:
        since = (min(max(day, dt.date(year, 1, 1)), dt.date(year, 12, 31)) - dt.date(year, 1, 1)).days
        return LEFT + round(since * WIDTH / days)

    def lane(row: int, label: str | Promise, tone: str, spans: Iterable[Span]) -> Lane:
        merged = _merged(span for span in spans if span[1].year >= year and span[0].year <= year)
        y = TOP + row * STEP
        bars = [Bar(place(a), y, max(place(b + dt.timedelta(days=1)) - place(a), 6)) for a, b in merged]
        return Lane(label, tone, y + 18, bars, merged)

    lanes = [
        lane(0, _("Declaration"), "bar-done", windows),
        lane(1, _("Publicity"), "bar-grey", publicity),
        lane(2, _("Results"), "bar-ok", [(day, day) for day in results]),
    ]
    firsts = [dt.date(year, month, 1) for month in range(1, 13)]
    months = [(place(first), place(first) + WIDTH // 24, first.month) for first in firsts]
    inside = place(today) if today.year == year else None
    return Ribbon(lanes, months, LEFT + WIDTH, TOP + len(lanes) * STEP, inside)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1] + dt.timedelta(days=1):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged
