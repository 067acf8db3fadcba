"""What is known of a person who asks for a title."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from applications.rules.relief import class_of, relief_of
from appraisal_portal.kernel import clock
from committees.plans.models import Channel, Level, Title
from committees.plans.rules import rule_set

LADDER = ("none", *Level.values)
"""Levels from no title to the senior one; a step is one place."""


def years_between(first: dt.date, last: dt.date) -> int:
    """Completed years from ``first`` to ``last``; never negative."""
    return max(0, last.year - first.year - ((last.month, last.day) < (first.month, first.day)))


@dataclass(frozen=True)
class Degree:
    """An education that is finished: ``level`` as ``Education.Level``; ``pk`` of its row where it has one."""

    level: str
    finished_on: dt.date | None = None
    degree: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class Held:
    """The highest title held: ``level`` of :data:`LADDER`, "none" without one."""

    level: str = "none"
    obtained_on: dt.date | None = None
    series: str = ""
    elsewhere: bool | None = None  # granted outside the city; None: not asked
    pk: int | None = None


@dataclass(frozen=True)
class Expert:
    """Who recommends an exceptional application; ``level`` of :data:`LADDER` of the title, None: not known."""

    name: str
    title: str
    level: str | None = None
    pk: int | None = None


@dataclass(frozen=True)
class Entry:
    """What the standard asks of a class of applicants: the title from which they may ask, years in the field."""

    level_from: str = "none"
    years: int = 0


@dataclass(frozen=True)
class Facts:
    """Everything the ways ask for. None: not known, and then no reason against anything."""

    level: str
    by_exam: bool
    law_day: dt.date
    counted_to: dt.date
    series: str = ""
    degrees: tuple[Degree, ...] = ()
    held: Held = Held()
    civil_servant: bool | None = None
    retired: bool | None = None
    punished: bool | None = None
    post_since: dt.date | None = None
    experts: int | None = None
    exam_passed_on: dt.date | None = None
    exam_valid_until: dt.date | None = None
    exam_passed: bool | None = None
    exam_series: bool | None = None  # whether any level of the series is reached by examination
    handed_in_on: dt.date | None = None  # the examination must still be valid then; None: the law day stands for it
    talent: bool | None = None
    years_less: int = 0  # relief by the standard for hardship areas and grass-roots posts (倾斜)
    years_asked: int | None = None  # years in the present title the standard asks for; None: no standard known
    recommended_by: tuple[Expert, ...] = ()
    entry: Entry | None = None  # the class declared in, where the standard has classes (新型农业经营主体 …)
    field_years: int | None = None
    committee_known: bool = True  # False: no document and no decision says which committee reviews this

    @property
    def step(self) -> int:
        """How many levels above the present one; 0 the same, negative below it."""
        return LADDER.index(self.level) - LADDER.index(self.held.level)

    @property
    def best(self) -> Degree | None:
        """The highest education."""
        order = ("secondary", "college", "bachelor", "master", "doctor")
        known = [degree for degree in self.degrees if degree.level in order]
        return max(known, key=lambda degree: order.index(degree.level), default=None)

    @property
    def is_doctor(self) -> bool:
        """Whether one of the degrees is a doctor's."""
        return any("doctor" in (degree.level, degree.degree) for degree in self.degrees)

    def years_held(self) -> int | None:
        """Completed years in the present title, counted to the line's day."""
        return years_between(self.held.obtained_on, self.counted_to) if self.held.obtained_on else None


def facts_of(declaration: Any, today: dt.date | None = None) -> Facts:
    """The facts as a declaration states them; ``today``: the day of handing in of what has not been handed in yet."""
    line = declaration.line
    first = declaration.submitted_at
    chosen = rule_set(line.rule_set)
    held = max(
        (row for row in declaration.held_titles.all() if row.level in LADDER),
        key=lambda row: (LADDER.index(row.level), row.obtained_on or dt.date.min),
        default=None,
    )
    exam = getattr(declaration, "exam_result", None)
    level, subfield = line.level, declaration.subfield
    experts = {row.name for row in declaration.expert_recommendations.all() if row.name and row.reason}
    chosen_class = class_of(declaration)
    return Facts(
        level=level,
        by_exam=declaration.title.by_exam
        or declaration.series.by_exam(level)
        or (subfield is not None and level in subfield.by_exam_levels),
        law_day=chosen.law_day(line.opens_on) if chosen else line.opens_on,
        counted_to=line.counted_to,
        series=declaration.series.name,
        degrees=tuple(Degree(row.level, row.finished_on, row.degree, row.pk) for row in declaration.educations.all()),
        held=_held(held, str(declaration.transfer_series or "")),
        post_since=declaration.current_post_since,
        experts=len(experts),
        exam_passed_on=exam.passed_on if exam else None,
        exam_valid_until=exam.valid_until if exam else None,
        exam_passed=bool(exam and exam.name and exam.passed_on),
        handed_in_on=clock.local(first).date() if first else today or clock.today(),
        talent=bool(declaration.talent_kind and declaration.talent_reason.strip()),
        years_less=relief_of(declaration).years,
        years_asked=years_asked(declaration.standard_version),
        recommended_by=_experts(declaration) if declaration.route == Channel.EXCEPTIONAL else (),
        entry=entry_of(chosen_class),
        field_years=declaration.specialty_years,
    )


def _held(row: Any, series: str) -> Held:
    """The highest title; the series stands on its row, or on the page of the way where that is a transfer."""
    return Held(row.level, row.obtained_on, row.series or series, pk=row.pk) if row else Held()


def entry_of(row: Any) -> Entry | None:
    """The conditions of a class of the standard."""
    return Entry(row.get("level_from") or "none", int(row.get("years") or 0)) if row else None


def years_asked(version: Any) -> int | None:
    """Years in the present title a standard asks for, 0 for none; None without a standard."""
    return None if version is None else int(version.asked.years_in_title)


def _experts(declaration: Any) -> tuple[Expert, ...]:
    """Who recommends, each with the level of a title the register knows by that name."""
    rows = [(row.name, row.title, row.pk) for row in declaration.expert_recommendations.all() if row.name]
    known: dict[str, str] = {}
    for name, level in Title.objects.filter(name__in=[row[1] for row in rows]).values_list("name", "level"):
        # A name that stands for two levels is taken for the higher one: nobody is refused for an ambiguity.
        known[name] = max(level, known.get(name, level), key=LADDER.index)
    return tuple(Expert(name, title, known.get(title), pk) for name, title, pk in rows)
