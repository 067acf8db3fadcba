"""The university on the day its results are filed."""

import pytest

from committees.autonomous.models import AutonomousPlan
from tests.autonomous.university import RESULT, a_university


@pytest.fixture
def world(clock):
    city, plan, people = a_university()
    clock(RESULT)
    return city, AutonomousPlan.objects.get(pk=plan.pk), people
