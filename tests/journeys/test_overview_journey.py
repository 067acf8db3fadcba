"""The bureau's overview at the browser, in both languages: the pictures, their tables and their workbooks."""

import io

import pytest
from openpyxl import load_workbook

from applications.models import HandOver, Originals
from appraisal_portal.home.story import declare
from appraisal_portal.kernel import clock
from tests.journeys.conftest import World
from tests.journeys.steps.desk import words

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_the_year_at_a_glance(world: World) -> None:
    draft = declare.draft(world.city, world.cycle, 21, unit=world.unit, line=world.cycle.line("forestry"))
    declare.submit(draft)
    day, clerk = clock.today(), world.city.user("unit_clerk", world.unit)
    bundle = Originals.objects.create(
        declaration=draft, items=[{"text": "学历证书", "copies": 1}], holder=world.unit, since=day
    )
    HandOver.objects.create(
        originals=bundle,
        number=1,
        from_person="甲",
        to_body=world.unit,
        to_person="乙",
        handed_on=day,
        entered_by=clerk,
    )
    desk = world.desk("reviewer", world.city.user("bureau_reviewer"))
    desk.open("/bureau/")
    for table in desk.main.locator("details summary").all():
        table.click()
    desk.seen("overview").says(words("Asked once"), words("sampled cases without a finding"))
    links = desk.main.locator('a[href*="/figures/"]').all()
    assert len(links) == 2  # nothing is public yet, and the steps are counted by a sweep
    for link in links:
        rows = load_workbook(io.BytesIO(desk.download(link))).active.iter_rows(values_only=True)
        assert any(1 in row for row in rows), link.get_attribute("href")
    desk.context.add_cookies([{"name": "django_language", "value": "en", "url": desk.base}])
    desk.open("/bureau/").seen("overview-en").says("Asked once")
    assert not world.findings.found
