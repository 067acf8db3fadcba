"""Cases decided without a vote, told by the story."""

import datetime as dt

from applications.models import Declaration
from appraisal_portal.home.story import determine as story
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock
from committees.plans.models import PlanLine
from tests.factories.results import with_photo
from tests.factories.unit_stage import PUBLICITY_OVER, a_stage, recommended
from tests.stage import kept

COUNTY_UNIT, CITY_UNIT = 8, 12
"""Places of an enterprise under a county bureau and of one that reports straight to the city."""
DECIDED_ON = PUBLICITY_OVER
PUBLIC_UNTIL_OVER = dt.date(2026, 3, 18)


def a_line(decided_by: str = "county_bureau", channel: str = "preliminary") -> tuple[City, Cycle, PlanLine]:
    """A line of the plan that a bureau decides without a vote."""
    city, cycle = a_stage()
    line = cycle.line("enterprise", channel=channel)
    PlanLine.objects.filter(pk=line.pk).update(decided_by=decided_by)
    line.refresh_from_db()
    return city, cycle, line


def recommended_for(
    city: City, cycle: Cycle, line: PlanLine, *seeds: int, unit: int = COUNTY_UNIT
) -> list[Declaration]:
    """Recommended people of the line on ``DECIDED_ON``."""
    with clock.travel(dt.date(2026, 3, 2)):
        rows = recommended(city, cycle, *seeds, unit=city.unit(unit), line=line)
    return [Declaration.objects.get(pk=row.pk) for row in rows]


def qualified(city: City, rows: list[Declaration]) -> list[Declaration]:
    """Examined by the body that decides, with photographs, on ``DECIDED_ON``."""
    with clock.travel(DECIDED_ON):
        for row in rows:
            story.examine(city, row)
            if not row.photos.filter(current=True).exists():
                with_photo(row, row.pk)
    return [Declaration.objects.get(pk=row.pk) for row in rows]


@kept
def two_qualified() -> tuple[City, Cycle, PlanLine, list[Declaration]]:
    """Two people of one county's unit, ready to be determined."""
    city, cycle, line = a_line()
    return city, cycle, line, qualified(city, recommended_for(city, cycle, line, 1, 2))
