"""The front page and the statements: what they say when empty and full, in both languages, without session or user."""

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client

from appraisal_portal.kernel import clock
from committees.plans.models import Notice
from tests.factories.plans import a_cycle

pytestmark = pytest.mark.django_db
STATEMENTS = ("/help/", "/accessibility/", "/privacy/", "/feedback/")


def get(address: str = "/", language: str = "zh-hans", **cookies: str):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for name, value in cookies.items():
        client.cookies[name] = value
    return client.get(address)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_empty_portal_says_what_is_missing(language):
    page = get(language=language)
    assert page.status_code == 200
    assert not page.cookies
    assert not page.wsgi_request.session.accessed
    text = page.content.decode()
    for door in ("/work/", "/publicity/", "/certificates/verify/"):
        assert f'class="card door" href="{door}"' in text
    assert 'class="empty"' in text
    if language == "en":
        assert "The plan of this year has not been published yet" in text
        assert '<html lang="en"' in text


def test_open_windows_with_their_last_day():
    _city, cycle = a_cycle()
    text = get(language="en").content.decode()
    assert "Open now" in text
    assert cycle.committee("forestry").name in text
    closes_on = cycle.line("forestry").closes_on
    assert closes_on.isoformat() in text
    assert "working days left" in text
    assert Notice.objects.public().first().title in text
    assert 'class="empty"' not in text


def test_before_after_and_without_a_window(clock):
    today = dt.date(2026, 3, 2)
    clock(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC))
    _city, cycle = a_cycle()
    closes_on = cycle.line("forestry").closes_on
    clock(closes_on + dt.timedelta(days=1))
    assert "The declaration windows of this year have closed." in get(language="en").content.decode()
    clock(today - dt.timedelta(days=5))
    assert "The next window opens on 2026-03-02" in get(language="en").content.decode()
    clock(dt.date(2027, 2, 1))
    text = get(language="en").content.decode()
    assert "The plan of this year has not been published yet" in text
    assert "Plan of 2026" in text


def test_as_many_queries_for_three_committees_as_for_one(django_assert_num_queries):
    city, _cycle = a_cycle(committees=("forestry",))
    client = Client()
    client.get("/")  # the calendar's years are read once a process
    with django_assert_num_queries(10):
        client.get("/")
    with clock.travel(clock.now() + dt.timedelta(days=366)):
        a_cycle(city=city, committees=("forestry", "enterprise", "water"))
        client.get("/")
        with django_assert_num_queries(10):
            client.get("/")


@pytest.mark.parametrize("address", STATEMENTS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_statements_are_plain_public_pages(address, language, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = get(address, language)
    assert page.status_code == 200
    assert not page.cookies
    assert f'<html lang="{"en" if language == "en" else "zh-Hans"}"' in page.content.decode()
