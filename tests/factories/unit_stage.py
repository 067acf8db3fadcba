"""Declarations as units and offices meet them, told by the story."""

import datetime as dt
from typing import Any

from applications.models import Declaration
from appraisal_portal.home.story import declare
from appraisal_portal.home.story import unit as story
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock
from committees.plans.models import PlanLine
from tests.factories.plans import a_cycle
from tests.stage import kept

MONDAY = dt.date(2026, 3, 2)
PUBLICITY_OVER = dt.date(2026, 3, 10)
"""The day after five working days from that Monday."""


@kept
def a_stage(today: dt.date = MONDAY) -> tuple[City, Cycle]:
    """A city and its cycle with two committees, opened on ``today``."""
    with clock.travel(today):
        return a_cycle(today.year, committees=("forestry", "enterprise"))


def handed_in(city: City, cycle: Cycle, seed: int, *, unit: Any = None, line: PlanLine | None = None) -> Declaration:
    """With the unit: filled, 2-9 signed by the applicant, submitted today."""
    where = unit or city.unit(0)
    return declare.submit(declare.draft(city, cycle, seed, unit=where, line=line or cycle.line("forestry")))


def publicised(city: City, cycle: Cycle, *seeds: int, **options: Any) -> list[Declaration]:
    """Verified and posted together today."""
    people = [handed_in(city, cycle, seed, **options) for seed in seeds]
    for declaration in people:
        story.verify(declaration)
    story.publicise(people)
    return [Declaration.objects.get(pk=declaration.pk) for declaration in people]


def recommended(city: City, cycle: Cycle, *seeds: int, **options: Any) -> list[Declaration]:
    """Recommended on the first possible day; the clock stands on ``MONDAY`` afterwards as before."""
    people = publicised(city, cycle, *seeds, **options)
    with clock.travel(PUBLICITY_OVER):
        for declaration in people:
            story.recommend(declaration)
    return people


def in_examination(city: City, cycle: Cycle, *seeds: int, **options: Any) -> list[Declaration]:
    """Forwarded and accepted on the same day."""
    people = recommended(city, cycle, *seeds, **options)
    with clock.travel(PUBLICITY_OVER):
        for declaration in people:
            story.forward(declaration)
            story.accept(declaration)
    return people
