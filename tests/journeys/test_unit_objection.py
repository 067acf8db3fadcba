"""An objection inside the unit at the browser: recorded, checked, concluded; who is concerned hears the substance."""

import datetime as dt
from pathlib import Path

import pytest

from applications.models import Declaration, UnitObjection
from appraisal_portal.home.story import declare
from appraisal_portal.home.story import unit as story
from appraisal_portal.kernel.tasks import sweep_messages
from tests.journeys.conftest import World
from tests.journeys.steps.applicant import Papers
from tests.journeys.steps.desk import Desk, words

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
AUTHOR = "陈立新"
SUBSTANCE = "第二项业绩的本人排名与验收文件不一致"


def test_an_objection_inside_the_unit(world: World, tmp_path: Path) -> None:
    draft = declare.draft(world.city, world.cycle, 21, unit=world.unit, line=world.cycle.line("forestry"))
    declaration = declare.submit(draft)
    story.verify(declaration)
    story.publicise([declaration])
    sweep_messages()  # what was told of the submission comes before what is told of the objection
    clerk = world.desk("unit-clerk", world.city.user("unit_clerk", world.unit))
    recorded(clerk, declaration)
    mine = world.desk("applicant", declaration.applicant.user)
    told(mine, SUBSTANCE)
    mine.open(f"/my/declarations/{declaration.pk}/").says(SUBSTANCE, f"{world.unit}正在核查一项异议").seen("objected")
    world.travel(dt.date(2026, 3, 10))
    held_back(world, clerk, declaration)
    concluded(clerk, Papers(tmp_path))
    told(mine, words("Your declaration goes on. You do not need to do anything."))
    story.recommend(Declaration.objects.get(pk=declaration.pk))
    assert not world.findings.found


def recorded(clerk: Desk, declaration: Declaration) -> None:
    """Whoever objects is named to the unit alone: a text for the applicant that names them is refused at its field."""
    clerk.open(f"/unit/declarations/{declaration.pk}/").follow("Record an objection…")
    clerk.fill(filed_by=AUTHOR, received_on="2026-03-02", content=f"{AUTHOR}反映：{SUBSTANCE}。")
    clerk.fill(substance=f"{AUTHOR}认为{SUBSTANCE}。").press("Record", 422)
    clerk.told("substance", "This names who raised it. The person concerned must not read that.")
    clerk.seen("objection-names-author").fill(substance=SUBSTANCE).press("Record")
    clerk.says(AUTHOR, words("still being checked")).seen("objection-recorded")


def told(mine: Desk, text: str) -> None:
    """The newest message of the person concerned says so, without the author."""
    sweep_messages()
    mine.open("/account/messages/").main.locator("ul.tasks a").first.click()
    mine.seen("message").says(text)
    assert AUTHOR not in mine.page.content()


def held_back(world: World, clerk: Desk, declaration: Declaration) -> None:
    """The days are over, yet nobody can be recommended before the outcome; the dashboard says who acts."""
    head = world.desk("unit-head", story.head_of(declaration))
    head.open(f"/unit/declarations/{declaration.pk}/recommend/").says(
        words("An objection is still being checked. Record its outcome first.")
    )
    clerk.open("/unit/").says(words("Record the outcome of the objection")).seen("dashboard-objection")


def concluded(clerk: Desk, papers: Papers) -> None:
    """From the page of the publicity; a report is demanded, then kept with its papers."""
    clerk.open("/unit/publicity/").main.locator("tbody a").first.click()
    clerk.seen("publicity-objection").follow("Record the outcome")
    clerk.fill(outcome="unfounded").press("Record the outcome", 422).told("report").seen("outcome-no-report")
    clerk.fill(report="经调阅验收文件，排名与申报一致。", report_file=papers.pdf("核查报告"))
    clerk.press("Record the outcome")
    assert UnitObjection.objects.get().outcome == "unfounded"
