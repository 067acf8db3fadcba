"""The story of a cycle: everything decided by two people, open from today, the year 2018 under its own rule set."""

import datetime as dt

import pytest

from appraisal_portal.home.story.city import build_city
from appraisal_portal.home.story.cycle import open_cycle
from appraisal_portal.kernel import chain, clock
from committees.plans.models import Notice, PlanLine, ReviewPlan
from tests.factories.plans import a_cycle

pytestmark = pytest.mark.django_db


def test_a_cycle_is_open_and_decided_by_two_people():
    city, cycle = a_cycle()
    line = cycle.line("109")
    assert line == cycle.line("forestry", "intermediate", "regular")
    assert line.is_open()
    assert not line.is_open(line.closes_on + dt.timedelta(days=1))
    assert cycle.plan.status == "published"
    assert cycle.plan.proposed_by_id != cycle.plan.decided_by_id
    assert cycle.term("forestry").members_on(clock.today()).count() == 15
    assert cycle.standard("forestry").status == "approved"
    assert Notice.objects.public().count() == 2
    assert cycle.line("forestry", "associate_senior", "recommend")
    with pytest.raises(KeyError):
        cycle.line("enterprise", "associate_senior", "recommend")
    assert open_cycle(city, cycle.year).plan == cycle.plan
    assert chain.verify() is None


def test_the_closed_cycle_of_2018_beside_the_present_one():
    city = build_city()
    with clock.travel(dt.date(2018, 3, 5)):
        old = open_cycle(city, 2018, committees=["forestry"])
    new = open_cycle(city, clock.today().year, committees=["forestry"])
    assert old.line("forestry").rule_set == "2018"
    assert new.line("forestry").rule_set == "2019"
    assert not old.line("forestry").is_open()
    assert list(PlanLine.objects.open_for(clock.today(), channel="regular")) == [new.line("forestry")]
    assert {plan.year for plan in ReviewPlan.objects.public()} == {2018, clock.today().year}
    assert old.standard("forestry") == new.standard("forestry")
    assert old.term("forestry", dt.date(2018, 6, 1)) != new.term("forestry")
