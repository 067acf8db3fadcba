"""The rules of domain.md §2 that concern the declaration: of each one passing, one failing and one edge example.

Every line asks the rule the pages ask. ``says``: what a person then reads; nothing said means that the rule is met.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from applications.models import Declaration
from applications.rules import examination, submission, unit
from applications.rules.ways import Degree, Held
from applications.workflow import DECLARATION
from appraisal_portal.kernel import clock
from tests.applications.conftest import DAY, a_whole_draft
from tests.applications.rule_steps import (
    Example,
    again,
    banned,
    decided,
    ends,
    guard,
    higher_only,
    hours,
    named,
    objected,
    posted,
    posts,
    put,
    read_inside,
    same_level,
    series,
    signed,
    slip,
    submit,
    way,
)
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_whole_draft)]

RULES = {
    "R-09": "in-unit publicity lasts its working days",
    "R-11": "class hours a year: 90, professional 60, industry and general 18",
    "R-12": "ban of three years after falsification",
    "R-12b": "the ban stops every application, at the same level too",
    "R-13": "civil servants take no part",
    "R-14": "retired and punished people do not apply",
    "R-15": "examination in place of appraisal",
    "R-16": "which series are examination series",
    "R-17": "posts within the structure ratio",
    "R-18": "applicant and unit answer for the truth: four marks on 2-9",
    "R-19": "objections: a real name, in time, with what shows it; a report that can be checked is kept",
    "R-20": "preliminary determination by education and years",
    "R-21": "determination without a vote, unless the setting says otherwise",
    "R-22": "confirmation of a title from elsewhere",
    "R-23": "transfer to another series at the same level",
    "R-24": "exceptional application: two experts",
    "R-25": "special talent case by case",
    "R-26": "level by level",
    "R-27": "who has failed declares again in a later year; nothing is reconsidered",
    "R-28": "supplements are asked for once",
    "R-30": "counting of periods",
    "R-31": "names: one separator, fifty characters",
    "R-32": "the publicity shows no identity number, no telephone",
    "R-33": "make-up days are working days",
}
"""The other ids speak of committee, vote, results and publicity of results (tests/reviews) or of no rule of 2018."""
KINDS = ("passing", "failing", "edge")


PUBLICITY, WINDOW = unit.unit_publicity_over, submission.window_open
NO_BAN = submission.no_standing_sanction
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
        guard(PUBLICITY, "recommend", posted, day=dt.date(2026, 5, 12)), "2026-05-12（周二，今天）24:00",
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
    Example("R-12", "passing", "no ban", submit(NO_BAN)),
    Example(
        "R-12", "failing", "third year after the review of 2023",
        submit(NO_BAN, banned(2023)), "2024 年至 2026 年",
    ),
    Example(
        "R-12", "edge", "fourth year after the review of 2022",
        submit(NO_BAN, banned(2022)),
    ),
    Example(
        "R-12b", "passing", "the same level, where the ban is read as in 2018",
        higher_only(submit(NO_BAN, banned(2023), same_level)),
    ),
    Example("R-12b", "failing", "the same level", submit(NO_BAN, banned(2023), same_level), "2024 年至 2026 年"),
    Example(
        "R-12b", "edge", "a higher level, where the ban is read as in 2018",
        higher_only(submit(NO_BAN, banned(2023))), "2024 年至 2026 年",
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
    Example("R-19", "passing", "a name, in time", objected(dt.date(2026, 5, 7))),
    Example("R-19", "passing", "no name, but it can be checked", objected(DAY, filed_by="", checkable=True), "report"),
    Example("R-19", "failing", "no name, nothing to check", objected(DAY, filed_by=""), "未署真实姓名"),
    Example("R-19", "failing", "nothing that shows it", objected(DAY, content="不符。"), "至少 10 个字"),
    Example("R-19", "failing", "before the publicity", objected(DAY - A_DAY), "2026-05-06"),
    Example("R-19", "failing", "its author in the text", objected(DAY, substance="陈立新的反映"), "不能让当事人知道"),
    Example("R-19", "edge", "the last day", objected(dt.date(2026, 5, 12))),
    Example("R-19", "edge", "the day after it: a report", objected(dt.date(2026, 5, 13)), "report"),
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
    Example("R-21", "passing", "determination", decided("preliminary"), "city_bureau"),
    Example("R-21", "failing", "a regular review without a vote", decided("regular"), "committee"),
    Example("R-21", "edge", "the setting leaves it to the vote", decided("preliminary", by_vote=True), "committee"),
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
    Example("R-27", "passing", "failed the year before", again(failed=2025)),
    Example("R-27", "failing", "failed this year", again(failed=2026), "已有"),
    Example("R-27", "edge", "withdrawn this year: nobody has voted", again(withdrawn=True)),
    Example(
        "R-27", "edge", "no step leads on from there",
        lambda _draft: [row.name for row in DECLARATION.transitions.values() if "not_passed" in row.sources],
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
    Example("R-32", "passing", "nothing of the person's numbers", read_inside()),
    Example("R-32", "failing", "an identity number typed into an achievement", read_inside("{id}"), "********"),
    Example("R-32", "edge", "a telephone number", read_inside("电话{phone}"), "****"),
    Example("R-32", "edge", "the number of a patent is none", read_inside("ZL201810123456.7、201810123456789012")),
    Example("R-33", "passing", "the Saturday is a working day", ends(dt.date(2026, 5, 8), 1, dt.date(2026, 5, 9))),
    Example("R-33", "failing", "not so a Sunday", ends(dt.date(2026, 5, 9), 1, dt.date(2026, 5, 10)), "2026-05-11"),
    Example(
        "R-33", "edge", "case 9: 26 September 2018 and the National Day",
        ends(dt.date(2018, 9, 26), 5, dt.date(2018, 10, 8)),
    ),
)  # fmt: skip


@pytest.fixture
def draft() -> Iterator[Declaration]:
    """Complete, unsigned, on 6 May 2026; made once for all examples."""
    with clock.travel(DAY):
        yield Declaration.objects.get(pk=a_whole_draft().pk)


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
    assert all(row.says for row in EXAMPLES if row.kind == "failing")
