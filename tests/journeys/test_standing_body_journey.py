"""The standing body for urgently needed talent at the browser: what is missing is said, named, and shown."""

import pytest

from committees.plans.models import StandingSeat
from tests.journeys.conftest import World
from tests.journeys.steps.desk import words

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_the_standing_body_is_named(world: World) -> None:
    committee = world.cycle.committee("forestry")
    clerk = world.desk("office", world.office())
    clerk.open(committee.get_absolute_url()).says(words("nobody yet")).follow("Name the body").seen("empty")
    choices = clerk.main.locator("select")
    for place, kind in enumerate(("panel_head", "department", "industry")):
        choices.nth(place).select_option(kind)
    choices.last.select_option("discipline")
    clerk.press("Save the body").seen("named")
    assert words("nobody yet") not in clerk.text()
    assert sorted(StandingSeat.objects.values_list("kind", flat=True)) == [
        "department", "discipline", "industry", "panel_head",
    ]  # fmt: skip
    assert not world.findings.found
