"""The story's declarations are complete on awkward days and in every line of the plan."""

import datetime as dt

import pytest

from appraisal_portal.home.story import declare
from appraisal_portal.kernel import clock
from tests.factories.plans import a_cycle
from tests.stage import begins_with

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "day", [dt.date(2018, 5, 7), dt.date(2026, 12, 25), dt.date(2027, 1, 1), dt.date(2027, 2, 4), dt.date(2026, 2, 14)]
)
def test_drafts_are_complete_on_awkward_days(day: dt.date) -> None:
    with clock.travel(day):
        city, cycle = a_cycle(day.year)
        for seed in (1, 2, 7):
            assert declare.submit(declare.draft(city, cycle, seed)).status == "with_unit"


@begins_with(a_cycle, 2026, on=dt.date(2026, 5, 6))
@pytest.mark.parametrize(
    ("level", "channel"),
    [
        ("intermediate", "regular"),
        ("intermediate", "preliminary"),
        ("intermediate", "exceptional"),
        ("associate_senior", "recommend"),
    ],
)
def test_every_line_can_be_declared_for(level: str, channel: str) -> None:
    with clock.travel(dt.date(2026, 5, 6)):
        city, cycle = a_cycle(2026)
        line = cycle.line("forestry", level, channel)
        declaration = declare.submit(declare.draft(city, cycle, 3, line=line))
        assert (declaration.line, declaration.route) == (line, channel)
