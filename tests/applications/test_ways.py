"""Which way to a title is open: the rules of domain.md §2 by their ids, one passing, one failing, one edge example."""

import datetime as dt
from dataclasses import replace

import pytest

from applications.rules.ways import CONDITIONS, Degree, Expert, Facts, Held, State, everywhere, verdicts
from applications.rules.ways.conditions import appraised, exam
from appraisal_portal import law
from certificates.services.numbers import compose
from committees.plans.models import Channel
from committees.reviews.rules import roster

DAY, END = dt.date(2026, 3, 2), dt.date(2026, 12, 31)
OLD = dt.date(2018, 6, 4)
ENGINEER = Facts(
    level="intermediate", by_exam=False, law_day=DAY, counted_to=END, series="工程技术",
    degrees=(Degree("bachelor", dt.date(2015, 7, 1)),), held=Held("assistant", dt.date(2020, 12, 31), "工程技术"),
)  # fmt: skip
ASSISTANT = Held("assistant", dt.date(2024, 12, 31), "工程技术")


def said(way, **changes):
    return [str(problem) for problem in CONDITIONS[way](replace(ENGINEER, **changes))]


@pytest.mark.parametrize(
    ("facts", "closed"),
    [({}, False), ({"civil_servant": True}, True), ({"civil_servant": None}, False)],
    ids=["staff", "civil servant", "not asked"],
)
@pytest.mark.notice("V.4.a")
def test_r13_civil_servants(facts, closed):
    found = list(everywhere(replace(ENGINEER, **facts)))
    assert bool(found) is closed
    assert all(problem.basis == "civil_servants.excluded" for problem in found)


@pytest.mark.parametrize(
    ("facts", "closed"),
    [
        ({"retired": False, "punished": False}, False),
        ({"retired": True}, True),
        ({"punished": True}, True),
        ({"retired": True, "punished": True, "law_day": OLD}, False),  # Order 40 is never cited in 2018
    ],
)
def test_r14_retired_and_punished(facts, closed):
    assert bool(list(everywhere(replace(ENGINEER, **facts)))) is closed


@pytest.mark.parametrize(
    ("by_exam", "level", "closed"),
    [(False, "intermediate", False), (True, "intermediate", True), (True, "associate_senior", False)],
)
def test_r15_r16_examination_series(by_exam, level, closed):
    facts = replace(ENGINEER, by_exam=by_exam, level=level)
    assert bool(list(appraised(facts))) is closed
    assert bool(list(exam(facts))) is not closed


@pytest.mark.parametrize(
    ("education", "finished", "level", "fine"),
    [
        ("secondary", dt.date(2025, 12, 31), "technician", True),
        ("secondary", dt.date(2026, 1, 1), "technician", False),  # one day short of the year
        ("secondary", dt.date(2010, 7, 1), "assistant", False),
        ("college", dt.date(2023, 12, 31), "assistant", True),
        ("college", dt.date(2024, 1, 1), "assistant", False),
        ("bachelor", dt.date(2025, 7, 1), "assistant", True),
        ("bachelor", dt.date(2015, 7, 1), "intermediate", False),
        ("master", dt.date(2023, 7, 1), "intermediate", True),
        ("master", dt.date(2024, 7, 1), "intermediate", False),
        ("doctor", dt.date(2026, 7, 1), "intermediate", True),
    ],
)
def test_r20_preliminary_determination(education, finished, level, fine):
    found = said("preliminary", degrees=(Degree(education, finished),), level=level, held=Held())
    assert (found == []) is fine


def test_r20_a_master_with_the_assistant_title_needs_two_years_in_it():
    master = (Degree("master", dt.date(2025, 7, 1)),)
    assert said("preliminary", degrees=master, held=replace(ASSISTANT, obtained_on=dt.date(2024, 12, 31))) == []
    assert said("preliminary", degrees=master, held=replace(ASSISTANT, obtained_on=dt.date(2025, 1, 1)))
    [only] = said("preliminary", level="assistant", held=ASSISTANT)
    assert "尚无职称" in only


@pytest.mark.parametrize(
    ("held", "fine"),
    [
        (Held("intermediate", elsewhere=True), True),
        (Held("assistant", elsewhere=True), False),
        (Held("intermediate", elsewhere=None), True),  # not asked: the office looks at the certificate
    ],
)
def test_r22_confirmation(held, fine):
    assert (said("confirmation", held=held) == []) is fine
    assert said("confirmation", held=Held("intermediate", elsewhere=False))


@pytest.mark.parametrize(
    ("held", "since", "fine"),
    [
        (Held("intermediate", series="农业技术"), dt.date(2025, 12, 31), True),
        (Held("intermediate", series="农业技术"), dt.date(2026, 1, 1), False),
        (Held("intermediate", series="工程技术"), dt.date(2020, 1, 1), False),
        (Held("assistant", series="农业技术"), dt.date(2020, 1, 1), False),
    ],
)
def test_r23_transfer(held, since, fine):
    assert (said("transfer", held=held, post_since=since) == []) is fine


@pytest.mark.parametrize(("experts", "fine"), [(2, True), (1, False), (None, True)])
@pytest.mark.notice("IV.2.e")
def test_r24_exceptional(experts, fine):
    found = list(CONDITIONS["exceptional"](replace(ENGINEER, held=Held(), experts=experts)))
    assert (found == []) is fine
    assert all(problem.basis == "exceptional.two_experts" for problem in found)
    assert law.cite("exceptional.two_experts", OLD) == ""


def test_r24_the_criteria_of_engineers_are_cited_for_engineers_only():
    alone = replace(ENGINEER, held=Held(), experts=0)
    assert [problem.basis for problem in CONDITIONS["exceptional"](alone)] == ["exceptional.two_experts"]
    agronomist = replace(alone, series="农业技术")
    assert [problem.basis for problem in CONDITIONS["exceptional"](agronomist)] == [""]


@pytest.mark.parametrize(("talent", "fine"), [(True, True), (False, False), (None, True)])
def test_r25_special_talent(talent, fine):
    assert (said("special", talent=talent, held=Held()) == []) is fine


@pytest.mark.parametrize(
    ("held", "level", "fine"),
    [
        ("assistant", "intermediate", True),
        ("none", "intermediate", False),
        ("none", "assistant", True),
        ("assistant", "associate_senior", False),
        ("intermediate", "intermediate", False),
    ],
)
def test_r26_level_by_level(held, level, fine):
    assert (said("regular", held=Held(held), level=level) == []) is fine


def test_r26_a_doctor_reaches_the_intermediate_level_at_once():
    assert said("regular", held=Held(), degrees=(Degree("doctor"),)) == []


@pytest.mark.parametrize(
    ("education", "obtained", "less", "fine"),
    [
        ("bachelor", dt.date(2021, 12, 31), 0, True),
        ("bachelor", dt.date(2022, 1, 1), 0, False),
        ("bachelor", dt.date(2022, 1, 1), 1, True),  # relief for a hardship area
        ("doctor", dt.date(2024, 12, 31), 0, True),
        ("college", dt.date(2010, 1, 1), 0, True),  # no figure found: the standard and the office decide
    ],
)
def test_engineers_years_in_title(education, obtained, less, fine):
    facts = replace(
        ENGINEER, level="associate_senior", held=Held("intermediate", obtained, "工程技术"),
        degrees=(Degree(education, dt.date(2005, 7, 1)),), years_less=less,
    )  # fmt: skip
    found = list(CONDITIONS["recommend"](facts))
    assert (found == []) is fine
    assert all(problem.basis == "engineering.years_in_title" for problem in found)
    assert list(CONDITIONS["recommend"](replace(facts, law_day=OLD))) == []


def test_examination_plus_appraisal():
    accountant = replace(
        ENGINEER, series="会计", by_exam=True, level="associate_senior", held=Held("intermediate"), exam_passed=True
    )
    assert list(CONDITIONS["exam_plus"](accountant)) == []
    assert list(CONDITIONS["exam_plus"](replace(accountant, exam_passed=False)))
    last = replace(accountant, exam_valid_until=DAY, handed_in_on=DAY)
    assert list(CONDITIONS["exam_plus"](last)) == []
    over = replace(last, handed_in_on=DAY + dt.timedelta(days=1))  # the day of handing in counts, not the law's day
    [only] = CONDITIONS["exam_plus"](over)
    assert "2026-03-02" in str(only)
    assert "2026-03-03" in str(only)
    assert list(CONDITIONS["exam_plus"](replace(accountant, exam_passed_on=END, handed_in_on=DAY)))


def test_examination_plus_appraisal_is_for_series_with_examinations():
    """Somebody who asks for senior engineer is not sent to an examination that does not exist."""
    engineer = replace(ENGINEER, level="associate_senior", held=Held("intermediate"), exam_passed=True)
    [only] = CONDITIONS["exam_plus"](replace(engineer, exam_series=False))
    assert "考试系列" in str(only)
    assert list(CONDITIONS["exam_plus"](replace(engineer, exam_series=True))) == []
    assert list(CONDITIONS["exam_plus"](engineer)) == []  # not known: the line of the plan has said so


SENIOR = replace(
    ENGINEER, level="associate_senior", held=Held("intermediate", dt.date(2018, 12, 31), "工程技术"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("level", "title", "fine"),
    [
        ("associate_senior", "高级工程师", True),
        ("intermediate", "工程师", True),  # the level asked for, not below it
        ("assistant", "助理工程师", False),
        (None, "国家一级标准化专家", True),  # the register does not know the name: the office looks at it
    ],
)
def test_r24_an_experts_title_is_not_lower_than_the_title_asked_for(level, title, fine):
    experts = (Expert("周正明", "高级工程师", "associate_senior", 1), Expert("沈国良", title, level, 2))
    found = list(CONDITIONS["exceptional"](replace(ENGINEER, held=Held(), experts=2, recommended_by=experts)))
    assert (found == []) is fine
    assert [problem.basis for problem in found] == [""] * len(found)  # our own demand: nothing is cited
    assert all("沈国良" in str(problem) and problem.field == "way.2" for problem in found)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"years_asked": 4}, State.OPEN),  # the standard says it
        ({"years_asked": None}, State.UNCLEAR),  # no published number of years for an engineer of this level
        ({"years_asked": 7}, State.CLOSED),
        ({"years_asked": 4, "committee_known": False}, State.UNCLEAR),
    ],
)
def test_r26_what_nothing_published_says_is_unclear_and_cites_nothing(facts, state):
    verdict = next(v for v in verdicts(replace(ENGINEER, **facts)) if v.way == "regular")
    assert verdict.state == state
    assert bool(verdict.open_questions) is (state == State.UNCLEAR)
    assert all("《" not in words and "人社部发" not in words for words in (*verdict.open_questions, verdict.advice))


def test_r23_an_unasked_question_leaves_the_transfer_unclear():
    held = Held("intermediate", dt.date(2020, 12, 31), "农业技术")
    found = {v.way: v for v in verdicts(replace(ENGINEER, held=held))}
    assert found["transfer"].state == State.UNCLEAR
    assert "新岗位" in found["transfer"].open_questions[0]
    known = {v.way: v for v in verdicts(replace(ENGINEER, held=held, post_since=dt.date(2020, 1, 1)))}
    assert known["transfer"].state == State.OPEN


def test_engineers_years_of_2018_are_advice_and_never_a_reason():
    senior = replace(SENIOR, law_day=OLD, counted_to=dt.date(2018, 12, 31), years_asked=0)
    verdict = next(v for v in verdicts(senior) if v.way == "recommend")
    assert verdict.state == State.OPEN  # held for less than a day: the table of that time stops nobody
    assert "10 年" in verdict.advice
    assert next(v for v in verdicts(replace(SENIOR, years_asked=0)) if v.way == "recommend").advice == ""
    other = next(v for v in verdicts(replace(senior, series="农业技术")) if v.way == "recommend")
    assert other.advice == ""


def test_r22_a_confirmation_has_the_manner_3_in_its_certificate_number():
    number = compose(year=2026, level="intermediate", channel="confirmation", series=5, committee="109", serial=7)
    assert number[:18] == "331100" + "2026" + "3" + "3" + "05" + "109" + "0"
    assert [
        compose(year=2026, level="intermediate", channel=way, series=5, committee="109", serial=7)[11]
        for way in ("regular", "preliminary", "transfer", "special", "exam_plus", "exceptional")
    ] == ["1", "2", "4", "5", "1", "1"]


def test_the_way_out_is_said():
    found = {verdict.way: verdict for verdict in verdicts(replace(ENGINEER, held=Held()))}
    assert found["regular"].state == State.CLOSED
    assert "破格" in found["regular"].way_out
    civil = verdicts(replace(ENGINEER, civil_servant=True))
    assert all(verdict.state == State.CLOSED for verdict in civil)
    assert all(verdict.way_out == "" for verdict in civil)
    assert "丽水市人力资源和社会保障局" in next(v for v in civil if v.way == "regular").reasons[0].citation


def test_every_way_has_its_word_on_the_roster():
    assert set(roster.CHANNELS) == set(Channel.values)
