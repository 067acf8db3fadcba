"""What a supervisor is shown is written down: which page, which object, when; nobody can change it."""

import datetime as dt

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal_portal.accounts.models import Look
from appraisal_portal.kernel import clock as portal_clock
from tests.factories.plans import a_cycle
from tests.stage import begins_with

MONDAY = dt.date(2026, 3, 2)
pytestmark = [pytest.mark.django_db, begins_with(a_cycle, MONDAY.year, committees=("forestry",), on=MONDAY)]


@pytest.fixture
def told(clock):
    clock(portal_clock.at(MONDAY, 10))
    return a_cycle(MONDAY.year, committees=("forestry",))


def logged_in(city, role: str) -> Client:
    client = Client()
    client.force_login(city.user(role))
    return client


def test_a_page_a_list_and_a_file_are_written_down(told):
    city, cycle = told
    mine, committee = logged_in(city, "supervisor"), cycle.committee("forestry")
    url = reverse("plans:committee-detail", args=[committee.pk])
    assert mine.get(url).status_code == 200
    assert mine.get(reverse("plans:term-list")).status_code == 200
    assert mine.get(reverse("home:bureau-figures", args=["funnel"])).status_code == 200
    first, second, third = Look.objects.order_by("pk")
    assert (first.user, first.url_name, first.path) == (city.user("supervisor"), "plans:committee-detail", url)
    assert (first.subject, second.subject) == (f"plans.Committee {committee.pk}", "")
    assert first.page == committee.name
    assert "监督人员" in first.acting_as
    assert third.page.endswith(".xlsx")
    bureau = logged_in(city, "bureau_approver").get(reverse("accounts:look-list")).content.decode()
    for words in ("2026-03-02 10:00:00", committee.name, f"评委会 {committee.pk}", "127.0.0.1"):
        assert words in bureau
    operator = logged_in(city, "operator").get(reverse("accounts:look-list")).content.decode()
    assert url in operator
    assert first.page not in operator
    assert Look.objects.count() == 3  # whoever is no supervisor leaves none


def test_neither_public_pages_nor_refusals_nor_ones_own_account(told):
    city, _cycle = told
    mine = logged_in(city, "supervisor")
    for url in (
        "/",
        reverse("plans:plan-public"),
        reverse("accounts:account-detail"),
        reverse("accounts:message-list"),
    ):
        assert mine.get(url).status_code == 200
    assert mine.get(reverse("plans:plan-new")).status_code == 403
    assert mine.get(reverse("plans:committee-detail", args=[999_999])).status_code == 404
    assert not Look.objects.exists()


def test_one_row_and_only_of_supervisors(told):
    city, cycle = told
    url = reverse("plans:version-detail", args=[cycle.standard("forestry").pk])
    counts = []
    for role in ("bureau_reviewer", "supervisor"):
        client = logged_in(city, role)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append([query["sql"] for query in queries if "accounts_look" in query["sql"]])
    assert [len(rows) for rows in counts] == [0, 1]
    assert counts[1][0].startswith("INSERT")


def test_nobody_changes_or_deletes_a_look_and_nothing_is_shown_without_one(told, monkeypatch):
    city, cycle = told
    mine, url = logged_in(city, "supervisor"), reverse("plans:committee-detail", args=[cycle.committee("forestry").pk])
    mine.get(url)
    for change in (lambda rows: rows.update(path="/"), lambda rows: rows.delete()):
        with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
            change(Look.objects.all())
    monkeypatch.setattr(Look.objects, "create", lambda **values: (_ for _ in ()).throw(InternalError("no")))
    with pytest.raises(InternalError):
        mine.get(url)


def test_the_list_by_day_and_name(told, clock):
    city, cycle = told
    mine = logged_in(city, "supervisor")
    mine.get(reverse("plans:term-list"))
    clock(MONDAY + dt.timedelta(days=1))
    mine.get(reverse("plans:version-list"))
    bureau = logged_in(city, "bureau_reviewer")
    page = bureau.get(reverse("accounts:look-list"), {"day": "2026-03-02", "q": city.user("supervisor").full_name})
    assert [row.url_name for row in page.context["page_obj"]] == ["plans:term-list"]
    for asked in ({"day": "2026-02-30"}, {"q": "没有此人"}):
        assert "没有查阅记录" in bureau.get(reverse("accounts:look-list"), asked).content.decode()
    assert mine.get(reverse("accounts:look-list")).status_code == 200  # the own ones
