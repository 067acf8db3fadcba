"""The closing day (截止日) as it holds for one person: that of the plan line, or a later one after an extension."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q

from applications.models import Declaration, Extension
from appraisal_portal.kernel import clock
from committees.plans.models import Channel, PlanLine

_KEPT = "_own_closing_day"  # on the instance: a page asks several times


def closing_day(of: Any, person: Any = None) -> dt.date:
    """The last day (until 24:00) on which a declaration can be handed in.

    ``of``: a declaration (its applicant counts) or a plan line; ``person``: a person or its key, None for everybody.
    One query at most; none for a declaration that went through :func:`prepare` or for a line without a person.
    """
    if isinstance(of, Declaration):
        kept: dict[str, Any] = of.__dict__
        if _KEPT not in kept:
            kept[_KEPT] = _own_day(of.line_id, of.applicant_id)
        return max(of.line.last_day, kept[_KEPT] or of.line.last_day)
    own = _own_day(of.pk, getattr(person, "pk", person)) if person is not None else None
    return max(of.last_day, own or of.last_day)


def _own_day(line: int, person: int) -> dt.date | None:
    found = Extension.objects.in_force().filter(line=line, person=person).aggregate(day=Max("until"))
    day: dt.date | None = found["day"]
    return day


def prepare(declarations: Iterable[Any]) -> list[Any]:
    """The declarations with their persons' extensions read in one query, for lists."""
    rows = list(declarations)
    found = (
        Extension.objects.in_force()
        .filter(line__in={row.line_id for row in rows}, person__in={row.applicant_id for row in rows})
        .values_list("line", "person")
        .annotate(day=Max("until"))
    )
    days = {(line, person): day for line, person, day in found}
    for row in rows:
        row.__dict__[_KEPT] = days.get((row.line_id, row.applicant_id))
    return rows


def is_over(of: Any, person: Any = None, day: dt.date | None = None) -> bool:
    """Whether 24:00 of the closing day has passed; before the line's own last day it asks nothing."""
    asked = day or clock.today()
    line = of.line if isinstance(of, Declaration) else of
    return bool(asked > line.last_day) and asked > closing_day(of, person)


def open_lines(day: dt.date, person: Any = None) -> Any:
    """Plan lines in which this person may declare on the day: the open ones, and those extended for the person."""
    mine = Extension.objects.in_force().filter(line=OuterRef("pk"), person=person, until__gte=day)
    held = Q(closes_on__gte=day) | Q(extended_to__gte=day)
    if person is not None:
        held |= Q(Exists(mine))
    return PlanLine.objects.in_force().filter(held, opens_on__lte=day, committee__status="active")


def open_until(day: dt.date, person: Any = None) -> tuple[dt.date, dt.date] | None:
    """The first and the latest closing day among the lines in which this person may declare on the day; None when
    nothing is open. Nobody is told the latest alone, who may have to hand in by the first. What can be asked for all
    the year (special talent) counts only where nothing else is open."""
    lines = list(open_lines(day, person))
    days = [line.last_day for line in lines if line.channel != Channel.SPECIAL] or [line.last_day for line in lines]
    if days and person is not None:
        own = Extension.objects.in_force().filter(person=person, until__gte=day).aggregate(day=Max("until"))["day"]
        days += [own] if own else []
    return (min(days), max(days)) if days else None
