"""A spot check at the browser: announced in public, drawn after its seed's day, a defect, the re-examination."""

import datetime as dt

import pytest

from applications.models import SpotCheck
from applications.rules.items import items_of
from appraisal_portal.home.story import unit as office
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock
from tests.factories.unit_stage import PUBLICITY_OVER, in_examination
from tests.journeys.conftest import World
from tests.journeys.steps.desk import Desk, words

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
DEFECT = "学历证书编号与发证单位的登记不一致"


def test_a_spot_check(world: World) -> None:
    [case] = in_examination(world.city, world.cycle, 31, unit=world.unit)
    world.travel(clock.at(PUBLICITY_OVER, 15))
    reviewer = world.desk("reviewer", holder("bureau_reviewer"))
    reviewer.open("/bureau/spot-checks/new/").fill(lines=[case.line_id], share=0).press("Announce a spot check", 422)
    reviewer.told("share").seen("announce-bad").fill(share=20).press("Announce a spot check")
    reviewer.follow("Draw the sample").press("Draw the sample", 422)
    office.qualify(case)
    public = world.desk("public").open("/spot-checks/").seen("before-the-draw")
    world.travel(PUBLICITY_OVER + dt.timedelta(days=2))
    check = SpotCheck.objects.get()
    reviewer.open(check.get_absolute_url()).follow("Draw the sample").press("Draw the sample").seen("drawn")
    reviewer.says(words("Run again: the same sample"))
    found(reviewer, check)
    approver = world.desk("approver", holder("bureau_approver"))
    approver.open(check.get_absolute_url()).follow("Order the re-examinations").press("Order the re-examinations")
    clerk = world.desk("office", office.officer_of(case))
    clerk.open("/bureau/spot-checks/").open(check.items.get().get_absolute_url())
    clerk.says(DEFECT, words("To be examined again")).seen("to-examine-again")
    office.qualify(type(case).objects.get(pk=case.pk))
    approver.open(check.get_absolute_url()).follow("Close the spot check")
    approver.fill(confirm=str(check)).press("Close the spot check").seen("closed")
    assert approver.download(f"{check.get_absolute_url()}report/").startswith(b"%PDF")
    public.open("/spot-checks/").says(SpotCheck.objects.get().seed)
    assert not world.findings.found


def found(reviewer: Desk, check: SpotCheck) -> None:
    """Item by item against the files; what is doubtful says why, then the finding in words."""
    item = check.items.get()
    first, *others = items_of(item.declaration)
    reviewer.open(item.get_absolute_url()).fill(**{f"result-{claim.control}": "true" for claim in others})
    reviewer.fill(**{f"result-{first.control}": "unclear"}).press("Save the judgements", 422)
    reviewer.fill(**{f"note-{first.control}": DEFECT}).press("Save the judgements")
    reviewer.follow("Record a defect").fill(reason=DEFECT).press("Record a defect")
    reviewer.open(check.get_absolute_url()).follow("Complete the findings").press("Complete the findings")
