"""A university that appraises its own staff: the world of the tests of this folder."""

import datetime as dt

from appraisal_portal.home.story import autonomy as story
from appraisal_portal.kernel import clock
from committees.plans.services import load_register
from tests.factories.accounts import build_city
from tests.stage import kept

OPENED = dt.date(2026, 9, 7)
CONSENTED = dt.date(2026, 10, 12)
RESULT = dt.date(2026, 12, 21)
LECTURER = "讲师"


@kept
def a_university():
    """A unit whose plan of 2026 has been consented to, with three of its staff."""
    with clock.travel(OPENED):
        load_register()
        city = build_city()
        unit = city.unit(0)
        people = [city.employ(city.applicant(seed), unit).person for seed in (1, 2, 3)]
        plan = story.open_plan(story.delegate(unit))
    with clock.travel(CONSENTED):
        story.consent(story.submit(story.fill(plan)))
    return city, plan, people
