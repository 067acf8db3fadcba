"""The unit's part as a whole: check, verify, publicise, recommend; who may not, and what stops it."""

import datetime as dt

import pytest

from appraisal_portal.home.story import unit as story
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.city import PASSWORD
from appraisal_portal.kernel import chain, clock
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, WrongState
from applications.models import CorrectionSlip, Recommendation
from applications.services import unit as service
from tests.factories.unit_stage import MONDAY, a_stage, handed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(clock):
    city, cycle = a_stage()
    clock(MONDAY)
    return city, cycle.line("forestry")


def words(error):
    return " ".join(str(problem) for problem in error.value.problems)


def test_from_the_unit_to_the_recommendation(stage, clock):
    city, line = stage
    people = [handed_in(city, line, seed) for seed in (11, 12)]
    for declaration in people:
        story.verify(declaration)
        assert declaration.status == "verified"
    [publicity] = story.publicise(people)
    assert publicity.status == "running"
    assert publicity.ends_on == dt.date(2026, 3, 9)
    assert publicity.papers.get().code == "unit-posting"
    with pytest.raises(Blocked) as refused:
        story.recommend(people[0])
    assert "2026-03-09" in words(refused)
    assert not Recommendation.objects.exists()
    clock(dt.date(2026, 3, 10))
    for declaration in people:
        declaration.refresh_from_db()
        story.recommend(declaration)
        assert declaration.status == "recommended"
        assert declaration.recommended_on == dt.date(2026, 3, 10)
    marks = people[0].undertakings.get(voided_at=None).signatures.values_list("mark", flat=True)
    assert set(marks) == {"applicant", "verifier", "unit_head", "seal"}
    assert chain.verify() is None
