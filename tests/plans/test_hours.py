"""Class hours asked for year by year (R-11): who enters them, and what a declaration then lacks."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Declaration
from applications.rules.submission import hours_met
from appraisal_portal.home.story import declare
from appraisal_portal.kernel.workflow import Act
from committees.plans.models import HoursRequirement, Industry
from tests.factories.plans import a_cycle

DAY = dt.date(2026, 3, 2)
ROW = {"year": 2025, "hours": 20, "subjects": "生态文明建设", "document": "丽人社〔2025〕8号"}


@pytest.fixture
def told(clock):
    clock(DAY)
    city, cycle = a_cycle(DAY.year, committees=("forestry",))
    draft = declare.draft(city, cycle, 7, line=cycle.line("forestry"))
    draft.learning_hours.filter(year=2025).update(professional=62, industry=12, general=18, other=0)
    return city, draft


def missing(draft):
    return [str(problem) for problem in hours_met(Declaration.objects.get(pk=draft.pk), Act(None, None))]


def enter(city, **row):
    return HoursRequirement.objects.create(**{**ROW, **row}, entered_by=city.user("bureau_reviewer"))


@pytest.mark.django_db
@pytest.mark.notice("V.3.b")
def test_r11_general_subjects_of_the_bureau(told):
    city, draft = told
    assert missing(draft) == []
    row = enter(city, kind="general")
    assert missing(draft) == ["2025 年：生态文明建设还差 2 学时（已填 18，至少 20；丽人社〔2025〕8号）。"]
    row.hours = 18
    row.save()
    assert missing(draft) == []
    enter(city, kind="general", year=2020)  # a year that does not count
    assert missing(draft) == []


@pytest.mark.django_db
@pytest.mark.notice("V.3.c")
def test_r11_professional_subjects_only_of_the_own_industry(told):
    city, draft = told
    department = next(iter(city.departments.values()))
    own = Industry.objects.create(series=draft.series, subfield=draft.subfield, department=department)
    other = Industry.objects.create(
        series=draft.series, subfield=draft.series.subfields.exclude(pk=draft.subfield_id).first(),
        department=department,
    )  # fmt: skip
    enter(city, kind="professional", industry=other, hours=90)
    assert missing(draft) == []
    enter(city, kind="professional", industry=own, hours=72)
    assert len(missing(draft)) == 1
    assert "还差 10 学时" in missing(draft)[0]


@pytest.mark.django_db
def test_r11_the_line_says_how_many_years_count(told):
    city, draft = told
    enter(city, kind="general", year=2023, hours=900)
    assert missing(draft)
    draft.line.counted_years = 2
    draft.line.save()
    assert missing(draft) == []


@pytest.mark.django_db
def test_each_enters_the_own_rows_and_nobody_else_any(told):
    city, draft = told
    bodies = list(city.departments.values())
    Industry.objects.create(series=draft.series, subfield=draft.subfield, department=bodies[0])

    def ask(role, body, name, data=None, *args):
        client = Client()
        client.force_login(city.user(role, body))
        url = reverse(f"plans:{name}", args=args)
        return client.post(url, data) if data is not None else client.get(url)

    bureau = ("bureau_reviewer", city.bureau)
    assert ask(*bureau, "hours-new", ROW).status_code == 302
    again = ask(*bureau, "hours-new", ROW)
    assert again.status_code == 422
    assert "这一年已有要求" in again.content.decode()
    industry = Industry.objects.get()
    assert ask("forwarder", bodies[1], "hours-new", {**ROW, "industry": industry.pk}).status_code == 422
    assert ask("forwarder", bodies[0], "hours-new", {**ROW, "industry": industry.pk}).status_code == 302
    professional = HoursRequirement.objects.get(kind="professional")
    assert ask("forwarder", bodies[1], "hours-edit", None, professional.pk).status_code == 403
    assert ask(*bureau, "hours-edit", None, professional.pk).status_code == 403
    county = next(iter(city.counties.values()))
    assert ask("forwarder", county, "hours-new").status_code == 403
    new = reverse("plans:hours-new")
    assert new in ask("forwarder", bodies[0], "hours-list").content.decode()
    unnamed = ask("forwarder", bodies[1], "hours-list").content.decode()
    assert new not in unnamed
    assert "请联系市人力社保局" in unnamed
    assert f"{industry} · {bodies[0]}" in unnamed  # who enters the others stands there for everybody
    assert "尚未指定主管部门。" not in unnamed
    page = ask("forwarder", bodies[0], "hours-list").content.decode()
    assert "丽人社〔2025〕8号" in page
    assert "每年不少于 90 学时" in page
    assert ask("supervisor", None, "hours-list").status_code == 200
    wrong = ask(*bureau, "hours-new", {**ROW, "year": 1999, "hours": 0})
    assert wrong.status_code == 422
    assert "生态文明建设" in wrong.content.decode()
