"""One city and cycle for the tests of this package, made once; each test works on a savepoint inside."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client

from applications.models import Declaration
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock as portal_clock
from tests.factories.applications import a_draft
from tests.factories.plans import a_cycle
from tests.stage import begins_with, kept

DAY = dt.date(2026, 5, 6)


@kept
def a_year() -> tuple[City, Cycle]:
    """The windows of forestry and enterprise engineering open."""
    with portal_clock.travel(DAY):
        return a_cycle(2026)


@kept
def a_whole_draft() -> Declaration:
    """Complete, unsigned, forestry, through a public institution; with the year it belongs to."""
    with portal_clock.travel(DAY):
        return _in_forestry(*a_year())


def _in_forestry(city: City, cycle: Cycle) -> Declaration:
    unit = next(u for u in city.units if u.name == "龙泉市凤阳山林场")
    return a_draft(city, cycle, 1, unit=unit, line=cycle.line("forestry"))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Who works in the year begins with it."""
    if "world" in getattr(item, "fixturenames", ()):
        item.add_marker(begins_with(a_year))


@pytest.fixture
def world(db: None) -> Iterator[tuple[City, Cycle]]:
    """A Wednesday in May 2026 with the windows of forestry and enterprise engineering open."""
    made = a_year()
    with portal_clock.travel(DAY):
        yield made


@pytest.fixture
def draft(world: tuple[City, Cycle]) -> Declaration:
    """Complete, unsigned, forestry."""
    return _in_forestry(*world)


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
