"""The overview of a county bureau: what waits for it, and the figures of its own units alone."""

import datetime as dt
import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from appraisal_portal.home.story import declare, procedure, seals
from tests.factories.plans import a_cycle
from tests.stage import begins_with

MONDAY = dt.date(2026, 3, 2)
pytestmark = [pytest.mark.django_db, begins_with(a_cycle, MONDAY.year, committees=("forestry",), on=MONDAY)]


@pytest.fixture
def told(clock):
    """One declaration waits to be forwarded by 龙泉市, another is still with its unit."""
    clock(MONDAY)
    city, cycle = a_cycle(MONDAY.year, committees=("forestry",))
    unit, line = next(row for row in city.units if row.name == "龙泉市凤阳山林场"), cycle.line("forestry")
    first, _second = [declare.submit(declare.draft(city, cycle, 900 + n, unit=unit, line=line)) for n in range(2)]
    day = procedure.verified([first], procedure.working_days_after(MONDAY, 1))
    day = procedure.recommended([first], procedure.working_day(procedure.publicised([first], day)))
    clock(day)
    return city, unit, city.counties["龙泉市"]


def client_of(city, body) -> Client:
    client = Client()
    client.force_login(city.user("forwarder", body))
    return client


def numbers(client) -> dict[str, int]:
    return {str(card.label): card.count for card in client.get("/county/").context["cards"]}


def test_cards_and_figures_of_the_own_units(told, django_assert_max_num_queries):
    city, unit, county = told
    client = client_of(city, county)
    seals.propose(unit)
    with django_assert_max_num_queries(15):
        page = client.get("/county/")
    assert numbers(client) == {
        "件待转报或审核": 1, "件认定待办理": 0, "家单位待批准": 0, "枚单位电子印章待核准": 1,
        "家事业单位未核定岗位结构": 0, "件学校自主评聘事项待决定": 0, "项评审计划待部署": 1,
    }  # fmt: skip
    assert [row["unit"] for row in page.context["units"]] == [unit.name]
    assert [n for _label, n in page.context["units"][0]["numbers"]] == [2, 1, 0, 0, 0, 0, 0]
    other = client_of(city, city.counties["青田县"])
    assert numbers(other)["件待转报或审核"] == numbers(other)["枚单位电子印章待核准"] == 0
    assert unit.name not in other.get("/county/").content.decode()


def test_the_figures_as_a_workbook_name_no_person(told):
    city, unit, county = told
    answer = client_of(city, county).get("/county/figures/units.xlsx?year=2026")
    rows = [list(row) for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)]
    assert next(row for row in rows if unit.name in row)[-7:] == [2, 1, 0, 0, 0, 0, 0]
    assert client_of(city, county).get("/county/figures/people.xlsx").status_code == 404


def test_a_department_has_no_county(clock):
    clock(MONDAY)
    city, _cycle = a_cycle(MONDAY.year, committees=("forestry",))
    assert client_of(city, next(iter(city.departments.values()))).get("/county/").status_code == 403
