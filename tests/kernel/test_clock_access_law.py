"""Small foundations: the one clock, predicates with their reasons, rules that are cited only while in force."""

import datetime as dt

import pytest

from appraisal_portal import law
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.access import IS_SYSTEM, NOBODY, PUBLIC, SYSTEM, Predicate, predicate


def test_half_past_midnight_in_shanghai_is_a_new_day():
    with clock.travel(dt.datetime(2026, 5, 6, 16, 30, tzinfo=dt.UTC)):
        assert clock.today() == dt.date(2026, 5, 7)
    with clock.travel(dt.datetime(2026, 5, 6, 15, 59, 59, tzinfo=dt.UTC)):
        assert clock.today() == dt.date(2026, 5, 6)


def test_the_end_of_a_day_is_the_first_moment_too_late():
    assert clock.end_of_day(dt.date(2026, 5, 6)) == clock.at(dt.date(2026, 5, 7), 0)


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"), clock.travel(dt.datetime(2026, 5, 6)):  # noqa: DTZ001
        pass


@predicate("You are not tall.", otherwise="You are too tall.")
def tall(actor, obj):
    return actor == "tall"


rich = Predicate("rich", lambda actor, obj: actor == "rich", "You are not rich.")


@pytest.mark.parametrize(
    ("rule", "actor", "why"),
    [
        (tall, "tall", []),
        (tall, "small", ["You are not tall."]),
        (~tall, "tall", ["You are too tall."]),
        (tall & rich, "tall", ["You are not rich."]),
        (tall & rich, "small", ["You are not tall.", "You are not rich."]),
        ((tall & rich) | tall, "small", ["You are not tall.", "You are not rich."]),
        (tall | rich, "rich", []),
        (tall | rich, "small", ["You are not tall.", "You are not rich."]),
    ],
)
def test_a_refusal_carries_its_reasons(rule, actor, why):
    assert rule.why_not(actor) == why
    assert rule(actor) is (why == [])


def test_the_portal_itself_holds_no_role():
    assert IS_SYSTEM(SYSTEM)
    assert not NOBODY(SYSTEM)
    assert PUBLIC(SYSTEM)
    assert not SYSTEM.acts_as("bureau_approver")


def test_a_cycle_of_2018_never_cites_order_40():
    day = dt.date(2018, 6, 4)
    assert [
        key
        for key, rules in law.RULES.items()
        for rule in rules
        if rule.document is law.ORDER_40 and rule.in_force(day)
    ] == []
    assert law.value("retired.excluded", day) is None
    assert law.cite("retired.excluded", day) == ""
    assert law.value("retired.excluded", dt.date(2019, 9, 1)) is True


def test_numbers_of_the_notice():
    day = dt.date(2018, 6, 4)
    assert law.value("meeting.lead_days", day) == 5
    assert law.value("education.hours", day) == law.HoursRule(total=90, professional=60, common=18)
    assert law.value("falsification.ban_years", day) == 3
    assert law.value("meeting.lead_days", dt.date(2017, 12, 31)) is None


def test_an_unknown_rule_is_a_mistake_of_the_programmer():
    with pytest.raises(KeyError):
        law.rule("nothing.of_the_kind", dt.date(2018, 6, 4))


def test_the_counting_of_periods_cites_the_text_of_its_day():
    assert law.rule("publicity.period_counting", dt.date(2018, 6, 4)).document is law.GENERAL_PROVISIONS
    assert law.rule("publicity.period_counting", dt.date(2026, 6, 4)).document is law.CIVIL_CODE
