"""Who is led where, and what bureau, supervisor and operator see."""

import datetime as dt
import io
import re
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from openpyxl import load_workbook

from applications.models import Declaration, HandOver, Originals, SpotCheck, SpotCheckItem, StepTime
from applications.services import closing
from applications.services.step_times import count_step_times
from appraisal_portal.accounts.models import Membership, Organisation, Person
from appraisal_portal.home.benchmark.worklist import grow
from appraisal_portal.home.menu import FIRST
from appraisal_portal.home.views.pages import Work
from appraisal_portal.kernel import clock, navigation
from appraisal_portal.kernel.models import Outbox
from tests.factories.accounts import make_user, someone
from tests.factories.plans import a_cycle
from tests.stage import begins_with

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
@begins_with(a_cycle)
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
    with django_assert_num_queries(14):
        client.get("/bureau/")
    for seed, status in ((2, "certified"), (3, "passed")):
        a_declaration(city, cycle, seed, status)
    with django_assert_num_queries(14):
        page = client.get("/bureau/")
    assert [count for _label, count in page.context["steps"]] == [3, 3, 2, 2, 2, 1, 1]
    Declaration.objects.filter(status="passed").update(recommended_on=None)  # as one the unit has not recommended yet
    assert [count for _label, count in client.get("/bureau/").context["steps"]][:2] == [3, 2]
    assert client.get("/bureau/", {"year": cycle.year - 1}).context["year"] == cycle.year  # nothing planned there


@begins_with(a_cycle)
def test_an_extension_waits_on_the_page_of_who_decides_it():
    """It is worth nothing once the window is over: it stands among what waits, and says whose turn it is."""
    city, cycle = a_cycle()
    line, until = cycle.line("forestry"), cycle.line("forestry").closes_on + dt.timedelta(days=3)
    closing.propose_extension(
        city.user("bureau_reviewer"), line=line, until=until, reason="因病住院", person=city.applicant(21).person
    )
    for role, mine in (("bureau_reviewer", 0), ("bureau_approver", 1)):
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(city.user(role))
        page = client.get("/bureau/")
        card = next(card for card in page.context["cards"] if card.url == reverse("applications:extension-list"))
        assert (card.count, card.mine, card.due) == (1, mine, until)
        assert "项延期待审定" in page.content.decode()


@begins_with(a_cycle)
def test_how_often_people_had_to_come():
    """最多跑一次: two bundles of one person are twice, no bundle is never; the workbook says the same."""
    city, cycle = a_cycle()
    client = Client()
    client.force_login(city.user("bureau_reviewer"))
    for seed in range(1, 4):
        a_declaration(city, cycle, seed, "in_examination")
    often, once, _never = Declaration.objects.order_by("pk")
    unit, clerk = city.unit(0), city.user("unit_clerk", city.unit(0))
    for row in (often, often, once):
        bundle = Originals.objects.create(
            declaration=row, items=[{"text": "学历证书", "copies": 1}], holder=unit, since=clock.today()
        )
        for number, (giver, taker) in enumerate(((None, unit), (unit, None)), start=1):
            HandOver.objects.create(
                originals=bundle, number=number, from_body=giver, from_person="甲", to_body=taker, to_person="乙",
                handed_on=clock.today(), entered_by=clerk,
            )  # fmt: skip
    page = client.get("/bureau/")
    told = [
        ("提交申报", 3),
        ("从未被要求", 1),
        ("一次", 1),
        ("一次以上", 1),
        ("其中：交纸质原件", 2),
        ("其中：参加答辩", 0),
    ]
    assert page.context["runs"] == told
    book = client.get(reverse("home:bureau-figures", args=["runs"]), {"year": cycle.year})
    cells = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(book.content)).active.iter_rows()]
    for label, people in told:
        assert any(row[:2] == [label, people] for row in cells), label
    funnel = client.get(reverse("home:bureau-figures", args=["funnel"])).content
    cells = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(funnel)).active.iter_rows()]
    assert [cycle.series().name, 3, 3, 0, 0, 0, 0, 0] in cells
    assert client.get(reverse("home:bureau-figures", args=["publicity"])).status_code == 200
    assert client.get(reverse("home:bureau-figures", args=["nothing"])).status_code == 404


@begins_with(a_cycle)
def test_how_long_the_steps_took():
    """Days in Beijing from step to step, the middle of three; the unit's last day and the month of the meeting are the
    plan's, the other steps have none; counted once an hour."""
    city, cycle = a_cycle()
    line, reviewer = cycle.line("forestry"), city.user("bureau_reviewer")
    for seed, days in ((1, 2), (2, 5), (3, 40)):
        a_declaration(city, cycle, seed, "in_examination")
        row, first = Declaration.objects.latest("pk"), line.unit_deadline - dt.timedelta(days=10)
        for name, at in (("submit", first), ("recommend", first + dt.timedelta(days=days)),
                         ("accept", first + dt.timedelta(days=days + 1))):  # fmt: skip
            moment = dt.datetime.combine(at, dt.time(0, 30), tzinfo=ZoneInfo("Asia/Shanghai"))
            row.records.create(transition=name, source="x", target="y", actor=reviewer, at=moment)
    assert count_step_times() == 2
    found = StepTime.objects.order_by("days").values_list("step", "people", "days", "late")
    assert list(found) == [("accepted", 3, 1, None), ("unit", 3, 5, 1)]
    assert count_step_times() == 0
    with clock.travel(clock.now() + dt.timedelta(minutes=61)):
        assert count_step_times() == 2
    client = Client()
    client.force_login(reviewer)
    assert "提交申报 → 单位推荐" in client.get("/bureau/").content.decode()
    book = client.get(reverse("home:bureau-figures", args=["times"])).content
    cells = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(book)).active.iter_rows()]
    assert [cycle.series().name, "提交申报 → 单位推荐", 3, 5, 1] in cells


@begins_with(a_cycle)
def test_no_card_and_no_picture_scans_the_declarations():
    """Issue 5: among 20,000 declarations the overview asks at most 15 times and reads none of them one by one."""
    city, cycle = a_cycle()
    a_declaration(city, cycle, 1, "in_examination")
    grow(city, Declaration.objects.get(), 20_000)
    client = Client()
    client.force_login(city.user("bureau_reviewer"))
    client.get("/bureau/")
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/bureau/")
    assert page.context["steps"][0][1] == 20_000
    assert len(queries) <= 15
    for sql in [one["sql"] for one in queries if one["sql"].lstrip("( ").startswith("SELECT")]:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(line for [line] in cursor.fetchall())
        for whole in ("applications_declaration", "accounts_person", "applications_declarationrecord"):
            assert not re.search(rf"Seq Scan on {whole}\b", plan), plan


@pytest.mark.parametrize(("role", "mine"), [("bureau_reviewer", 2), ("bureau_approver", 0)])
@begins_with(a_cycle)
def test_sampled_cases_wait_for_a_reviewer(role, mine):
    city, cycle = a_cycle()
    for seed in (1, 2, 3):
        a_declaration(city, cycle, seed, "qualified")
    rows, reviewer = list(Declaration.objects.order_by("pk")), city.user("bureau_reviewer")
    check = SpotCheck(
        year=cycle.year, number=1, statuses=["qualified"], share=5, minimum=1, seed="0" * 64, chain_seq=1,
        population=[[row.number, row.series.number, row.pk] for row in rows], announced_on=clock.today(),
        announced_by=reviewer, seed_day=clock.today(), sample=[row.number for row in rows], drawn_by=reviewer,
        drawn_on=clock.today(), status="drawn", findings_by=clock.today() + dt.timedelta(days=9),
    )  # fmt: skip
    check.population_sha256 = check.population_hash()
    check.save()
    for row in rows[:2]:
        SpotCheckItem.objects.create(spot_check=check, declaration=row)
    SpotCheckItem.objects.create(
        spot_check=check, declaration=rows[2], status="clear", found_by=reviewer, found_on=clock.today()
    )
    client = Client()
    client.force_login(city.user(role))
    [card] = [
        one for one in client.get("/bureau/").context["cards"] if one.url == reverse("applications:spotcheck-list")
    ]
    assert (card.count, card.mine, card.due) == (2, mine, check.findings_by)


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
