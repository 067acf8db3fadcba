"""False material at the browser: opened with evidence, answered, a hearing, a ban, a new decision that lifts it."""

import datetime as dt
from pathlib import Path

import pytest

from applications.models import Lifting, Sanction
from appraisal_portal.home.story import declare
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel import clock
from tests.journeys.conftest import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PLACE = "市人力社保局三楼听证室"
STATED = "证明由他人代办，本人未尽核对义务。"
REASONS = "判决书证明本人不知情，解除限制。"


def test_false_material(world: World, tmp_path: Path) -> None:
    draft = declare.draft(world.city, world.cycle, 41, unit=world.unit, line=world.cycle.line("forestry"))
    case = declare.submit(draft)
    paper = tmp_path / "复函.pdf"
    paper.write_bytes(evidence_pdf("复函"))
    reviewer, approver = (world.desk(role, holder(f"bureau_{role}")) for role in ("reviewer", "approver"))
    reviewer.open("/bans/new/").fill(number="2026-9999", review_year=2026, ground="业绩证明系伪造")
    reviewer.press("Open a case", 422).told("evidence")
    reviewer.fill(number=case.number, evidence="验收单位复函", files=str(paper)).press("Open a case").seen("opened")
    ban = Sanction.objects.get()
    mine = world.desk("person", case.applicant.user)
    mine.open("/bans/").go(case.applicant.name).says("验收单位复函", "复函.pdf").seen("about-me")
    mine.follow("Give a statement").fill(statement=STATED, wants_hearing=True).press("Give a statement")
    hearing = clock.at(dt.date(2026, 3, 12), 10)
    reviewer.open(ban.get_absolute_url()).says(STATED).follow("Name the day of the hearing")
    reviewer.fill(hearing_at="2026-03-12T10:00", hearing_place=PLACE).press("Name the day of the hearing")
    world.travel(hearing + dt.timedelta(hours=2))
    reviewer.open(ban.get_absolute_url()).follow("Record that the person was heard")
    reviewer.fill(heard_how="statement").press("Record that the person was heard", 422)
    reviewer.fill(heard_how="hearing", minutes="本人到场，承认代办。").press("Record that the person was heard")
    reviewer.follow("Propose the ban").press("Propose the ban")
    approver.open(ban.get_absolute_url()).follow("Decide the ban").sure("Decide the ban", 2027).seen("decided")
    mine.open(ban.get_absolute_url()).seen("barred")
    assert mine.download(f"{ban.get_absolute_url()}decision/").startswith(b"%PDF")
    mine.follow("Ask for a new decision").fill(reason="附判决书").press("Ask for a new decision")
    reviewer.open(ban.get_absolute_url()).follow("Name the day of the hearing")
    reviewer.fill(hearing_at="2026-03-25T10:00", hearing_place=PLACE).press("Name the day of the hearing")
    world.travel(dt.datetime(2026, 3, 25, 6, tzinfo=dt.UTC))
    reviewer.open(ban.get_absolute_url()).follow("Record the hearing")
    reviewer.fill(heard_how="hearing", minutes="出示判决书原件。").press("Record the hearing")
    reviewer.follow("Propose a decision").fill(proposal="approve", opinion=REASONS).press("Propose a decision")
    approver.open(ban.get_absolute_url()).follow("Lift the ban").press("Lift the ban").seen("lifted")
    mine.open(ban.get_absolute_url()).says(REASONS, "业绩证明系伪造").seen("lifted")
    assert (Lifting.objects.get().status, Sanction.objects.get().status) == ("lifted", "lifted")
    assert not world.findings.found
