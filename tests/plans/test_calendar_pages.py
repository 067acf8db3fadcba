"""The calendar's pages: a year's grid, the yearly notice, a single day, and what each does before it is stored."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from appraisal_portal.kernel import calendar
from appraisal_portal.kernel.models import CalendarDay, CalendarYear
from tests.plans.test_holiday_notice import NOTICES

pytestmark = pytest.mark.django_db

UNKNOWN = 2040
PAGE = reverse("plans:calendar-year", args=[UNKNOWN])


@pytest.fixture
def reviewer(client, forestry):
    city, _cycle = forestry
    client.force_login(city.user("bureau_reviewer"))
    return client


def a_day(day, kind="day_off"):
    return {"what": "day_form", "day-day": day.isoformat(), "day-kind": kind, "day-source": "国办发明电"}


def digest_of(page):
    """What the page asks to be confirmed."""
    return re.search(r'name="seen" value="(\w{64})"', page.content.decode())[1]


def confirmed(client, url, data):
    """Both steps."""
    asked = client.post(url, data)
    assert asked.status_code == 200, asked
    return client.post(url, {**data, "seen": digest_of(asked)})


def test_a_day_is_shown_then_stored_then_taken_back(reviewer):
    day = dt.date(UNKNOWN, 10, 5)
    assert "提前" in reviewer.get(PAGE).content.decode()
    refused = reviewer.post(PAGE, {**a_day(day), "day-day": "不是日期"})
    assert refused.status_code == 422
    assert "国办发明电" in refused.content.decode()
    asked = reviewer.post(PAGE, a_day(day))
    assert "正在进行的期限均不受影响" in asked.content.decode()
    assert not CalendarDay.objects.exists(), "asking stores nothing"
    assert confirmed(reviewer, PAGE, a_day(day)).status_code == 302
    assert not calendar.is_working_day(day)
    assert "国办发明电" in reviewer.get(PAGE).content.decode()
    remove = reverse("plans:calendar-remove", args=[day.isoformat()])
    assert "恢复按已公布日历计算" in reviewer.post(remove).content.decode()
    assert confirmed(reviewer, remove, {}).status_code == 302
    assert not CalendarDay.objects.exists()
    assert reviewer.post(remove).status_code == 404
    assert reviewer.post(reverse("plans:calendar-remove", args=["tomorrow"])).status_code == 404


def test_a_year_is_said_to_be_complete(reviewer):
    assert reviewer.post(PAGE, {"what": "year_form", "year-source": ""}).status_code == 422
    assert confirmed(reviewer, PAGE, {"what": "year_form", "year-source": "国办发明电"}).status_code == 302
    assert calendar.is_known_year(UNKNOWN)
    assert reviewer.post(PAGE, {"what": "nothing of this"}).status_code == 404
    assert reviewer.get(reverse("plans:calendar-year", args=[1066])).status_code == 404


def test_the_supervisor_reads_and_changes_nothing(client, forestry):
    city, _cycle = forestry
    client.force_login(city.user("supervisor"))
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "notice-text" not in page.content.decode()
    assert client.post(PAGE, a_day(dt.date(UNKNOWN, 10, 5))).status_code == 403


def test_the_yearly_notice_is_read_shown_and_taken_over(reviewer):
    url = reverse("plans:calendar-year", args=[2026])
    slip = {
        "what": "notice_form",
        "notice-source": "国办发明电〔2025〕7号",
        "notice-text": NOTICES[2026].split("10月1日")[0],
    }
    refused = reviewer.post(url, slip).content.decode()
    assert "国庆节：没有找到放假日期。" in refused
    assert "国办发明电〔2025〕7号" in refused, "what was typed is kept"
    data = {**slip, "notice-text": NOTICES[2026]}
    asked = reviewer.post(url, data).content.decode()
    assert "2026-02-15（周日） – 2026-02-23（周一）" in asked
    assert "2026-02-28（周六）" in asked
    assert confirmed(reviewer, url, data).status_code == 302
    assert CalendarYear.objects.get(year=2026).source == "国办发明电〔2025〕7号"
    assert CalendarDay.objects.get(day=dt.date(2026, 2, 28)).kind == "workday"
    assert CalendarDay.objects.filter(kind="day_off").count() == 3 + 9 + 3 + 5 + 3 + 3 + 7


@pytest.mark.parametrize("count", [1, 3])
def test_the_grid_needs_the_same_queries_for_any_number_of_days(reviewer, django_assert_num_queries, count):
    for number in range(count):
        CalendarDay.objects.create(day=dt.date(UNKNOWN, 3, 5 + number), kind="day_off", source="样本")
    with django_assert_num_queries(6):
        page = reviewer.get(PAGE).content.decode()
    assert page.count(' own"') == count
    assert page.count("<small>休</small>") == count
