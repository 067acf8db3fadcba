"""Who is led where, and what bureau, supervisor and operator see."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from applications.models import Declaration
from appraisal_portal.accounts.models import Membership, Organisation, Person
from appraisal_portal.home.menu import FIRST
from appraisal_portal.home.views import Work
from appraisal_portal.kernel import clock, navigation
from appraisal_portal.kernel.models import Outbox
from tests.factories.accounts import make_user, someone
from tests.factories.plans import a_cycle

pytestmark = pytest.mark.django_db
Role = Membership.Role
BUREAU = (Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER, Role.SUPERVISOR)


@pytest.fixture
def body():
    return Organisation.objects.create(kind="city_bureau", name="市局", status="active")


def client_of(role: str, body: Organisation) -> Client:
    client = Client()
    client.force_login(make_user(role or "nobody", role, None if role in ("", "applicant") else body))
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize("role", Role.values)
def test_every_role_is_led_to_its_own_home(role, body):
    assert client_of(role, body).get("/work/").url == reverse(Work.homes[role])


def test_no_role_and_no_login(body):
    client = client_of("", body)
    assert client.get("/work/").url == "/work/none/"
    assert "You have no role today" in client.get("/work/none/").content.decode()
    assert Client().get("/work/").url.startswith("/account/login/")


@pytest.mark.parametrize("role", ["", *Role.values])
def test_overviews_open_to_their_roles_only(role, body):
    client = client_of(role, body)
    assert client.get("/bureau/").status_code == (200 if role in BUREAU else 403)
    assert client.get("/operator/").status_code == (200 if role == Role.OPERATOR else 403)


@pytest.mark.parametrize("role", Role.values)
def test_navigation_of_a_role_is_short_and_begins_at_its_home(role, body):
    user = make_user(role, role, None if role == Role.APPLICANT else body)
    links = navigation.links_for(user, "/")
    assert 3 <= len([link for link in links if not link.more]) <= 7
    assert links[0].url == reverse(Work.homes[role])


def test_arranged_entries_are_registered_for_their_roles():
    for role, names in FIRST.items():
        for name in names:
            assert role in navigation._items[name].roles, (role, name)


def test_every_entry_leads_somewhere():
    for name in navigation._items:
        try:
            reverse(name)
        except NoReverseMatch:
            pytest.fail(f"{name} has no address")


def a_declaration(city, cycle, seed: int, status: str) -> None:
    line = cycle.line("forestry")
    title = cycle.series().titles.filter(level=line.level).first()
    who = someone(seed)
    person = Person.objects.create(
        name=who.name, id_number=who.id_number, birth_date=who.birth_date, gender=who.gender, phone=who.phone
    )
    Declaration.objects.create(
        number=f"2026-{seed:05d}", year=cycle.year, series=title.series, applicant=person, unit=city.unit(0), line=line,
        committee=line.committee, title=title, status=status, submitted_at=clock.now(), recommended_on=clock.today(),
        arrived_on=clock.today(),
    )  # fmt: skip


@pytest.mark.notice("IV.2.a")
def test_overview_of_the_bureau(django_assert_num_queries):
    city, cycle = a_cycle()
    client = Client()
    client.force_login(city.user("bureau_reviewer"))
    client.cookies["django_language"] = "en"
    text = client.get("/bureau/").content.decode()
    assert "No declaration has been handed in yet" in text
    a_declaration(city, cycle, 1, "in_examination")
    page = client.get("/bureau/")
    text = page.content.decode()
    assert "from declaration to certificate" in text
    assert page.context["steps"][0][1] == 1
    assert page.context["steps"][2][1] == 0
    with django_assert_num_queries(18):
        client.get("/bureau/")
    for seed, status in ((2, "certified"), (3, "passed")):
        a_declaration(city, cycle, seed, status)
    with django_assert_num_queries(18):
        page = client.get("/bureau/")
    assert [count for _label, count in page.context["steps"]] == [3, 3, 2, 2, 2, 1, 1]


def test_without_a_plan_only_the_reviewer_is_offered_to_make_one(body):
    assert "New plan" in client_of(Role.BUREAU_REVIEWER, body).get("/bureau/").content.decode()
    for role in (Role.BUREAU_APPROVER, Role.SUPERVISOR):
        assert "New plan" not in client_of(role, body).get("/bureau/").content.decode()


def test_operator_sees_what_was_given_up_and_tries_again(body):
    late = clock.now() - dt.timedelta(hours=1)
    Outbox.objects.create(kind="message", key="a:1", not_before=late)
    dead = Outbox.objects.create(
        kind="message", key="a:2", status="dead", attempts=5, last_error="SMTPError: 张三 330…"
    )
    client = client_of(Role.OPERATOR, body)
    page = client.get("/operator/")
    assert (page.context["waiting"], page.context["overdue"], page.context["dead_count"]) == (1, 1, 1)
    text = page.content.decode()
    assert "SMTPError" in text
    assert "张三" not in text
    retry = reverse("home:delivery-retry", args=[dead.pk])
    assert client.get(retry).status_code == 405
    assert client.post(retry).url == "/operator/"
    dead.refresh_from_db()
    assert (dead.status, dead.attempts) == ("waiting", 0)
    assert client.post(retry).status_code == 302  # a second press changes nothing
    other = client_of(Role.BUREAU_REVIEWER, body)
    assert other.post(retry).status_code == 403


@pytest.mark.parametrize("role", BUREAU)
def test_every_card_leads_to_a_page_its_reader_may_open(role, body):
    client = client_of(role, body)
    for card in client.get("/bureau/").context["cards"]:
        assert client.get(card.url).status_code == 200, card.url
