"""Working days: table of domain.md §8-9, the bureau's own rows, years nobody knows."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import isolate_apps
from django.utils import translation

from appraisal_portal.kernel import calendar, clock, days
from appraisal_portal.kernel.models import CalendarDay, CalendarYear, Period

pytestmark = pytest.mark.django_db
D = dt.date

with isolate_apps("appraisal_portal.kernel"):

    class Term(Period):
        """A stored period, as stages have them."""

        class Meta:
            app_label = "kernel"

        def __str__(self) -> str:
            return f"{self.starts_on}"


@pytest.mark.parametrize(
    ("start", "n", "end", "provisional"),
    [
        (D(2018, 9, 26), 5, D(2018, 10, 8), False),  # 27, 28, Sat 29 and Sun 30 adjusted, 8 October
        (D(2018, 9, 29), 1, D(2018, 9, 30), False),
        (D(2018, 9, 30), 1, D(2018, 10, 8), False),
        (D(2018, 2, 10), 2, D(2018, 2, 12), False),  # Sunday 11 February is adjusted
        (D(2018, 12, 28), 1, D(2018, 12, 29), False),
        (D(2019, 4, 30), 1, D(2019, 5, 5), False),
        (D(2026, 11, 25), 0, D(2026, 11, 25), False),
        (D(2026, 11, 20), 5, D(2026, 11, 27), False),
        (D(2026, 12, 24), 5, D(2026, 12, 31), False),
        (D(2026, 12, 28), 3, D(2026, 12, 31), False),
        (D(2026, 12, 28), 5, D(2027, 1, 4), True),
        (D(2027, 3, 1), 1, D(2027, 3, 2), True),
    ],
)
def test_ends(start: dt.date, n: int, end: dt.date, provisional: bool) -> None:
    assert calendar.add_working_days(start, n) == (end, provisional)


def test_negative_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        calendar.add_working_days(D(2026, 1, 1), -1)


@pytest.mark.parametrize(
    "day",
    [D(2018, 2, 11), D(2018, 2, 24), D(2018, 4, 8), D(2018, 4, 28), D(2018, 9, 29), D(2018, 9, 30), D(2018, 12, 29)],
)
def test_adjusted_days_count(day: dt.date) -> None:
    assert calendar.is_working_day(day)


def test_own_rows_win() -> None:
    assert calendar.is_working_day(D(2026, 11, 25))
    assert not calendar.is_working_day(D(2026, 11, 28))
    CalendarDay.objects.create(day=D(2026, 11, 25), kind="day_off", source="通知")
    CalendarDay.objects.create(day=D(2026, 11, 28), kind="workday", source="通知")
    assert not calendar.is_working_day(D(2026, 11, 25))
    assert calendar.is_working_day(D(2026, 11, 28))
    assert calendar.add_working_days(D(2026, 11, 24), 3).ends_on == D(2026, 11, 28)


def test_a_year_becomes_known_when_it_is_complete() -> None:
    assert not calendar.is_known_year(2027)
    CalendarDay.objects.create(day=D(2027, 1, 1), kind="day_off", source="样本")
    year = CalendarYear.objects.create(year=2027, complete=False, source="样本")
    assert calendar.add_working_days(D(2026, 12, 28), 5) == (D(2027, 1, 5), True)
    year.complete = True
    year.save()
    assert calendar.is_known_year(2027)
    assert calendar.add_working_days(D(2026, 12, 28), 5) == (D(2027, 1, 5), False)


def test_between_and_left() -> None:
    assert calendar.working_days_between(D(2018, 9, 26), D(2018, 10, 8)) == 5
    assert calendar.working_days_between(D(2018, 10, 8), D(2018, 9, 26)) == 0
    assert calendar.working_days_left(D(2018, 9, 30), D(2018, 10, 8)) == 1
    assert calendar.working_days_left(D(2018, 10, 8), D(2018, 10, 8)) == 0


def test_why_each_day() -> None:
    days = calendar.period_days(D(2018, 9, 26), 5)
    assert [day.day for day in days] == [D(2018, 9, 27) + dt.timedelta(i) for i in range(12)]
    assert [day.number for day in days if day.working] == [1, 2, 3, 4, 5]
    assert days[2].why == calendar.WHY_MAKE_UP_DAY
    assert days[4].why == calendar.WHY_HOLIDAY
    assert days[4].detail
    assert days[-1].why == calendar.WHY_WORKING_DAY
    unknown = calendar.period_days(D(2026, 12, 30), 2)
    assert [day.known for day in unknown] == [True, False]
    assert unknown[1].why == calendar.WHY_NO_CALENDAR
    weekend = calendar.period_days(D(2026, 11, 20), 1)
    assert weekend[0].why == calendar.WHY_WEEKEND
    CalendarDay.objects.create(day=D(2026, 11, 21), kind="day_off", source="国办通知")
    assert calendar.period_days(D(2026, 11, 20), 1)[0].detail == "国办通知"


@pytest.mark.parametrize("meeting", [D(2018, 10, 8), D(2018, 10, 10), D(2026, 12, 20), D(2026, 12, 18), D(2018, 2, 24)])
@pytest.mark.parametrize("n", [0, 1, 5])
def test_latest_application_day_is_the_latest(meeting: dt.date, n: int) -> None:
    day = calendar.latest_application_day(meeting, n).ends_on
    assert calendar.add_working_days(day, n).ends_on <= meeting
    assert calendar.add_working_days(day + dt.timedelta(1), n).ends_on > meeting


def test_latest_application_day_in_an_unknown_year() -> None:
    assert calendar.latest_application_day(D(2027, 1, 6), 5).provisional
    assert calendar.latest_application_day(D(2026, 12, 18), 5) == (D(2026, 12, 13), False)


def test_end_of_day_is_midnight_in_shanghai() -> None:
    assert calendar.end_of_day(D(2026, 12, 31)).isoformat() == "2027-01-01T00:00:00+08:00"


def test_one_query_a_call_and_one_for_many(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        calendar.add_working_days(D(2018, 9, 26), 5)
    with django_assert_num_queries(1), calendar.remembered():
        for day in range(1, 29):
            calendar.working_days_left(D(2026, 11, day), D(2026, 12, 25))
        assert calendar.is_known_year(2026)


def test_what_is_remembered_can_be_forgotten() -> None:
    with calendar.remembered():
        assert calendar.is_working_day(D(2026, 11, 25))
        CalendarDay.objects.create(day=D(2026, 11, 25), kind="day_off", source="通知")
        calendar.forget()
        assert not calendar.is_working_day(D(2026, 11, 25))


class _Term:
    """The fields of `Period` without a table."""

    def __init__(self, starts_on: dt.date | None, working_days: int, announced: dt.date | None = None) -> None:
        self.starts_on, self.working_days, self.announced_ends_on = starts_on, working_days, announced
        self.ends_on, self.provisional = announced, False


def test_case_13_recompute_never_shortens_what_was_announced() -> None:
    term = _Term(D(2026, 12, 28), 5)
    assert calendar.recompute(term)
    assert (term.ends_on, term.provisional, term.announced_ends_on) == (D(2027, 1, 4), True, None)
    term.announced_ends_on = term.ends_on
    CalendarDay.objects.create(day=D(2027, 1, 1), kind="day_off", source="样本")
    CalendarYear.objects.create(year=2027, complete=True, source="样本")
    assert calendar.recompute(term)
    assert (term.ends_on, term.provisional, term.announced_ends_on) == (D(2027, 1, 5), False, D(2027, 1, 5))
    CalendarDay.objects.filter(day=D(2027, 1, 1)).update(kind="workday")
    assert not calendar.recompute(term)
    assert term.ends_on == D(2027, 1, 5)
    assert not calendar.recompute(_Term(None, 5))


def test_p45_case_13_open_periods_are_recomputed_when_the_calendar_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Term)
    monkeypatch.setattr(calendar.apps, "get_models", lambda: [CalendarDay, Term])
    rows = [Term(starts_on=D(2026, 12, 28), working_days=5), Term(starts_on=D(2026, 11, 2), working_days=5), Term()]
    for row in rows:
        calendar.recompute(row)
        row.save()
    assert rows[0].provisional
    assert calendar.recompute_open_periods(D(2026, 12, 30)) == []
    CalendarDay.objects.create(day=D(2027, 1, 1), kind="day_off", source="样本")
    CalendarYear.objects.create(year=2027, complete=True, source="样本")
    # Also when the provisional day has passed before anybody entered the year.
    [(row, before, after)] = calendar.recompute_open_periods(D(2027, 2, 1))
    assert row.pk == rows[0].pk
    assert (before, after) == ((D(2027, 1, 4), True), (D(2027, 1, 5), False))
    row.refresh_from_db()
    assert (row.ends_on, row.provisional) == (D(2027, 1, 5), False)


@pytest.mark.parametrize(
    ("today", "said", "last"),
    [
        (D(2026, 5, 6), "2026-05-12 (Tue)", "2026-05-12 (Tue, 5 working days left)"),  # the Saturday is made up for
        (D(2026, 5, 11), "2026-05-12 (Tue)", "2026-05-12 (Tue, 1 working day left)"),
        (D(2026, 5, 12), "2026-05-12 (Tue)", "2026-05-12 (Tue, today)"),
        (D(2026, 5, 13), "2026-05-12 (Tue)", "2026-05-12 (Tue)"),
    ],
)
def test_a_day_in_a_sentence_has_its_weekday_and_a_last_day_what_is_left(today, said, last):
    with clock.travel(today):
        assert days.day_said(D(2026, 5, 12)) == said
        assert days.last_day_said(D(2026, 5, 12)) == last
        later = days.day_said_later(D(2026, 5, 12))
        with translation.override("zh-hans"):
            assert f"{later}" == "2026-05-12（周二）"
