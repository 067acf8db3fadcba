"""A city with the forestry committee's cycle, made once a module: a hundred accounts take a second."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from appraisal_portal.home.story.city import City, build_city
from appraisal_portal.home.story.cycle import Cycle, open_cycle
from appraisal_portal.kernel import clock


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[City]:
    """The rows live in a transaction of the module; each test's own is nested in it and rolled back alone."""
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            city = build_city()
            open_cycle(city, clock.today().year, committees=["forestry"])
            yield city
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


@pytest.fixture
def forestry(town: City, db: None) -> tuple[City, Cycle]:
    """City and cycle, read anew for each test."""
    return town, open_cycle(town, clock.today().year, committees=["forestry"])
