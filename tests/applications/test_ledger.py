"""The ledger of class hours (R-11): per counted year and kind what is demanded and by what, entered, missing."""

import re
from typing import Any

import pytest
from django.test import Client

from applications.models import Declaration
from applications.rules.ledger import Year, ledger
from applications.rules.submission import law_day
from appraisal_portal.home.story import declare
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from committees.plans.models import HoursRequirement, Industry
from tests.applications.steps import section, url

pytestmark = pytest.mark.django_db
World = tuple[City, Cycle]


@pytest.fixture
def demanded(world: World, draft: Declaration) -> Declaration:
    """A row of the bureau for 2025 and one of the department of the industry for 2024; nothing entered for 2023."""
    city, department = world[0], next(iter(world[0].departments.values()))
    industry = Industry.objects.create(series=draft.series, subfield=draft.subfield, department=department)
    both = {"entered_by": city.user("bureau_reviewer")}
    HoursRequirement.objects.create(
        year=2025, kind="general", hours=20, subjects="生态文明建设", document="丽人社〔2025〕8号", **both
    )
    HoursRequirement.objects.create(
        year=2024,
        kind="professional",
        industry=industry,
        hours=66,
        subjects="森林防火",
        document="丽林〔2024〕3号",
        **both,
    )
    draft.learning_hours.filter(year=2023).delete()
    draft.learning_hours.filter(year=2024).update(professional=60, industry=12, general=18, other=0)
    draft.learning_hours.filter(year=2025).update(professional=62, industry=12, general=18, other=0)
    return draft


def of(declaration: Declaration) -> list[Year]:
    fresh = Declaration.objects.get(pk=declaration.pk)
    return ledger(fresh, law_day(fresh))


def rows_of(html: str) -> list[list[str]]:
    """The words of the cells of the ledger's table."""
    [table] = re.findall(r"<table[^>]*>\s*<caption>要求、已填和还差的学时.*?</table>", html, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def test_r11_each_demand_with_its_document(demanded: Declaration) -> None:
    years = of(demanded)
    assert [(year.year, year.entered) for year in years] == [(2023, False), (2024, True), (2025, True)]
    assert [(row.least, row.has, row.missing) for row in years[0].demands] == [(90, 0, 90), (60, 0, 60), (18, 0, 18)]
    industry, bureau = years[1].demands[-1], years[2].demands[-1]
    assert (industry.least, industry.has, industry.missing, industry.source) == (66, 60, 6, "丽林〔2024〕3号")
    assert (bureau.least, bureau.has, bureau.missing, bureau.source) == (20, 18, 2, "丽人社〔2025〕8号")
    assert {row.basis for row in (industry, bureau)} == {""}


def test_r11_the_plan_line_says_which_years_count(demanded: Declaration) -> None:
    demanded.line.counted_years = 1
    demanded.line.save()
    assert [year.year for year in of(demanded)] == [2025]


def test_r11_each_kind_by_itself_where_the_bureau_reads_it_so(demanded: Declaration, settings: Any) -> None:
    settings.PORTAL_EDUCATION_HOURS_EACH = True
    assert [(row.least, row.has) for row in of(demanded)[2].demands[:4]] == [(90, 92), (60, 62), (18, 12), (18, 18)]


def test_the_table_stands_on_every_page_that_shows_the_claim(world: World, mine: Client, demanded: Declaration) -> None:
    demanded.refresh_from_db()
    page = mine.get(section(demanded, "hours")).content.decode()
    rows = rows_of(page)
    assert len(rows) == 11
    assert rows[0][:5] == ["2023", "总学时", "90", "0", "90"]
    assert rows[6] == ["2024", "专业科目 森林防火", "66", "60", "6", "丽林〔2024〕3号"]
    assert rows[10] == ["2025", "一般公需科目 生态文明建设", "20", "18", "2", "丽人社〔2025〕8号"]
    assert page.count('<svg width="300"') == 11  # a bar for each demand, also of the year without a row
    assert rows_of(mine.get(url("my-check", demanded.pk)).content.decode()) == rows
    HoursRequirement.objects.all().delete()
    data = {"professional": 62, "industry": 12, "general": 18, "other": 0}
    for year in (2023, 2024, 2025):
        demanded.learning_hours.update_or_create(year=year, defaults=data)
    declare.submit(demanded)
    clerk = Client()
    clerk.force_login(world[0].user("unit_clerk", demanded.unit))
    seen = rows_of(clerk.get(url("unit-declaration", demanded.pk)).content.decode())
    assert [row[2:5] for row in seen[:3]] == [["90", "92", "0"], ["60", "62", "0"], ["18", "30", "0"]]
