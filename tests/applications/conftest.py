"""One city and cycle for all tests of the stage, made once; each test works in a transaction of its own."""

import datetime as dt
from collections.abc import Iterator

import pytest

from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock as portal_clock
from tests.factories.plans import a_cycle

DAY = dt.date(2026, 5, 6)


@pytest.fixture
def world(db: None) -> Iterator[tuple[City, Cycle]]:
    """A Wednesday in May 2026 with the windows of forestry and enterprise engineering open."""
    with portal_clock.travel(DAY):
        yield a_cycle(2026)
