"""The checklist of the supervision campaign (notice V(2)): what the records say to each item, without rows."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from appraisal_portal.supervision import rules
from appraisal_portal.supervision.rules import Facts, MeetingFact, ObjectionFact, PublicityFact, VersionFact

DAY = dt.timedelta(days=1)
MEETING = MeetingFact(
    name="2026-05-20", meets_on=dt.date(2026, 5, 20), applied_on=dt.date(2026, 5, 13), approved_on=dt.date(2026, 5, 15),
    term=(dt.date(2025, 1, 1), dt.date(2027, 12, 31)), members=15, smallest=7, odd=True, present=12, quorum=10,
    recusals_open=0, lead_days=5,
)  # fmt: skip
LIST = PublicityFact("2026-05-20", 5, 5, dt.date(2026, 5, 28), dt.date(2026, 5, 29))
OBJECTION = ObjectionFact("ABCDEFGHJK", dt.date(2026, 6, 10), dt.date(2026, 6, 10), upheld=False)
VERSION = VersionFact("工程技术 v1", dt.date(2026, 3, 1), dt.date(2026, 3, 1))
FINE = Facts(
    today=dt.date(2027, 3, 1), meetings=[MEETING], publicities=[LIST], objections=[OBJECTION], versions=[VERSION],
    people=8, sampled=2,
)  # fmt: skip


def with_meeting(**changed: Any) -> Facts:
    return replace(FINE, meetings=[MEETING, replace(MEETING, **changed)])


@pytest.mark.django_db
@pytest.mark.parametrize("code", rules.ITEMS)
def test_a_year_in_order_is_in_order_and_a_year_of_nothing_has_nothing_to_check(code: str) -> None:
    computed, evidence = rules.ITEMS[code].judge(FINE)
    assert computed == "ok"
    assert all(rules.words(line) for line in evidence)
    empty, said = rules.ITEMS[code].judge(Facts(today=FINE.today))
    assert (empty, bool(said)) == (("ok", True) if code == "violations" else ("none", False))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "facts", "said"),
    [
        ("term", with_meeting(term=None), "没有经批准的届期"),
        ("term", with_meeting(term=(dt.date(2022, 1, 1), MEETING.meets_on - DAY)), "没有经批准的届期"),
        ("size", with_meeting(members=14), "14 名委员"),
        ("size", with_meeting(members=5), "至少 7"),
        ("quorum", with_meeting(present=9), "9 人"),
        ("lead", with_meeting(applied_on=dt.date(2026, 5, 14)), "2026-05-14"),
        ("lead", with_meeting(applied_on=None), "—"),
        ("approval", with_meeting(approved_on=MEETING.meets_on), "2026-05-20"),
        ("recusals", with_meeting(recusals_open=2), "2 项"),
        ("publicity", replace(FINE, publicities=[replace(LIST, days=4)]), "4"),
        ("publicity", replace(FINE, publicities=[replace(LIST, reported_on=LIST.ends_on)]), "2026-05-28"),
        ("objections", replace(FINE, objections=[replace(OBJECTION, concluded_on=dt.date(2026, 6, 11))]), "06-11"),
        ("objections", replace(FINE, objections=[replace(OBJECTION, concluded_on=None)]), "—"),
        ("standard", replace(FINE, versions=[replace(VERSION, approved_on=dt.date(2026, 3, 2))]), "2026-03-02"),
        ("standard", replace(FINE, versions=[replace(VERSION, approved_on=None)]), "—"),
        ("sampling", replace(FINE, defects=["2026-0004"]), "2026-0004"),
        ("scope", replace(FINE, outside=["2026-0007"]), "2026-0007"),
        ("violations", replace(FINE, banned=["2026-0009"]), "2026-0009"),
        ("violations", replace(FINE, objections=[replace(OBJECTION, upheld=True)]), "ABCDEFGHJK"),
        ("violations", replace(FINE, revoked=["331100202631050120007"]), "331100202631050120007"),
    ],
)
def test_what_is_not_in_order_is_said_with_its_day_and_number(code: str, facts: Facts, said: str) -> None:
    computed, evidence = rules.ITEMS[code].judge(facts)
    assert computed == ("look" if code == "violations" else "bad")
    assert len(evidence) == 1  # what is in order beside it is not told
    assert said in rules.words(evidence[0])


@pytest.mark.notice("V.2")
def test_the_items_answer_the_notices_five_questions_in_their_order() -> None:
    asked = [item.question for item in rules.ITEMS.values()]
    assert list(dict.fromkeys(asked)) == list(rules.QUESTIONS)
    assert len(rules.QUESTIONS) == 5
