"""The ribbon of the year on the front page: declaration, publicity and results across twelve months."""

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Span = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Shape:
    """How large a ribbon is drawn. ``left``: room for the names of the lanes; none where they stand above their bars.
    ``step`` from lane to lane, ``least``: what the shortest bar is wide."""

    name: str
    left: int
    width: int
    top: int
    step: int
    bar: int
    least: int


SHAPES = (Shape("wide", 90, 780, 34, 40, 26, 6), Shape("narrow", 0, 360, 46, 50, 20, 4))
"""The whole year fits in both: on a telephone the wide one would have to be pushed along, or be too small to read."""


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
    text_x: int
    text_y: int
    bars: list[Bar]
    spans: list[Span]


@dataclass(frozen=True)
class Ribbon:
    """What ``home/_ribbon.html`` draws; ``months`` are (x, middle of the label's place, number)."""

    shape: Shape
    lanes: list[Lane]
    months: list[tuple[int, int, int]]
    width: int
    height: int
    today_x: int | None


def draw(
    year: int, today: dt.date, windows: Sequence[Span], publicity: Sequence[Span], results: Sequence[dt.date]
) -> list[Ribbon]:
    """The year's picture in each shape; spans that overlap or touch are one bar, a day of results is a short mark."""
    return [_drawn(shape, year, today, windows, publicity, results) for shape in SHAPES]


def _drawn(
    shape: Shape,
    year: int,
    today: dt.date,
    windows: Sequence[Span],
    publicity: Sequence[Span],
    results: Sequence[dt.date],
) -> Ribbon:
    days = 366 if calendar.isleap(year) else 365

    def place(day: dt.date) -> int:
        since = (min(max(day, dt.date(year, 1, 1)), dt.date(year, 12, 31)) - dt.date(year, 1, 1)).days
        return shape.left + round(since * shape.width / days)

    def lane(row: int, label: str | Promise, tone: str, spans: Iterable[Span]) -> Lane:
        merged = _merged(span for span in spans if span[1].year >= year and span[0].year <= year)
        y = shape.top + row * shape.step
        bars = [Bar(place(a), y, max(place(b + dt.timedelta(days=1)) - place(a), shape.least)) for a, b in merged]
        text_x, text_y = (shape.left - 10, y + 18) if shape.left else (0, y - 6)
        return Lane(label, tone, text_x, text_y, bars, merged)

    lanes = [
        lane(0, _("Declaration"), "bar-done", windows),
        lane(1, _("Publicity"), "bar-grey", publicity),
        lane(2, _("Results"), "bar-ok", [(day, day) for day in results]),
    ]
    firsts = [dt.date(year, month, 1) for month in range(1, 13)]
    months = [(place(first), place(first) + shape.width // 24, first.month) for first in firsts]
    inside = place(today) if today.year == year else None
    height = shape.top + (len(lanes) - 1) * shape.step + shape.bar + 14
    return Ribbon(shape, lanes, months, shape.left + shape.width, height, inside)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1] + dt.timedelta(days=1):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged
