"""What is known of a person who asks for a title."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from committees.plans.models import Level
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
    talent: bool | None = None
    years_less: int = 0  # relief by the standard for hardship areas and grass-roots posts (倾斜)

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


def facts_of(declaration: Any) -> Facts:
    """The facts as a declaration states them."""
    line = declaration.line
    chosen = rule_set(line.rule_set)
    held = max(
        (row for row in declaration.held_titles.all() if row.level in LADDER),
        key=lambda row: (LADDER.index(row.level), row.obtained_on or dt.date.min),
        default=None,
    )
    exam = getattr(declaration, "exam_result", None)
    level, subfield = line.level, declaration.subfield
    experts = declaration.expert_recommendations.exclude(name="").exclude(reason="").values_list("name", flat=True)
    return Facts(
        level=level,
        by_exam=declaration.title.by_exam
        or declaration.series.by_exam(level)
        or (subfield is not None and level in subfield.by_exam_levels),
        law_day=chosen.law_day(line.opens_on) if chosen else line.opens_on,
        counted_to=line.counted_to,
        series=declaration.series.name,
        degrees=tuple(Degree(row.level, row.finished_on, row.degree, row.pk) for row in declaration.educations.all()),
        held=Held(held.level, held.obtained_on, str(declaration.transfer_series or ""), pk=held.pk) if held else Held(),
        post_since=declaration.current_post_since,
        experts=len(set(experts)),
        exam_passed_on=exam.passed_on if exam else None,
        exam_valid_until=exam.valid_until if exam else None,
        exam_passed=bool(exam and exam.name and exam.passed_on),
        talent=bool(declaration.talent_kind and declaration.talent_reason.strip()),
        years_less=_relief(declaration),
    )


def _relief(declaration: Any) -> int:
    """Years the standard's relief takes off: of what is claimed only what has its file (code "tilt_…") counts."""
    version = declaration.standard_version
    claimed = set(declaration.tilts or []) if version else set()
    if not claimed:
        return 0
    codes = declaration.materials.filter(superseded_by=None, removed=False, code__startswith="tilt_")
    proven = {code.partition(".")[0].removeprefix("tilt_") for code in codes.values_list("code", flat=True)}
    rows = [row for row in version.tilts if row.get("code") in claimed & proven]
    return max((int(row.get("years_less") or 0) for row in rows), default=0)
