"""The correction slip at a browser: one row opens, the others are read-only, what changed stands side by side."""

import pytest

from appraisal_portal.home.story import declare
from appraisal_portal.home.story import unit as story
from appraisal_portal.home.story.city import PASSWORD
from tests.journeys.conftest import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_correction_slip(world: World, script: bool) -> None:
    if not script:
        world.findings.scripts = False
    draft = declare.draft(world.city, world.cycle, 21, unit=world.unit, line=world.cycle.line("forestry"))
    declaration = declare.submit(draft)
    row, other = declaration.achievements.all()[:2]
    story.give_back(declaration, {f"achievements:{row.pk}": "本人排名与获奖证书不一致，请核对。"})
    mine = world.desk("applicant", declaration.applicant.user, script=script)
    mine.open(f"/my/declarations/{declaration.pk}/fix/").says(row.title).seen("slip")
    mine.open(f"/my/declarations/{declaration.pk}/achievements/")
    names = {form: place for place, form in enumerate(declaration.achievements.values_list("pk", flat=True))}
    shut = mine.main.locator(f'[name="achievements-{names[other.pk]}-title"]')
    assert shut.is_disabled()
    mine.fill(**{f"achievements-{names[row.pk]}-rank": "3/9"}).press("Save and continue")
    row.refresh_from_db()
    assert row.rank == "3/9"
    mine.open(f"/declarations/{declaration.pk}/changes/").says(row.title, "3/9").seen("side-by-side")
    mine.open(f"/my/declarations/{declaration.pk}/undertaking/").fill(password=PASSWORD)
    mine.main.locator("form button").last.click()
    mine.open(f"/my/declarations/{declaration.pk}/fix/").press("Submit again")
    declaration.refresh_from_db()
    assert declaration.status == "with_unit"
    assert not world.findings.found
