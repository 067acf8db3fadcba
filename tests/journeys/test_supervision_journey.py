"""The supervision campaign at the browser: evidence of the records, findings, the committee's answer, the close."""

import datetime as dt

import pytest

from appraisal_portal.home.story.actors import holder
from appraisal_portal.supervision.models import SupervisionCheck
from appraisal_portal.supervision.rules import ITEMS
from tests.journeys.conftest import World
from tests.journeys.steps.desk import words

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
DEFECT = "评审标准未在办公室存档。"


def test_the_supervision_campaign(world: World) -> None:
    committee = world.cycle.committee("forestry")
    world.travel(dt.date(2027, 3, 15))
    reviewer = world.desk("reviewer", holder("bureau_reviewer"))
    reviewer.open("/supervision/new/").fill(year=2028, committee=str(committee.pk)).press("Open the check", 422)
    reviewer.told("year", "That year has not begun.").fill(year=2026).press("Open the check").seen("opened")
    check = SupervisionCheck.objects.get()
    reviewer.follow("Judge the items")
    reviewer.fill(**{f"finding_{code}": "conforms" for code in ITEMS}).fill(finding_standard="defect")
    reviewer.press("Save the findings", 422).told("note_standard").seen("defect-without-words")
    reviewer.fill(note_standard=DEFECT).press("Save the findings").says(DEFECT)
    reviewer.follow("Send the findings").fill(rectify_by="2027-04-09").press("Send the findings")
    director = world.desk("director", world.city.user("committee_director", "forestry"))
    director.open("/supervision/").go(committee.name).says(DEFECT).seen("findings")
    director.follow("Answer the findings").fill(answer="已归档。").press("Answer the findings")
    reviewer.open(check.get_absolute_url()).says("已归档。").follow("Close the check").press("Close the check")
    supervisor = world.desk("supervisor", holder("supervisor"))
    supervisor.open("/supervision/").says(words("Closed"), words("Term valid on the day")).seen("picture")
    assert SupervisionCheck.objects.get().status == "closed"
    assert not world.findings.found
