"""One city and cycle for the tests of a module, made once; each test works on a savepoint inside."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock as portal_clock
from tests.factories.plans import a_cycle

DAY = dt.date(2026, 5, 6)


@pytest.fixture(scope="module")
def _made(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[City, Cycle]]:
    with django_db_blocker.unblock(), transaction.atomic():
        with portal_clock.travel(DAY):
            made = a_cycle(2026)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def world(_made: tuple[City, Cycle], db: None) -> Iterator[tuple[City, Cycle]]:
    """A Wednesday in May 2026 with the windows of forestry and enterprise engineering open."""
    with portal_clock.travel(DAY):
        yield _made
