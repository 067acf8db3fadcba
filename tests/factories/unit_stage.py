"""Declarations as units and offices meet them, without the applicant's pages: for tests of unit, forwarder and examination."""

import datetime as dt
from typing import Any

from appraisal_portal.home.story.city import PASSWORD, City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock
from applications.models import Achievement, Assessment, Declaration, Education, HeldTitle, LearningHours, WorkHistory
from applications.services import signing
from committees.plans.models import PlanLine, Subfield
from tests.factories.plans import a_cycle

MONDAY = dt.date(2026, 3, 2)


def a_stage(today: dt.date = MONDAY) -> tuple[City, Cycle]:
    """A city and its cycle with two committees, opened shortly before ``today``."""
    with clock.travel(today):
        return a_cycle(today.year, committees=("forestry", "enterprise"))


def handed_in(city: City, line: PlanLine, seed: int, *, unit: Any = None) -> Declaration:
    """With the unit: filled, 2-9 signed by the applicant, number drawn."""
    user = city.applicant(seed)
    where = unit or city.unit(0)
    city.employ(user, where)
    series = line.committee.scopes.first().series
    declaration = Declaration.objects.create(
        year=line.plan.year,
        series=series,
        applicant=user.person,
        unit=where,
        line=line,
        committee=line.committee,
        title=series.titles_on(line.opens_on).filter(level=line.level).first(),
        subfield=Subfield.objects.filter(pk__in=line.committee.scopes.values("subfield")).first(),
        route=line.channel,
        specialty="森林培育",
        current_specialty="森林培育",
        specialty_years=9,
        staff_kind="staff",
        retired=False,
        under_punishment=False,
        work_started_on=dt.date(2012, 7, 1),
    )
    Education.objects.create(
        declaration=declaration, level="bachelor", degree="bachelor", school="浙江农林大学", major="林学",
        finished_on=dt.date(2012, 6, 30),
    )  # fmt: skip
    HeldTitle.objects.create(
        declaration=declaration, level="assistant", name="助理工程师", obtained_on=dt.date(2014, 9, 1),
        authority="莲都区人力资源和社会保障局", appointed_on=dt.date(2014, 10, 1),
    )  # fmt: skip
    for year in range(line.plan.year - 3, line.plan.year):
        LearningHours.objects.create(declaration=declaration, year=year, professional=62, industry=12, general=18)
        Assessment.objects.create(declaration=declaration, year=year, result="qualified")
    WorkHistory.objects.create(
        declaration=declaration, starts_on=dt.date(2012, 7, 1), unit_name=where.name, post="技术员", work="营林技术推广"
    )
    Achievement.objects.create(
        declaration=declaration, kind="project", title="阔叶林抚育技术推广", role="主要完成人", rank="2/5",
        reached_on=dt.date(2022, 5, 1), level="市级",
    )  # fmt: skip
    signing.sign(declaration, "applicant", user.act_as(None), PASSWORD)
    declaration.number = f"{line.plan.year}-{seed:04d}"
    declaration.submitted_at = clock.now()
    declaration.status = "with_unit"
    declaration.save()
    return declaration
