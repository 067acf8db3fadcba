"""The bureau's own rows of the working-day calendar (工作日历); every change counts the open periods anew."""

import datetime as dt
from typing import Any

from django.db import transaction

from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.models import CalendarDay, CalendarYear
from committees.plans.signals import period_moved


@transaction.atomic
def correct_day(day: dt.date, kind: str, source: str, *, by: Any) -> int:
    """Enter or correct a day (调休, 节假日). Returns how many open periods got another end."""
    CalendarDay.objects.update_or_create(day=day, defaults={"kind": kind, "source": source, "entered_by": by})
    return _count_anew()


@transaction.atomic
def remove_day(day: dt.date) -> int:
    """Take a correction back: the published calendar counts again. Returns how many open periods changed."""
    CalendarDay.objects.filter(day=day).delete()
    return _count_anew()


@transaction.atomic
def set_year_complete(year: int, source: str, *, by: Any) -> int:
    """Say that the yearly holiday notice has been entered: dates of the year are provisional no more."""
    CalendarYear.objects.update_or_create(year=year, defaults={"complete": True, "source": source, "entered_by": by})
    return _count_anew()


def _count_anew() -> int:
    changed = calendar.recompute_open_periods(clock.today())
    for row, before, after in changed:
        period_moved.send(type(row), row=row, before=before, after=after)
    return len(changed)
