"""The bureau's own rows of the working-day calendar (工作日历); every change counts the open periods anew."""

import datetime as dt
import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction

from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.models import CalendarDay, CalendarYear
from committees.plans.signals import period_moved


@dataclass(frozen=True)
class Change:
    """What somebody means to do to the calendar: days with their kind (None: the own row goes), and the year that is
    complete with it."""

    source: str = ""
    days: dict[dt.date, str | None] = field(default_factory=dict)
    completes: int | None = None


@dataclass(frozen=True)
class Effect:
    """Open periods of one kind that a change treats alike."""

    period: str
    before: calendar.PeriodEnd
    after: calendar.PeriodEnd
    counted: calendar.PeriodEnd
    number: int

    @property
    def stays(self) -> bool:
        """Whether an announced end holds although the count ends earlier: people relied on it."""
        return self.counted.ends_on < self.after.ends_on


def foresee_change(change: Change) -> list[Effect]:
    """What the change would do to the open periods, counted by the same code; nothing is stored.

    Names nobody: the same persons must not show here whom a reader keeps away from.
    """
    groups: Counter[tuple[str, calendar.PeriodEnd, calendar.PeriodEnd, calendar.PeriodEnd]] = Counter()
    with transaction.atomic():
        present = {(type(row), row.pk): counted for row, _before, _after, counted in calendar.foresee(clock.today())}
        _store(change, by=None)
        for row, before, after, counted in calendar.foresee(clock.today()):
            if after != before or counted != present[type(row), row.pk]:
                groups[str(row.period_name), before, after, counted] += 1
        transaction.set_rollback(True)
    calendar.forget()
    return [Effect(*key, number) for key, number in sorted(groups.items())]


def fingerprint(effects: list[Effect]) -> str:
    """Stands for what somebody was shown before saying yes."""
    return hashlib.sha256(json.dumps([asdict(one) for one in effects], default=str).encode()).hexdigest()


@transaction.atomic
def change_calendar(change: Change, *, by: Any) -> int:
    """Store the change. Returns how many open periods got another end."""
    _store(change, by=by)
    changed = calendar.recompute_open_periods(clock.today())
    for row, before, after in changed:
        period_moved.send(type(row), row=row, before=before, after=after)
    return len(changed)


def _store(change: Change, *, by: Any) -> None:
    for day, kind in change.days.items():
        if kind is None:
            CalendarDay.objects.filter(day=day).delete()
        else:
            values = {"kind": kind, "source": change.source, "entered_by": by}
            CalendarDay.objects.update_or_create(day=day, defaults=values)
    if change.completes:
        values = {"complete": True, "source": change.source, "entered_by": by}
        CalendarYear.objects.update_or_create(year=change.completes, defaults=values)
