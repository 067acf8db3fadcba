"""A sample calendar for a year whose holiday notice is not out yet, marked as such wherever a source is shown.

It stands in for demonstrations and rehearsals only; the bureau's real entry of the year replaces it.
"""

import datetime as dt

from appraisal_portal.kernel import calendar
from appraisal_portal.kernel.models import CalendarDay, CalendarYear

SOURCE = "样例日历（仅供演示，待国务院办公厅通知发布后更正）"

# First day of the lunar year (春节), from astronomy; the days off around it are a guess.
SPRING_FESTIVAL = {
    2027: dt.date(2027, 2, 6), 2028: dt.date(2028, 1, 26), 2029: dt.date(2029, 2, 13), 2030: dt.date(2030, 2, 3),
    2031: dt.date(2031, 1, 23), 2032: dt.date(2032, 2, 11), 2033: dt.date(2033, 1, 31), 2034: dt.date(2034, 2, 19),
    2035: dt.date(2035, 2, 8), 2036: dt.date(2036, 1, 28),
}  # fmt: skip
FIXED = ((1, 1, 1), (4, 4, 3), (5, 1, 5), (10, 1, 7))  # month, day, days off


def ensure_known(*years: int) -> None:
    """Enter a sample calendar for each of the years nobody knows."""
    for year in years:
        if not calendar.is_known_year(year):
            _enter(year)
    calendar.forget()


def _enter(year: int) -> None:
    off = {dt.date(year, month, day) + dt.timedelta(days=n) for month, day, days in FIXED for n in range(days)}
    festival = SPRING_FESTIVAL.get(year, dt.date(year, 2, 8))
    off |= {festival + dt.timedelta(days=n) for n in range(-1, 7)}
    # One adjusted Saturday before and after the festival, so that make-up days occur too.
    work = {day for day in (_saturday(festival, -8), _saturday(festival, 8)) if day not in off}
    CalendarYear.objects.update_or_create(year=year, defaults={"complete": True, "source": SOURCE})
    rows = [CalendarDay(day=day, kind=CalendarDay.Kind.DAY_OFF, source=SOURCE) for day in sorted(off)]
    rows += [CalendarDay(day=day, kind=CalendarDay.Kind.WORKDAY, source=SOURCE) for day in sorted(work)]
    CalendarDay.objects.bulk_create(rows, ignore_conflicts=True)


def _saturday(near: dt.date, days: int) -> dt.date:
    """The Saturday on or before ``near`` + ``days``."""
    day = near + dt.timedelta(days=days)
    return day - dt.timedelta(days=(day.weekday() - 5) % 7)
