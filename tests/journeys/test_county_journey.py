"""A county bureau at the browser: it deploys the plan, approves a unit and a seal, forwards, reads its figures."""

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image

from appraisal_portal.accounts.models import Organisation, UnitSeal
from appraisal_portal.accounts.workflow import ORGANISATION
from appraisal_portal.home.story import declare, procedure, seals
from appraisal_portal.home.story.unit import OPINION
from appraisal_portal.kernel import clock
from tests.journeys.conftest import World
from tests.journeys.steps.applicant import Papers
from tests.journeys.steps.desk import words

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TITLE = "龙泉市2026年度职称评审工作通知"


def test_the_county_deploys_and_everybody_reads_it(world: World) -> None:
    county = world.desk("county", world.city.user("forwarder", world.unit.forwarder))
    county.open("/county/").seen("overview").says(words("review plan to deploy"))
    county.go(words("review plan to deploy")).seen("nothing-yet").follow("Prepare the deployment")
    county.fill(title=TITLE, body="各乡镇（街道），各企事业单位：", contact="", lead_days=5).press("Save", 422)
    county.told("contact").seen("contact-missing")
    assert county.value("title") == TITLE
    county.fill(contact="周晓岚 0578-0000012").press("Save").seen("draft")
    county.follow("Publish the deployment").press("Publish the deployment").seen("published")
    anybody = world.desk("anybody")
    anybody.open("/plan/").go(TITLE).seen("deployment").says("周晓岚", words("Units send to the county bureau by"))
    assert not world.findings.found


def test_the_county_approves_a_unit_and_forwards(world: World) -> None:
    body = world.unit.forwarder
    unit = Organisation(kind="unit", name="龙泉市林业工作总站", employer_kind="public_institution", forwarder=body)
    ORGANISATION.fire(unit, "register", actor=world.city.applicant(7))
    row = declare.submit(declare.draft(world.city, world.cycle, 21, unit=world.unit, line=world.cycle.line("forestry")))
    day = procedure.verified([row], procedure.working_days_after(clock.today(), 1))
    world.travel(procedure.recommended([row], procedure.working_day(procedure.publicised([row], day))))
    county = world.desk("county", world.city.user("forwarder", body))
    county.open("/county/").go(words("units to approve")).seen("units").go(unit.name)
    county.follow("Approve").press("Approve")
    unit.refresh_from_db()
    assert unit.status == "active"
    county.open("/county/").go(words("declarations to forward or to examine")).go(row.applicant.name)
    county.fill(opinion="材料齐全，同意转报。").press("Forward to the committee office")
    row.refresh_from_db()
    assert row.status == "forwarded"
    county.open("/county/").seen("figures")
    rows = load_workbook(io.BytesIO(county.download(county.main.locator('a[href*="units.xlsx"]').first))).active
    assert any(world.unit.name in line for line in rows.iter_rows(values_only=True))
    assert not world.findings.found


def test_the_head_registers_the_seal_the_county_approves_it_and_2_9_is_sealed_without_paper(
    world: World, tmp_path: Path
) -> None:
    row = declare.submit(declare.draft(world.city, world.cycle, 22, unit=world.unit, line=world.cycle.line("forestry")))
    day = procedure.verified([row], procedure.working_days_after(clock.today(), 1))
    world.travel(procedure.working_day(procedure.publicised([row], day)))
    head = world.desk("head", world.city.user("unit_head", world.unit))
    county = world.desk("county", world.city.user("forwarder", world.unit.forwarder))
    grey, stamp = tmp_path / "grey.png", tmp_path / "seal.png"
    Image.new("RGB", (400, 400), (150, 150, 150)).save(grey)
    stamp.write_bytes(seals.sample_png(world.unit.name))
    head.open("/account/seals/").seen("seal-none").follow("Propose our electronic seal")
    assert head.download(head.main.locator('a[href$="/authorisation/"]')).startswith(b"%PDF")
    sealed = Papers(tmp_path).pdf("电子印章登记授权书")
    head.fill(picture=str(grey), authorisation=sealed).press("Propose the electronic seal", 422)
    head.told("picture").seen("seal-refused")
    head.fill(picture=str(stamp), authorisation=sealed).press("Propose the electronic seal").seen("seal-proposed")
    county.open("/county/").go(words("electronic seals of units to check")).seen("seals").go(world.unit.name)
    county.seen("seal").follow("Approve the electronic seal").press("Approve the electronic seal").says("使用中")
    seal = UnitSeal.objects.get()
    head.open("/account/seals/").says(seal.number).seen("seal-in-use")
    head.open("/unit/declarations/").go(row.applicant.name).follow("Recommend and sign…").seen("recommend-and-seal")
    head.fill(opinion=OPINION, password=head.password).press("Sign, seal and recommend")
    county.open(row.get_absolute_url()).follow("Text, marks and seal").says(f"{seal.number}-").seen("undertaking")
    assert county.download(county.main.locator('a[href$="/2-9/"]')).startswith(b"%PDF")
    head.open(seal.get_absolute_url()).follow("Take the seal out of use").fill(reason="印章遗失")
    head.press("Take the seal out of use").says(words("No longer in use")).seen("seal-ended")
    assert not world.findings.found
