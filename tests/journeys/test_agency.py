"""A farmer without employer declares through the talent agency, in a class of the standard and with a relief.

Written by the office, chosen at the start, proved, checked, publicised and recommended at the agency, then certified.
"""

import datetime as dt
from pathlib import Path

import pytest

from applications.models import Declaration, Material
from appraisal_portal.home.story import declare, procedure
from certificates.models import Certificate
from committees.plans import services
from tests.journeys.conftest import MONDAY, World
from tests.journeys.steps import applicant, unit
from tests.journeys.steps.applicant import Papers
from tests.journeys.steps.desk import Desk
from tests.journeys.steps.end import from_the_office

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def committees() -> tuple[str, ...]:
    return ("farming",)


def test_a_farmer_declares_through_the_talent_agency(world: World, tmp_path: Path) -> None:
    papers, agency = Papers(tmp_path), world.city.agency
    the_office_writes(world)
    user = world.city.applicant(61)
    mine = world.desk("farmer", user)
    clerk = world.desk("agency-clerk", world.city.user("unit_clerk", agency))
    applicant.ask_unit(mine, agency.name)
    unit.confirm_employment(clerk, user.full_name)
    draft = begun(mine)
    declare.complete(draft, 61)
    draft.materials.filter(code="class").update(removed=True)
    claimed(mine, draft, papers)
    number = applicant.sign_and_submit(mine, draft.pk)
    at_the_agency(world, clerk, draft, user.full_name, papers)
    mine.open(f"/my/declarations/{draft.pk}/").says(number, agency.name, "人才服务机构").seen("progress")
    day = dt.date(2026, 3, 12)
    from_the_office(world.city, world.cycle, [Declaration.objects.get(pk=draft.pk)], day)
    assert Certificate.objects.get(declaration=draft).acquired_by == "regular"
    assert not world.findings.found


def the_office_writes(world: World) -> None:
    """A draft of the next version gets a relief and a class on a page of its own."""
    version = services.draft_version(
        world.cycle.committee("farming"), world.cycle.standard("farming").standard.series, "intermediate",
        effective_from=MONDAY + dt.timedelta(days=200), summary="修订稿",
        evidence_required=[{"code": "papers", "text": "论文、著作或技术报告", "required": False}], tilts=[], classes=[],
    )  # fmt: skip
    office = world.desk("office", world.city.user("office_clerk", "farming"))
    office.open(f"/office/standards/{version.pk}/").follow("Relief and classes").seen("conditions-empty")
    office.fill(**{"tilts-0-text": "长期在艰苦边远乡镇工作"}).press("Save", 422).seen("conditions-wrong")
    office.fill(**{
        "tilts-0-years_less": "1", "tilts-0-evidence": "乡镇人民政府证明", "tilts-0-document": "本标准第四条",
        "tilts-0-free_of": ["papers"], "classes-0-text": "新型农业经营主体", "classes-0-level_from": "none",
        "classes-0-years": "5", "classes-0-evidence": "登记证明", "classes-0-document": "本标准第四条",
    })  # fmt: skip
    office.press("Save").says("任职年限少要求 1 年；可不提交：论文、著作或技术报告", "从事本专业至少 5 年").seen(
        "conditions"
    )


def begun(mine: Desk) -> Declaration:
    """The start page asks for the class."""
    mine.open("/my/declarations/new/").seen("new")
    applicant.choose(mine, "title", "农艺师")
    mine.fill(channel="regular", applicant_class="business").press("Create")
    return Declaration.objects.get(pk=mine.number())


def claimed(mine: Desk, draft: Declaration, papers: Papers) -> None:
    """Class and relief, each with its proof; what lacks its proof is named and leads there."""
    mine.open(f"/my/declarations/{draft.pk}/class/").says("新型农业经营主体").seen("class")
    mine.fill(proof=papers.pdf("家庭农场登记证")).press("Save and continue").seen("relief")
    mine.fill(**{"remote-claimed": True}).press("Save and stay here")
    mine.says("您申请享受“长期在艰苦边远乡镇工作”，但缺少证明").seen("relief-missing")
    mine.fill(**{"remote-proof": papers.pdf("乡镇工作证明")}).press("Save and stay here").seen("relief-proved")
    assert Material.objects.filter(declaration=draft, code="tilt-remote", removed=False).count() == 1
    mine.open(f"/my/declarations/{draft.pk}/check/").says("申报类别", "长期在艰苦边远乡镇工作").seen("check")


def at_the_agency(world: World, clerk: Desk, draft: Declaration, name: str, papers: Papers) -> None:
    """Confirmed already; verified item by item, publicised, sealed, recommended: all by the agency."""
    world.travel(dt.date(2026, 3, 3))
    clerk.open(f"/unit/declarations/{draft.pk}/").says("新型农业经营主体", "长期在艰苦边远乡镇工作")
    unit.verify(clerk, name)
    unit.publicise(clerk)
    world.travel(procedure.working_day(dt.date(2026, 3, 11)))
    unit.seal(clerk, draft.pk, papers)
    head = world.desk("agency-head", world.city.user("unit_head", world.city.agency))
    unit.recommend(head, name)
    assert Declaration.objects.get(pk=draft.pk).status == "recommended"
