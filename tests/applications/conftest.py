"""One city and cycle for the tests of a module, made once; each test works on a savepoint inside."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from applications.models import Declaration
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock as portal_clock
from tests.factories.applications import a_draft
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


@pytest.fixture
def draft(world: tuple[City, Cycle]) -> Declaration:
    """Complete, unsigned, forestry."""
    city, cycle = world
    unit = next(u for u in city.units if u.name == "龙泉市凤阳山林场")
    return a_draft(city, cycle, 1, unit=unit, line=cycle.line("forestry"))


@pytest.fixture
def mine(draft: Declaration) -> Client:
    """The applicant's browser."""
    client = Client()
    client.force_login(draft.applicant.user)
    return client


@pytest.fixture
def scored(world: tuple[City, Cycle]) -> Declaration:
    """Complete, unsigned, enterprise engineering: questions of every kind and a self-scoring sheet."""
    city, cycle = world
    return a_draft(city, cycle, 3, line=cycle.line("enterprise"))


@pytest.fixture
def mine_scored(scored: Declaration) -> Client:
    """The browser of its applicant."""
    client = Client()
    client.force_login(scored.applicant.user)
    return client
