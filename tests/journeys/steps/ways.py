"""A way to a title at a browser: its page filled in, the declaration handed in, the unit looking at it."""

from typing import Any

from applications.models import Declaration, ExamResult
from appraisal_portal.home.story import declare
from tests.journeys.steps import applicant
from tests.journeys.steps.applicant import Papers
from tests.journeys.steps.desk import Desk, words

WAYS = {
    "regular": ("intermediate", "正常申报"),
    "exceptional": ("intermediate", "破格申报"),
    "preliminary": ("intermediate", "初定"),
    "confirmation": ("intermediate", "职称确认"),
    "transfer": ("intermediate", "转评"),
    "special": ("intermediate", "高层次、紧缺急需人才一事一议"),
    "recommend": ("associate_senior", "向省推荐"),
    "exam_plus": ("associate_senior", "考评结合"),
}
"""Way → level of the line, its Chinese name."""
EXAMINED = "accounting"
"""The committee whose people pass an examination first; the others of the file ask the forestry committee."""
EXPERTS = ("周正明", "沈国良")


def a_draft_by(world: Any, way: str, seed: int) -> Declaration:
    """Complete but for what the way asks for, which the person of this seed has to enter."""
    line = world.cycle.line(EXAMINED if way == "exam_plus" else "forestry", WAYS[way][0], way)
    draft = declare.draft(world.city, world.cycle, seed, unit=world.unit, line=line)
    emptied(draft)
    return draft


def handed_in(mine: Desk, draft: Declaration, papers: Papers) -> None:
    """The way's page filled in, 2-9 signed, handed in."""
    fill_the_way(mine, draft, papers)
    number = applicant.sign_and_submit(mine, draft.pk)
    mine.open(f"/my/declarations/{draft.pk}/").says(number, WAYS[draft.route][1])


def emptied(draft: Declaration) -> None:
    """What the way asks for is taken out again, for the person to enter it."""
    draft.expert_recommendations.all().delete()
    for code in ("way", "expert"):
        draft.materials.filter(code__startswith=code).update(removed=True)
    draft.exceptional_ground, draft.talent_kind, draft.talent_reason, draft.transfer_series = "", "", "", None
    draft.save()
    ExamResult.objects.filter(declaration=draft).delete()


def fill_the_way(mine: Desk, draft: Declaration, papers: Papers) -> None:
    """Handing in says what is missing and leads to the page; there it is entered, file by file."""
    if draft.route in ("regular", "recommend", "preliminary"):
        assert words("Your way to the title") not in mine.open(f"/my/declarations/{draft.pk}/").text()
        return
    mine.open(f"/my/declarations/{draft.pk}/").says(words("Your way to the title"))
    mine.go(words("Your way to the title")).seen("way-empty")
    if draft.route == "exceptional":
        mine.fill(exceptional_ground="学历不具备规定条件，业绩突出。")
        for place, name in enumerate(EXPERTS):
            expert(mine, papers, place, name)
            mine.press("Save and stay here")
        assert draft.expert_recommendations.count() == 2
        mine.seen("way-filled").says(*EXPERTS)
        return
    if draft.route == "transfer":
        applicant.choose(mine, "transfer_series", "农业技术")
    if draft.route == "special":
        mine.fill(talent_kind="urgent", talent_reason="引进的急需紧缺专业技术人才。")
    if draft.route == "exam_plus":
        mine.fill(exam_name="高级会计师资格考试", exam_passed_on="2025-09-06", exam_score="68")
        mine.fill(exam_valid_until="2026-03-01", proof=papers.pdf("考试成绩单")).press("Save and stay here")
        mine.says("考试成绩的有效期至 2026-03-01", "2026-03-02").seen("way-expired")
        mine.fill(exam_valid_until="2028-12-31").press("Save and stay here").seen("way-filled")
        return
    mine.fill(proof=papers.pdf("申报途径证明")).press("Save and stay here").seen("way-filled")


def expert(mine: Desk, papers: Papers, place: int, name: str) -> None:
    """One expert with the signed letter."""
    row = {"name": name, "title": "高级工程师", "unit_name": "浙江农林大学", "reason": "业绩突出，同意推荐。"}
    mine.fill(**{f"expert_recommendations-{place}-{key}": value for key, value in row.items()})
    mine.fill(**{f"expert_recommendations-{place}-proof": papers.pdf(f"专家推荐-{name}")})


def the_unit_sees_it(unit: Desk, draft: Declaration) -> None:
    """The unit's clerk has what the way asked for among the items to check."""
    way = draft.route
    unit.open(f"/unit/declarations/{draft.pk}/").seen(f"declaration-{way}")
    if way == "exceptional":
        unit.says(*EXPERTS)
    if way == "special":
        unit.says("引进的急需紧缺专业技术人才。")
    if way == "exam_plus":
        unit.says("高级会计师资格考试", "2028-12-31", "68")
