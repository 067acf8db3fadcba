"""A standard with questions of every kind and a self-scoring sheet: written by the office, filled in with and without
scripts, read beside its evidence by the unit.
"""

from pathlib import Path

import pytest

from applications.models import Declaration
from appraisal_portal.home.story import declare
from appraisal_portal.home.story import unit as story
from committees.plans import services
from committees.plans.models import StandardVersion
from tests.factories.plans import days
from tests.journeys.conftest import MONDAY, World
from tests.journeys.steps import applicant
from tests.journeys.steps.applicant import Papers
from tests.journeys.steps.desk import Desk, words

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def committees() -> tuple[str, ...]:
    return ("enterprise",)


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_questions_and_sheet_from_the_form_to_the_unit(world: World, tmp_path: Path, script: bool) -> None:
    draft = declare.draft(world.city, world.cycle, 41, line=world.cycle.line("enterprise"))
    Declaration.objects.filter(pk=draft.pk).update(answers={}, self_scores={})
    for code in ("answer-", "score-"):
        draft.materials.filter(code__startswith=code).update(removed=True)
    mine = world.desk("standard", draft.applicant.user, script=script)
    if not script:
        mine.findings.scripts = False
    mine.open(f"/my/declarations/{draft.pk}/check/").go(words("Fill in the self-scoring sheet."))
    assert "/self_scoring/#div_id_entry_lead" in mine.page.url
    answer_everything(mine, draft, Papers(tmp_path))
    number = applicant.sign_and_submit(mine, draft.pk)
    mine.open(f"/my/declarations/{draft.pk}/").says(number)
    if script:
        the_unit_reads(world, draft)
    assert not world.findings.found


def answer_everything(mine: Desk, draft: Declaration, papers: Papers) -> None:
    """Questions with a wrong number first, then the sheet; the points come from the server."""
    mine.open(f"/my/declarations/{draft.pk}/questions/").seen("questions-empty")
    table = {f"answer_projects_table-0-{place}": text for place, text in enumerate(("窑炉改造", "2024年", "第一"))}
    mine.fill(
        answer_role="工艺工程师", answer_fields=["研发设计", "质量检测"], answer_post_level="项目骨干",
        answer_projects="三", answer_benefit="120.5", answer_accepted_on="2025-03-02", answer_patent="true",
        answer_problem="窑炉温差大，改造后温差由四十度降到八度，成品率明显提高。", **table,
    ).press("Save and stay here", 422)  # fmt: skip
    mine.told("answer_projects")
    proofs = {"file_benefit_proof": papers.pdf("效益证明"), "file_patent_grant": papers.pdf("专利证书")}
    mine.fill(answer_projects="3", **proofs).press("Save and stay here").seen("questions-filled")
    mine.says("效益证明.pdf", "专利证书.pdf")
    mine.press("Save and continue").seen("sheet-empty")
    mine.fill(entry_lead="5", entry_award="0", entry_effect="3.5", entry_paper="3", entry_training="1")
    files = {f"proof_{code}": papers.pdf(f"佐证{code}") for code in ("lead", "effect", "paper")}
    mine.fill(**files).press("Save and stay here").seen("sheet-filled")
    mine.says("合计 46 分（满分 100 分）", "30 分（满分 30 分）", "7.5 分（满分 15 分）")
    mine.open(f"/my/declarations/{draft.pk}/check/").says("窑炉改造 · 2024年 · 第一", "46 分（满分 100 分）")


def the_unit_reads(world: World, draft: Declaration) -> None:
    """Each answer and each indicator beside its files, with a judgement of its own."""
    row = Declaration.objects.get(pk=draft.pk)
    clerk = world.desk("unit-standard", story.clerk_of(row))
    clerk.open(f"/unit/declarations/{row.pk}/").seen("item-check")
    clerk.says("项目累计产生的经济效益（万元）", "效益证明.pdf", "5 项", "30 分（满分 30 分）", "46 分（满分 100 分）")
    assert clerk.main.locator('[name="result-questions-benefit"]').count() == 3
    assert clerk.main.locator('[name="result-self_scoring-lead"]').count() == 3


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_the_office_writes_a_standard(world: World, script: bool) -> None:
    version = services.draft_version(
        world.cycle.committee("201"), world.cycle.series(), "intermediate", effective_from=MONDAY + days(300)
    )
    office = world.desk("office-standard", world.city.user("office_clerk", "enterprise"), script=script)
    if not script:
        office.findings.scripts = False
    office.open(f"/office/standards/{version.pk}/").seen("version")
    place = len(version.asked.questions)
    office.follow("Questions").seen("questions")
    if script:
        office.main.get_by_role("button", name=words("Add a row")).click()
        office.set(f"questions-{place + 1}-text", "获得的资质证书")
    row = {"text": "主要设备", "kind": "choice", "choices": "", "minimum": ""}
    office.fill(**{f"questions-{place}-{name}": value for name, value in row.items()})
    office.press("Save", 422).told(f"questions-{place}-choices")
    office.seen("questions-wrong")
    office.set(f"questions-{place}-choices", "窑炉 | kiln\n机床 | machine tool")
    office.press("Save").says("主要设备", "单选：窑炉 / 机床").seen("version-changed")
    stored = StandardVersion.objects.get(pk=version.pk).asked.questions
    assert [each.text for each in stored[place:]] == ["主要设备", *(["获得的资质证书"] if script else [])]
    office.follow("Evidence").seen("evidence")
    office.open(f"/office/standards/{version.pk}/asks/scoring/").seen("scoring")
    office.main.locator("#rows-0 summary").click()
    office.set("rows-0-maximum", "20")
    office.press("Save and add another").says("与类别分值 60 分不一致").seen("scoring-note")
    assert not world.findings.found
