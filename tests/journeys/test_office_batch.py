"""The office's work list at a browser: two found eligible at once, one refused by name, all of it taken back."""

import pytest

from applications.models import Declaration
from appraisal_portal.home.story import unit as story
from tests.factories.unit_stage import PUBLICITY_OVER, in_examination
from tests.journeys.conftest import World
from tests.journeys.steps.desk import words

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_batch_is_previewed_carried_out_and_taken_back(world: World) -> None:
    rows = in_examination(world.city, world.cycle, 31, 32, 33, unit=world.unit)
    world.travel(PUBLICITY_OVER)
    for row in rows[:2]:
        story.check_in_office(row)
    office = world.desk("office", story.officer_of(rows[0]))
    office.open("/office/")
    office.main.locator("[data-all]").check()
    office.says("已选 3 份").seen("batch-list").press("Find eligible…")
    office.says("2 份可以办理", "1 份保持不变", rows[2].applicant.name).seen("batch-preview").press("Find eligible")
    office.says("尚未通知任何人").seen("batch-done")
    assert Declaration.objects.filter(status="qualified").count() == 2
    office.press("Undo this batch").says("没有通知任何人")
    assert Declaration.objects.filter(status="qualified").count() == 0
    longest = "Not passed by the higher committee"
    for language, status in (("en", longest), ("zh-hans", words(longest))):
        office.context.add_cookies([{"name": "django_language", "value": language, "url": world.base}])
        office.open("/office/?tab=all")
        office.page.locator(".list .tag").first.evaluate("(tag, text) => { tag.textContent = text }", status)
        shown, whole = office.page.locator(".list .scroll").evaluate("e => [e.clientWidth, e.scrollWidth]")
        assert (language, whole) == (language, shown), "the list fits its page without scrolling aside"
    assert not world.findings.found
