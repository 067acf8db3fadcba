"""Meetings for tests: the story's meeting over declarations that are examined already."""

import datetime as dt
from typing import Any

from applications.models import (
    Declaration,
    DeclarationRecord,
    DeclarationSnapshot,
    Education,
    HeldTitle,
    LearningHours,
)
from appraisal_portal.home.story import meeting as story
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import approvals, clock
from committees.plans.models import PlanLine, StandardVersion, Subfield
from committees.reviews.models import Meeting
from committees.reviews.services import panels
from tests.factories.plans import a_cycle
from tests.rows import ground
from tests.stage import kept

MONDAY = dt.date(2026, 5, 11)
MEETING_DAY = dt.date(2026, 5, 20)
Divided = tuple[Meeting, list[Declaration], list[Any]]


def examined(city: City, line: PlanLine, seed: int, *, ground: str = "", unit: Any = None) -> Declaration:
    """A declaration of the line as the office leaves it: qualified, or not qualified with the ground."""
    user = city.applicant(seed)
    where = unit or city.unit(1)
    series = line.committee.scopes.first().series
    subfield = Subfield.objects.filter(pk__in=line.committee.scopes.values("subfield")).first()
    declaration = Declaration.objects.create(
        number=f"{line.plan.year}-{seed:04d}",
        year=line.plan.year,
        series=series,
        applicant=user.person,
        unit=where,
        line=line,
        committee=line.committee,
        title=series.titles_on(line.opens_on).filter(level=line.level).first(),
        subfield=subfield,
        route=line.channel,
        specialty="森林培育",
        current_specialty="森林培育",
        specialty_years=9,
        work_started_on=dt.date(2012, 7, 1),
        health="good",
        political_status="party",
        status="disqualified" if ground else "qualified",
        submitted_at=clock.now(),
        recommended_on=clock.today(),
        arrived_on=clock.today(),
    )
    Education.objects.create(
        declaration=declaration, level="bachelor", degree="bachelor", schooling_years=4, school="浙江农林大学",
        major="林学",
        finished_on=dt.date(2012, 6, 30),
    )  # fmt: skip
    HeldTitle.objects.create(
        declaration=declaration, level="assistant", name="助理工程师", obtained_on=dt.date(2014, 9, 1),
        authority="莲都区人力资源和社会保障局",
    )  # fmt: skip
    for year in (2023, 2024, 2025):
        LearningHours.objects.create(declaration=declaration, year=year, professional=62, industry=12, general=18)
    content = approvals.canonical(declaration.content())
    DeclarationSnapshot.objects.create(
        declaration=declaration,
        stage="recommended" if ground else "qualified",
        content=content,
        sha256=approvals.content_sha256(content),
    )
    if ground:
        DeclarationRecord.objects.create(
            subject=declaration, transition="disqualify", source="in_examination", target="disqualified", reason=ground
        )
    return declaration


@kept
def a_line(*, today: dt.date = MONDAY) -> tuple[City, Cycle, PlanLine]:
    """A city, its cycle and the forestry line, all decided before ``today``."""
    with clock.travel(dt.date(today.year, 1, 12)):
        city, cycle = a_cycle(today.year, committees=("forestry",))
    return city, cycle, cycle.line("forestry")


@kept
@ground
def a_meeting(
    people: int = 3, *, refused: int = 1, today: dt.date = MONDAY, meets_on: dt.date = MEETING_DAY
) -> tuple[City, Cycle, Meeting, list[Declaration]]:
    """A draft meeting over ``people`` qualified and ``refused`` not qualified persons; the test stands on ``today``."""
    city, cycle, line = a_line(today=today)
    rows = [examined(city, line, 100 + i) for i in range(people)]
    rows += [examined(city, line, 200 + i, ground="继续教育学时不足") for i in range(refused)]
    return city, cycle, story.prepare(city, cycle, line, rows, meets_on), rows


@kept
def a_divided_meeting(**particulars: Any) -> Divided:
    """An approved meeting in two panels of three, see :func:`divided`."""
    _city, _cycle, meeting, rows = a_meeting(3, refused=1)
    return divided(meeting, rows, **particulars)


def divided(meeting: Meeting, rows: list[Declaration], **particulars: Any) -> Divided:
    """Approved and divided: (meeting, declarations, voters). The first two persons belong to the first panel (voters
    0-2, head 0), the third to the second (voters 3-5, head 3); the other voters sit on none.

    ``particulars``: of the draft ``meeting``, changed before its papers are made.
    """
    version = StandardVersion.objects.filter(standard__committee=meeting.committee).order_by("pk").first()
    Declaration.objects.filter(pk__in=[row.pk for row in rows]).update(standard_version=version)
    Meeting.objects.filter(pk=meeting.pk).update(**particulars) if particulars else None
    meeting.refresh_from_db()
    story.apply(meeting)
    story.approve(meeting)
    voters = list(meeting.attendees.filter(role="voter").select_related("user", "member", "meeting").order_by("pk"))
    clerk = story._clerk(meeting)
    cases = [meeting.admissions.get(declaration=row) for row in rows[:3]]
    for name, members, people in (("第一组", voters[:3], cases[:2]), ("第二组", voters[3:6], cases[2:])):
        panels.save(meeting, actor=clerk, name=name, members=members, head=members[0], cases=people)
    return meeting, [Declaration.objects.get(pk=row.pk) for row in rows[:3]], voters
