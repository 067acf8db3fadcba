"""A city with an open cycle for one journey, and desks for its people."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import LiveServerTestCase
from playwright.sync_api import Browser

from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from tests.factories.plans import a_cycle
from tests.journeys.steps.desk import Desk, Findings
from tests.stage import ROWS, Call

MONDAY = dt.date(2026, 3, 2)
UNIT = "龙泉市凤阳山林场"


@dataclass
class World:
    """The city on the first day of the window; ``desk("office", user)`` opens a browser for somebody."""

    city: City
    cycle: Cycle
    base: str
    findings: Findings
    desk: Callable[..., Desk]
    travel: Callable[[dt.date | dt.datetime], Any]

    @property
    def unit(self) -> Any:
        """The unit of the journeys: a public institution, forwarded by its county."""
        return next(unit for unit in self.city.units if unit.name == UNIT)

    def office(self, place: int = 0) -> Any:
        """A clerk of the forestry committee's office."""
        return self.city.user("office_clerk", "forestry", place)


@pytest.fixture
def findings() -> Findings:
    """What must not be, gathered over the journey."""
    return Findings()


@pytest.fixture
def committees() -> tuple[str, ...]:
    """Whose cycle is open; a module that needs others has a fixture of its own."""
    return ("forestry",)


@pytest.fixture
def world(
    browser: Browser,
    live_server: LiveServerTestCase,
    clock: Any,
    findings: Findings,
    settings: Any,
    committees: tuple[str, ...],
) -> Iterator[World]:
    """Everything stands on Monday, 2 March 2026; the window has just been opened."""
    settings.PORTAL_SITE_URL = live_server.url
    clock(MONDAY)
    city, cycle = ROWS.stand(Call(a_cycle, (MONDAY.year,), (("committees", committees),), MONDAY))
    desks: list[Desk] = []

    def desk(role: str, user: Any = None, **options: Any) -> Desk:
        login = options.pop("login", user.username if user else "")
        desks.append(Desk(browser, live_server.url, findings, role, login, **options))
        return desks[-1]

    yield World(city, cycle, live_server.url, findings, desk, clock)
    for one in desks:
        one.close()
