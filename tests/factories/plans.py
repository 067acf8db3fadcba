"""Plans, terms, standards and notices for tests, told by the story."""

import datetime as dt
from typing import Any

from appraisal_portal.home.story import cycle as story
from appraisal_portal.home.story.city import City, build_city
from appraisal_portal.kernel import clock
from tests.rows import ground
from tests.stage import kept

COMMITTEES = ("forestry", "enterprise")


@kept
@ground
def a_cycle(
    year: int | None = None, *, city: City | None = None, committees: tuple[str, ...] = COMMITTEES, **options: Any
) -> tuple[City, story.Cycle]:
    """A city and this year's cycle with two committees (a cycle of all takes seconds)."""
    town = city or build_city()
    return town, story.open_cycle(town, year or clock.today().year, committees=committees, **options)


def days(count: int) -> dt.timedelta:
    """So many calendar days."""
    return dt.timedelta(days=count)
