"""The yearly holiday notice at the browser: pasted, read against itself, its effect shown, taken over."""

import pytest

from appraisal_portal.home.story.actors import holder
from tests.journeys.conftest import World
from tests.journeys.steps.desk import words
from tests.plans.test_holiday_notice import NOTICES

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_the_yearly_notice_is_taken_over(world: World) -> None:
    desk = world.desk("reviewer", holder("bureau_reviewer"))
    desk.open("/bureau/calendar/2026/")
    desk.main.get_by_text(words("Take over the yearly notice")).click()
    slip = NOTICES[2026].replace("2月28日（周六）", "2月28日（周日）")
    desk.fill(**{"notice-text": slip, "notice-source": "国办发明电"}).press("Read the notice", 422)
    desk.says("2026-02-28 不是周日").fill(**{"notice-text": NOTICES[2026]}).press("Read the notice")
    desk.says(words("What the notice says"), "2026-02-28（周六）").seen("effect").press("Change the calendar")
    desk.says(words("The calendar has been changed."), "国办发明电").seen("taken-over")
    desk.context.add_cookies([{"name": "django_language", "value": "en", "url": desk.base}])
    desk.open("/bureau/calendar/2026/").seen("grid-en").says("make-up working day")
    assert not world.findings.found
