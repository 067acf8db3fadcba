"""Independent appraisal at the browser: delegated, planned, consented to, logged, filed, taken on record."""

import datetime as dt
from pathlib import Path

import pytest

from appraisal_portal.accounts.models import Organisation
from appraisal_portal.home.story import autonomy as story
from appraisal_portal.home.story.actors import holder
from committees.autonomous.models import AutonomousPlan, Delegation, FiledBatch
from committees.plans.models import Series
from tests.journeys.conftest import World
from tests.journeys.steps.applicant import Papers
from tests.journeys.steps.desk import Desk, words

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TITLE = "助理研究员"


def test_from_the_delegation_to_the_record(world: World, tmp_path: Path) -> None:
    unit, papers = world.unit, Papers(tmp_path)
    people = [world.city.employ(world.city.applicant(seed), unit).person for seed in (31, 32)]
    reviewer = world.desk("reviewer", holder("bureau_reviewer"))
    approver = world.desk("approver", holder("bureau_approver"))
    clerk = world.desk("unit-clerk", world.city.user("unit_clerk", unit))
    head = world.desk("unit-head", world.city.user("unit_head", unit))
    plan = delegated(reviewer, approver, unit)
    planned(clerk, head, plan, papers)
    reviewer.open(plan.get_absolute_url()).follow("Propose the consent").press("Propose the consent")
    approver.open(plan.get_absolute_url()).follow("Consent to the plan").press("Consent to the plan")
    world.travel(dt.date(2026, 5, 20))
    batch = filed(clerk, head, plan, people, papers)
    reviewer.open(batch.get_absolute_url()).follow("Propose to accept").press("Propose to accept")
    approver.open(batch.get_absolute_url()).follow("Take on record").fill(confirm="1").press("Take on record")
    approver.says("丽人社备〔2026〕1号").seen("own-record")
    clerk.open("/autonomous/").seen("own-list")
    clerk.open(f"/results/units/{batch.pk}/").says(people[0].name, TITLE, "丽人社备〔2026〕1号").seen("own-public")
    assert not world.findings.found


def delegated(reviewer: Desk, approver: Desk, unit: Organisation) -> AutonomousPlan:
    """One writes down, another delegates; a school would get junior titles only."""
    series = Series.objects.get(name="自然科学研究")
    reviewer.open("/autonomous/new/").fill(unit=str(unit.pk), kind="school", series=str(series.pk))
    reviewer.fill(levels=["intermediate"], document="丽人社〔2026〕31号", starts_on="2026-03-02")
    reviewer.press("Store and look through", 422).says(words("Schools decide about junior titles only."))
    reviewer.fill(kind="institute").press("Store and look through")
    reviewer.follow("Propose the delegation").press("Propose the delegation")
    row = Delegation.objects.get()
    approver.open(row.get_absolute_url()).follow("Delegate").press("Delegate")
    reviewer.open(row.get_absolute_url()).follow("Open the plan of a year")
    reviewer.fill(due_on="2026-04-01", result_due_on="2026-10-30").press("Open the plan of the year")
    return AutonomousPlan.objects.get()


def planned(clerk: Desk, head: Desk, plan: AutonomousPlan, papers: Papers) -> None:
    """What is missing is told to the head; the clerk fills it in, the head submits."""
    head.open(plan.get_absolute_url()).follow("Submit the plan").says(words("Describe the procedure."))
    clerk.open(plan.get_absolute_url()).follow("Fill in the plan")
    clerk.fill(procedure=story.PROCEDURE, standard=papers.pdf("自主评聘标准"))
    clerk.fill(**{"intermediate-approved": "30", "intermediate-used": "29", "intermediate-wanted": "1"})
    clerk.seen("own-plan-form").press("Save the plan")
    head.open(plan.get_absolute_url()).follow("Submit the plan").press("Submit the plan")


def filed(clerk: Desk, head: Desk, plan: AutonomousPlan, people: list, papers: Papers) -> FiledBatch:
    """A list with more people than posts is refused in words; the right one is filed by the head."""
    clerk.open(plan.get_absolute_url()).follow("Enter into the log")
    clerk.fill(held_on="2026-05-20", what="院学术委员会评议，出席九人。").press("Enter into the log")
    clerk.follow("Enter the results")
    assert clerk.download(f"/autonomous/plans/{plan.pk}/results/empty/").startswith(b"PK")
    both = _files(people, papers)
    clerk.fill(**both).press("Read the list", 422).says("名单有 2 人").seen("own-list-bad")
    clerk.fill(**_files(people[:1], papers)).press("Read the list")
    batch = FiledBatch.objects.get()
    head.open(batch.get_absolute_url()).follow("File the results").press("File the results")
    return batch


def _files(people: list, papers: Papers) -> dict[str, Path]:
    summary = Path(papers.pdf("自主评聘工作总结"))
    book, package = summary.with_name("list.xlsx"), summary.with_name("photos.zip")
    book.write_bytes(story.workbook(story.passed(people, TITLE)))
    package.write_bytes(story.package(people).read())
    return {"workbook": book, "photos": package, "summary": summary}
