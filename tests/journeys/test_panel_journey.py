"""A specialty panel's day in a browser: divided by the office, scored, its opinion read with the ballot."""

import datetime as dt

import pytest
from django.urls import reverse

from appraisal_portal.home.story import meeting as story
from committees.plans.models import StandardVersion
from committees.reviews.models import PanelOpinion
from committees.reviews.services import conflicts, panel_work
from tests.factories.reviews import divided, examined
from tests.journeys.conftest import World
from tests.journeys.steps.desk import words
from tests.reviews.test_panel_work import SHEET

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
DAY = dt.date(2026, 3, 18)


def test_a_panel_scores_and_advises(world: World) -> None:
    line = world.cycle.line("forestry")
    rows = [examined(world.city, line, seed, unit=world.unit) for seed in (70, 71, 72)]
    meeting, (declaration, *_others), voters = divided(
        story.prepare(world.city, world.cycle, line, rows, DAY), rows, method="scored"
    )
    StandardVersion.objects.filter(pk=declaration.standard_version_id).update(self_scoring=SHEET)
    case = meeting.admissions.get(declaration=declaration)

    office = world.desk("office", meeting.prepared_by)
    office.open(f"/office/meetings/{meeting.pk}/panels/").says("第一组", "第二组").seen("panels")
    office.go("修改第一组").seen("panel").press("Save the panel")
    head = world.desk("head", voters[0].user)
    head.open(f"/my/meetings/{meeting.pk}/").says("您在第一组").seen("call-up").go(declaration.applicant.name)
    head.fill(conflict="no").press("Submit the declaration")
    for part in voters[1:3]:
        conflicts.declare(part, case.pk, conflict=False)

    world.travel(DAY)
    story.open_meeting(meeting)
    for part in meeting.attendees.filter(pk__in=[row.pk for row in voters[1:3]]).select_related("user", "member"):
        entries = {"papers": "3", "projects": "20", "award": "1"}
        panel_work.score(part, case, entries, actor=story.juror(part.member), hand_in=True)
    head.open(reverse("reviews:juror-case", args=[meeting.pk, case.pk])).follow("Open my score sheet").seen("scores")
    head.fill(**{"s-papers": "4", "s-projects": "51"}).press("Hand in the score sheet", 422).told("s-projects")
    head.told("s-award").seen("scores-faults")
    head.fill(**{"s-projects": "35.5", "s-award": "1"}).press("Hand in the score sheet").says("平均分：73.5 分")
    head.fill(text="业绩突出，同意提交评委会表决。").seen("work").press("Sign the opinion").seen("signed")
    assert PanelOpinion.objects.get(admission=case).status == "signed"

    story.declare_no_conflict(meeting)
    ballot = story.counting.open_round(meeting, actor=story._clerk(meeting), admissions=[case], mode="electronic")
    head.open(reverse("reviews:round-ballot", args=[ballot.pk]))
    head.says("业绩突出，同意提交评委会表决。", "平均 73.5 分", words("Put the ballot into the box")).seen("ballot")
    office.open(f"/office/meetings/{meeting.pk}/panels/").says("同意提交评委会表决").seen("panels-opinions")
    assert not world.findings.found, world.findings.found
