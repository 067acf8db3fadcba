"""Working days (工作日) and publicity periods (公示期): which day counts, when a period ends, and whether that end
is certain.

Sources, in this order: rows of `CalendarDay` entered by the bureau from the State Council's notice
(国务院办公厅放假通知), then the package `chinesecalendar` (published notices). A year neither knows is counted
Monday to Friday and every result that touched it is *provisional*: it may be shown, but nothing closes, is approved
or is reported on it.

Counting (Civil Code Art. 201, 203; domain.md R-30): the day of the start does not count; end = n times "the next
working day", at 24:00.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, NamedTuple

import chinese_calendar
from chinese_calendar.constants import holidays as published_holidays
from django.apps import apps
from django.db import connection, models, transaction
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from . import clock
from .models import Period

end_of_day = clock.end_of_day  # 24:00 of the last day of a period
ONE_DAY = dt.timedelta(days=1)
_PUBLISHED_YEARS = range(min(published_holidays).year, max(published_holidays).year + 1)

WHY_WORKING_DAY = _("Working day")
WHY_MAKE_UP_DAY = _("Make-up working day")
WHY_WEEKEND = _("Weekend")
WHY_HOLIDAY = _("Public holiday")
WHY_NO_CALENDAR = _("Counted Monday to Friday: the holiday notice of this year is not entered yet")


class PeriodEnd(NamedTuple):
    """Last day of a period; `provisional` when a day of a year without a calendar was counted on the way."""

    ends_on: dt.date
    provisional: bool


@dataclasses.dataclass(frozen=True, slots=True)
class DayReason:
    """One day of a period: does it count, as which working day, and why (for "why this day?")."""

    day: dt.date
    working: bool
    number: int | None  # 1…n for a day that counts, None for one that does not
    why: str | Promise
    detail: str  # name of the holiday or the source of the bureau's own entry
    known: bool  # False: the year has no calendar
    own: bool = False  # whether the bureau itself entered the day


@dataclasses.dataclass(slots=True)
class _Year:
    complete: bool = False
    rows: dict[dt.date, tuple[str, str]] = dataclasses.field(default_factory=dict)  # day -> (kind, source)


_remembered: ContextVar[dict[int, _Year] | None] = ContextVar("remembered_calendar_years", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Within the block each year is read once. Middleware wraps a request in it; a list of many periods costs one
    query."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def forget() -> None:
    """Whoever writes CalendarDay or CalendarYear calls this, so that the rest of the same request counts with the
    new rows."""
    years = _remembered.get()
    if years is not None:
        years.clear()


class _Days:
    """The calendar one call works with: reads the years around the first day in one query, further years only when
    reached."""

    def __init__(self, first: dt.date) -> None:
        remembered_years = _remembered.get()
        self.years: dict[int, _Year] = {} if remembered_years is None else remembered_years
        self._load(range(first.year - 1, first.year + 2))

    def _load(self, wanted: Iterable[int]) -> None:
        missing = [year for year in wanted if year not in self.years]
        if not missing:
            return
        for year in missing:
            self.years[year] = _Year()
        day_table = apps.get_model("kernel", "CalendarDay")._meta.db_table
        year_table = apps.get_model("kernel", "CalendarYear")._meta.db_table
        sql = (
            f"SELECT extract(year FROM day)::int, day, kind, source FROM {day_table} "  # noqa: S608  our own table names
            "WHERE extract(year FROM day)::int = ANY(%s) "
            f"UNION ALL SELECT year, NULL, 'complete', '' FROM {year_table} WHERE complete AND year = ANY(%s)"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [missing, missing])
            for year, day, kind, source in cursor.fetchall():
                if day is None:
                    self.years[year].complete = True
                else:
                    self.years[year].rows[day] = (kind, source)

    def year(self, year: int) -> _Year:
        if year not in self.years:
            self._load(range(year - 1, year + 2))
        return self.years[year]

    def known(self, day: dt.date) -> bool:
        """Whether somebody published this day: the bureau's own row, its complete year, or the package."""
        year = self.year(day.year)
        return day in year.rows or year.complete or day.year in _PUBLISHED_YEARS

    def working(self, day: dt.date) -> bool:
        row = self.year(day.year).rows.get(day)
        if row is not None:
            return row[0] == "workday"
        if day.year in _PUBLISHED_YEARS:
            return _published_working(day)
        return day.weekday() < 5

    def reason(self, day: dt.date, number: int | None) -> DayReason:
        working, weekend, known = self.working(day), day.weekday() >= 5, self.known(day)
        row = self.year(day.year).rows.get(day)
        detail = row[1] if row else ""
        if not known:
            why = WHY_NO_CALENDAR
        elif working:
            why = WHY_MAKE_UP_DAY if weekend else WHY_WORKING_DAY
        elif row is None and day.year in _PUBLISHED_YEARS and day in published_holidays:
            why, detail = WHY_HOLIDAY, _holiday_name(day)
        else:
            why = WHY_WEEKEND if weekend and row is None else WHY_HOLIDAY
        return DayReason(day, working, number, why, detail, known, row is not None)


@cache
def _published_working(day: dt.date) -> bool:
    """What the package says. It looks for the first and last year it knows at every question, and a list of fifty
    deadlines asks for the same month of days a hundred times."""
    return bool(chinese_calendar.is_workday(day))


def _holiday_name(day: dt.date) -> str:
    name = published_holidays[day]
    if (get_language() or "").startswith("zh"):
        return next((one.chinese for one in chinese_calendar.Holiday if one.value == name), name)
    return str(name)


def is_known_year(year: int) -> bool:
    """Whether the holidays of the year are published (package) or entered completely (CalendarYear)."""
    return year in _PUBLISHED_YEARS or _Days(dt.date(year, 1, 1)).year(year).complete


def is_working_day(day: dt.date) -> bool:
    """Whether the day counts; make-up Saturdays and Sundays (调休) do."""
    return _Days(day).working(day)


def add_working_days(start: dt.date, n: int) -> PeriodEnd:
    """End of a period of n working days that started on `start` (not counted itself). `n = 0` gives `start`. Raises
    ValueError for n < 0."""
    if n < 0:
        raise ValueError("a period has no negative number of working days")
    days, day, provisional = _Days(start), start, False
    while n:
        day += ONE_DAY
        provisional = provisional or not days.known(day)
        n -= days.working(day)
    return PeriodEnd(day, provisional)


def working_days_between(start: dt.date, end: dt.date) -> int:
    """Working days after `start` up to and including `end`; 0 when `end` is not later."""
    days = _Days(start)
    return sum(days.working(start + i * ONE_DAY) for i in range(1, (end - start).days + 1))


def working_days_left(today: dt.date, end: dt.date) -> int:
    """Working days that remain after today until the end: 0 on the last day and later."""
    return working_days_between(today, end)


def period_days(start: dt.date, n: int) -> list[DayReason]:
    """Every day after `start` up to the end of a period of n working days, each with the reason why it counts or
    not."""
    days, day, counted = _Days(start), start, 0
    result = []
    while counted < n:
        day += ONE_DAY
        working = days.working(day)
        counted += working
        result.append(days.reason(day, counted if working else None))
    return result


def year_days(year: int) -> list[DayReason]:
    """Every day of a year with what it is and why; no numbers, for no period is counted."""
    first = dt.date(year, 1, 1)
    days = _Days(first)
    count = (dt.date(year + 1, 1, 1) - first).days
    return [days.reason(first + i * ONE_DAY, None) for i in range(count)]


def latest_application_day(meeting_day: dt.date, n: int) -> PeriodEnd:
    """Last day on which an application for a meeting (评审会议) on `meeting_day` is n working days ahead (R-01):
    the latest `d` with `add_working_days(d, n).ends_on <= meeting_day`."""
    days, day, provisional = _Days(meeting_day), meeting_day, False
    while n > 0:
        provisional = provisional or not days.known(day)
        n -= days.working(day)
        day -= ONE_DAY
    return PeriodEnd(day, provisional)


def recompute(period: Any) -> bool:
    """Count a period (kernel.models.Period) anew from its stored start, after the calendar changed. Returns whether
    a field changed.

    An end that was shown (`announced_ends_on`) only moves later, never earlier: people relied on it. The caller
    saves and tells.
    """
    if period.starts_on is None or period.working_days is None:
        return False
    before = (period.ends_on, period.provisional, period.announced_ends_on)
    end = add_working_days(period.starts_on, period.working_days)
    if period.announced_ends_on is None:
        period.ends_on = end.ends_on
    else:
        period.ends_on = period.announced_ends_on = max(end.ends_on, period.announced_ends_on)
    period.provisional = end.provisional
    return before != (period.ends_on, period.provisional, period.announced_ends_on)


def recompute_open_periods(today: dt.date) -> list[tuple[models.Model, PeriodEnd, PeriodEnd]]:
    """Recompute every stored period that is not over on `today` or is provisional, whatever table it stands in.

    Returns (row, before, after) of each that changed, for the notices. Called after a calendar year was entered or
    corrected.
    """
    forget()
    changed: list[tuple[models.Model, PeriodEnd, PeriodEnd]] = []
    with transaction.atomic():
        for rows in _open_periods(today):
            row: Any  # a concrete Period; its dates are filled where ends_on is
            for row in rows.select_for_update(of=("self",)):
                before = PeriodEnd(row.ends_on, row.provisional)
                if recompute(row):
                    row.save(update_fields=["ends_on", "provisional", "announced_ends_on"])
                    changed.append((row, before, PeriodEnd(row.ends_on, row.provisional)))
    return changed


def foresee(today: dt.date) -> Iterator[tuple[Any, PeriodEnd, PeriodEnd, PeriodEnd]]:
    """What :func:`recompute_open_periods` would do now: (row, before, after, counted) of every open period.

    ``counted`` is the bare count; it differs from ``after`` where an announced end stays although the count ends
    earlier. Nothing is stored.
    """
    forget()
    for rows in _open_periods(today):
        row: Any
        for row in rows.filter(starts_on__isnull=False, working_days__isnull=False):
            before = PeriodEnd(row.ends_on, row.provisional)
            recompute(row)
            counted = add_working_days(row.starts_on, row.working_days)
            yield row, before, PeriodEnd(row.ends_on, row.provisional), counted


def _open_periods(today: dt.date) -> Iterator[models.QuerySet[Any]]:
    open_ones = models.Q(ends_on__gte=today) | models.Q(provisional=True)
    for model in apps.get_models():
        if issubclass(model, Period):
            yield model._default_manager.filter(open_ones).order_by("pk")
