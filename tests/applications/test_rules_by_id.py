"""The rules of domain.md §2 that concern the declaration: of each one passing, one failing and one edge example.

Every line asks the rule the pages ask. ``says``: what a person then reads; nothing said means that the rule is met.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from applications.models import CorrectionSlip, Declaration, Sanction, Signature
from applications.rules import examination, submission, unit
from applications.rules.ways import CONDITIONS, Degree, Facts, Held
from applications.services import signing
from applications.workflow import DECLARATION
from appraisal_portal.home.story import unit as story
from appraisal_portal.kernel import calendar, clock, names
from appraisal_portal.kernel.workflow import Act
from committees.plans.models import Series

pytestmark = pytest.mark.django_db

RULES = {
    "R-09": "in-unit publicity lasts its working days",
    "R-11": "class hours a year: 90, professional 60, industry and general 18",
    "R-12": "ban of three years after falsification",
    "R-13": "civil servants take no part",
    "R-14": "retired and punished people do not apply",
    "R-15": "examination in place of appraisal",
    "R-16": "which series are examination series",
    "R-17": "posts within the structure ratio",
    "R-18": "applicant and unit answer for the truth: four marks on 2-9",
    "R-20": "preliminary determination by education and years",
    "R-22": "confirmation of a title from elsewhere",
    "R-23": "transfer to another series at the same level",
    "R-24": "exceptional application: two experts",
    "R-25": "special talent case by case",
    "R-26": "level by level",
    "R-28": "supplements are asked for once",
    "R-30": "counting of periods",
    "R-31": "names: one separator, fifty characters",
    "R-33": "make-up days are working days",
}
"""The other ids speak of committee, vote, results and publicity of results (tests/reviews) or of no rule of 2018."""
KINDS = ("passing", "failing", "edge")

Found = Iterable[Any]
DAY = dt.date(2026, 5, 6)
ENGINEER = Facts(
    level="intermediate", by_exam=False, law_day=DAY, counted_to=dt.date(2026, 12, 31), series="工程技术",
    degrees=(Degree("bachelor", dt.date(2015, 7, 1)),), held=Held("assistant", dt.date(2020, 12, 31), "工程技术"),
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """``found`` gets a complete draft of 6 May 2026 and gives what the rule finds; ``says`` is read in it."""

    rule: str
    kind: str
    what: str
    found: Callable[[Declaration], Found]
    says: str = ""


def guard(rule: Any, transition: str, *changes: Callable[[Declaration], Any], day: dt.date = DAY) -> Any:
    """The guard at an attempt on that day, after the changes."""

    def found(draft: Declaration) -> Found:
        for change in changes:
            draft = change(draft) or draft
        with clock.travel(day):
            actor = draft.applicant.user
            return list(rule(draft, Act(actor, DECLARATION.transitions[transition])))

    return found


def submit(rule: Any, *changes: Callable[[Declaration], Any], day: dt.date = DAY) -> Any:
    """The guard at handing in."""
    return guard(rule, "submit", *changes, day=day)


def way(name: str, **facts: Any) -> Any:
    """What a way asks of an engineer with these facts."""
    return lambda _draft: CONDITIONS[name](replace(ENGINEER, **facts))


def put(**values: Any) -> Any:
    """The declaration with other values."""

    def change(draft: Declaration) -> None:
        for name, value in values.items():
            setattr(draft, name, value)

    return change


def hours(**values: int) -> Any:
    """Class hours of 2025."""
    return lambda draft: draft.learning_hours.filter(year=2025).update(**values) and None


def banned(review_year: int) -> Any:
    """A ban in force after the review of that year."""

    def change(draft: Declaration) -> None:
        Sanction.objects.create(
            person=draft.applicant, ground="业绩材料不实", review_year=review_year, from_year=review_year + 1,
            to_year=review_year + 3, status="in_force",
        )  # fmt: skip

    return change


def series(name: str, level: str) -> Any:
    """The rule about examinations, asked of a series as the register holds it."""

    def change(draft: Declaration) -> None:
        draft.series, draft.subfield = Series.objects.get(name=name), None
        draft.title = draft.series.titles_on(DAY).filter(level=level).first()
        draft.line.level = level

    return change


def posts(approved: int, used: int) -> Any:
    """The approved posts of the unit at every level."""
    return lambda draft: draft.unit.post_structures.update(approved=approved, used=used) and None


def signed(draft: Declaration) -> None:
    """2-9 signed by the applicant."""
    signing.sign_confirmed(draft, Signature.Mark.APPLICANT, draft.applicant.user)


def posted(draft: Declaration) -> Declaration:
    """Handed in, verified and posted in the unit on 6 May: five working days end on Tuesday 12 May."""
    signed(draft)
    DECLARATION.fire(draft, "submit", actor=draft.applicant.user)
    story.verify(draft)
    story.publicise([draft])
    return Declaration.objects.get(pk=draft.pk)


def slip(stage: str) -> Any:
    """A correction slip issued before, by the unit or by the office."""

    def change(draft: Declaration) -> None:
        CorrectionSlip.objects.create(declaration=draft, stage=stage, issued_by=draft.applicant.user, content={})

    return change


def named(name: str) -> Any:
    """What is wrong with a name."""
    return lambda _draft: names.name_problems(name)


def ends(start: dt.date, days: int, expected: dt.date) -> Any:
    """Nothing when so many working days end on the expected day, else the day on which they do."""

    def found(_draft: Declaration) -> Found:
        end = calendar.add_working_days(start, days).ends_on
        return [] if end == expected else [end.isoformat()]

    return found


PUBLICITY, WINDOW = unit.unit_publicity_over, submission.window_open
ACCOUNTANT, BACHELOR = "会计", (Degree("bachelor", dt.date(2025, 12, 31)),)
RETIRED, PUNISHED = submission.not_retired, submission.not_under_punishment
DEMERIT = put(under_punishment=True, punished_until=DAY)
HELD_ELSEWHERE = Held("intermediate", elsewhere=True)
AGRONOMIST = Held("intermediate", series="农业技术")
A_DAY = dt.timedelta(days=1)

EXAMPLES = (
    Example("R-09", "passing", "the day after", guard(PUBLICITY, "recommend", posted, day=dt.date(2026, 5, 13))),
    Example("R-09", "failing", "not posted at all", guard(PUBLICITY, "recommend"), "材料尚未公示"),
    Example(
        "R-09", "edge", "the last day itself, with a make-up Saturday before it",
        guard(PUBLICITY, "recommend", posted, day=dt.date(2026, 5, 12)), "2026-05-12 24:00",
    ),
    Example(
        "R-11", "passing", "60 + 18 + 12",
        submit(submission.hours_met, hours(professional=60, industry=9, general=9, other=12)),
    ),
    Example(
        "R-11", "failing", "60 + 18 = 78 < 90",
        submit(submission.hours_met, hours(professional=60, industry=12, general=6, other=0)), "还差 12 学时",
    ),
    Example(
        "R-11", "edge", "90, of them 17 of common subjects",
        submit(submission.hours_met, hours(professional=73, industry=9, general=8, other=0)), "还差 1 学时",
    ),
    Example("R-12", "passing", "no ban", submit(submission.no_standing_sanction)),
    Example(
        "R-12", "failing", "third year after the review of 2023",
        submit(submission.no_standing_sanction, banned(2023)), "2024 年至 2026 年",
    ),
    Example(
        "R-12", "edge", "fourth year after the review of 2022",
        submit(submission.no_standing_sanction, banned(2022)),
    ),
    Example("R-13", "passing", "staff", submit(submission.not_civil_servant)),
    Example(
        "R-13", "failing", "civil servant",
        submit(submission.not_civil_servant, put(staff_kind="civil_servant")), "公务员",
    ),
    Example(
        "R-13", "edge", "reference-managed staff who says nothing of it",
        submit(submission.not_civil_servant, lambda draft: put(employer_kind="reference_managed")(draft.unit)),
        "参公单位",
    ),
    Example("R-14", "passing", "neither", submit(RETIRED)),
    Example("R-14", "failing", "retired", submit(RETIRED, put(retired=True)), "退休人员不得申报"),
    Example("R-14", "edge", "the last day of a punishment", submit(PUNISHED, DEMERIT), "2026-05-06"),
    Example("R-14", "edge", "the day after it", submit(PUNISHED, DEMERIT, day=DAY + A_DAY)),
    Example("R-15", "passing", "forestry is appraised", submit(submission.not_exam_only)),
    Example(
        "R-15", "failing", "accountant, intermediate (case 27)",
        submit(submission.not_exam_only, series(ACCOUNTANT, "intermediate")), "统一考试",
    ),
    Example(
        "R-15", "edge", "accountant, associate senior: appraised after all",
        submit(submission.not_exam_only, series(ACCOUNTANT, "associate_senior")),
    ),
    Example(
        "R-16", "passing", "experimental work is none",
        submit(submission.not_exam_only, series("实验技术", "intermediate")),
    ),
    Example(
        "R-16", "failing", "statistics is one",
        submit(submission.not_exam_only, series("统计", "intermediate")), "统一考试",
    ),
    Example(
        "R-16", "edge", "translation at its lowest level",
        submit(submission.not_exam_only, series("翻译", "assistant")), "统一考试",
    ),
    Example("R-17", "passing", "a free post", guard(unit.post_vacancy, "recommend", posts(5, 4))),
    Example(
        "R-17", "failing", "none (case 28)",
        guard(unit.post_vacancy, "recommend", posts(5, 5)), "核准 5 个，已聘 5 个",
    ),
    Example(
        "R-17", "edge", "none, but an examination series is not limited (case 28)",
        guard(unit.post_vacancy, "recommend", posts(5, 5), lambda draft: put(by_exam=True)(draft.title)),
    ),
    Example("R-18", "passing", "signed by the applicant", submit(submission.undertaking_signed, signed)),
    Example("R-18", "failing", "unsigned", submit(submission.undertaking_signed), "请签署真实性保证书"),
    Example(
        "R-18", "failing", "the unit's marks are missing",
        guard(unit.undertaking_complete, "recommend", signed), "缺少",
    ),
    Example(
        "R-18", "edge", "signed, then changed by one hour",
        submit(submission.undertaking_signed, signed, hours(other=13)), "请重新签署",
    ),
    Example(
        "R-20", "passing", "bachelor, a year",
        way("preliminary", level="assistant", held=Held(), degrees=BACHELOR),
    ),
    Example("R-20", "failing", "bachelor, intermediate", way("preliminary", held=Held(), degrees=BACHELOR), "不能初定"),
    Example(
        "R-20", "edge", "a year less one day",
        way("preliminary", level="assistant", held=Held(), degrees=(Degree("bachelor", dt.date(2026, 1, 1)),)),
        "2026-12-31",
    ),
    Example("R-22", "passing", "the same level, from elsewhere", way("confirmation", held=HELD_ELSEWHERE)),
    Example(
        "R-22", "failing", "a title granted here",
        way("confirmation", held=replace(HELD_ELSEWHERE, elsewhere=False)), "本市取得",
    ),
    Example("R-22", "edge", "a level below", way("confirmation", held=Held("assistant", elsewhere=True)), "同一级别"),
    Example(
        "R-23", "passing", "a year in the new post",
        way("transfer", held=AGRONOMIST, post_since=dt.date(2025, 12, 31)),
    ),
    Example(
        "R-23", "failing", "the same series",
        way("transfer", held=Held("intermediate", series="工程技术")), "另一个系列",
    ),
    Example(
        "R-23", "edge", "a year less one day",
        way("transfer", held=AGRONOMIST, post_since=dt.date(2026, 1, 1)), "2026-12-31",
    ),
    Example("R-24", "passing", "two experts", way("exceptional", held=Held(), experts=2)),
    Example("R-24", "failing", "none", way("exceptional", held=Held(), experts=0), "现有 0 名"),
    Example("R-24", "edge", "one", way("exceptional", held=Held(), experts=1), "现有 1 名"),
    Example("R-25", "passing", "with its reason", way("special", talent=True, held=Held())),
    Example("R-25", "failing", "without", way("special", talent=False), "一事一议"),
    Example(
        "R-25", "edge", "the levels in between do not count",
        way("special", talent=True, held=Held(), level="senior"),
    ),
    Example("R-26", "passing", "assistant to intermediate", way("regular")),
    Example("R-26", "failing", "assistant to associate senior", way("regular", level="associate_senior"), "逐级"),
    Example(
        "R-26", "edge", "a doctor without a title",
        way("regular", held=Held(), degrees=(Degree("doctor", dt.date(2026, 7, 1)),)),
    ),
    Example("R-28", "passing", "the first", guard(examination.first_supplement, "ask_supplement")),
    Example(
        "R-28", "failing", "a second",
        guard(examination.first_supplement, "ask_supplement", slip("office")), "只能一次性告知",
    ),
    Example(
        "R-28", "edge", "the unit has returned it before",
        guard(examination.first_supplement, "ask_supplement", slip("unit")),
    ),
    Example("R-30", "passing", "Wed + 5 over May's make-up Saturday", ends(DAY, 5, dt.date(2026, 5, 12))),
    Example(
        "R-30", "failing", "the day after the window",
        lambda draft: submit(WINDOW, day=draft.line.closes_on + A_DAY)(draft), "24:00 截止",
    ),
    Example("R-30", "edge", "the last day itself", lambda draft: submit(WINDOW, day=draft.line.closes_on)(draft)),
    Example("R-31", "passing", "the middle dot", named("买买提·阿不都拉")),
    Example("R-31", "failing", "another punctuation mark", named("买买提、阿不都拉"), "、"),
    Example("R-31", "edge", "fifty characters", named("阿" * 25 + "·" + "不" * 24)),
    Example("R-31", "edge", "fifty-one", named("阿" * 25 + "·" + "不" * 25), "51"),
    Example("R-33", "passing", "the Saturday is a working day", ends(dt.date(2026, 5, 8), 1, dt.date(2026, 5, 9))),
    Example("R-33", "failing", "not so a Sunday", ends(dt.date(2026, 5, 9), 1, dt.date(2026, 5, 10)), "2026-05-11"),
    Example(
        "R-33", "edge", "case 9: 26 September 2018 and the National Day",
        ends(dt.date(2018, 9, 26), 5, dt.date(2018, 10, 8)),
    ),
)  # fmt: skip


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda row: f"{row.rule} {row.kind}: {row.what}")
def test_rule(draft: Declaration, example: Example) -> None:
    said = [str(problem) for problem in example.found(draft)]
    if example.says:
        assert any(example.says in words for words in said), said
    else:
        assert said == []


def test_every_rule_of_the_declaration_has_its_three_examples() -> None:
    held = {(row.rule, row.kind) for row in EXAMPLES}
    assert held == {(rule, kind) for rule in RULES for kind in KINDS}
    assert all(bool(row.says) == (row.kind == "failing") for row in EXAMPLES if row.kind != "edge")
