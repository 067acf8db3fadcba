"""Random drafts through the real pages (hypothesis): saving never fails, handing in passes or lists every fault.

The oracle reads the rows by itself and knows the 2-1 form and the rules of domain.md §2 (R-10, R-11, R-13, R-14) from
their text; it asks no guard. It judges by section, for a section with a fault must be named and one without must not.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications.forms.standard import TableField
from applications.models import Declaration
from applications.services import drafts
from applications.workflow import DECLARATION
from appraisal_portal import law
from appraisal_portal.home.story import declare
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock
from tests.applications.conftest import DAY
from tests.applications.steps import read, section, url

World = tuple[City, Cycle]
NOT_JUDGED = ("photo", "attachments", "way", "class", "relief")
PAGES = [name for name in drafts.SECTIONS if name not in NOT_JUDGED]
LADDER = ["none", "technician", "assistant", "intermediate", "associate_senior", "senior"]
ENTERPRISE = "201"  # whose standard in the story asks questions of every kind and has a self-scoring sheet
CIVIL = ("civil_servant", "reference_managed")

WILD_TEXT = st.one_of(
    st.just(""),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=40),
    st.sampled_from(["买买提・阿不都拉", "𪛖𠮷〇", "<b onclick=x>", "a" * 5000, "\x00", "%s {obj}", "\u202e右"]),
)
WILD_DAY = st.one_of(
    st.just(""),
    st.dates(dt.date(1950, 1, 1), dt.date(2030, 12, 31)).map(str),
    st.sampled_from(["2026-02-30", "昨天", "0000-00-00", "99999-01-01", "2025-13-01"]),
)
WILD_NUMBER = st.one_of(
    st.just(""), st.integers(0, 120).map(str), st.integers(-(10**12), 10**12).map(str), st.text(max_size=4)
)


def values_for(field: forms.Field) -> st.SearchStrategy[Any]:
    """What somebody, or some program, may send for the field."""
    if isinstance(field, forms.MultipleChoiceField):
        return st.lists(st.sampled_from([*(str(key) for key, _words in field.choices), "无此选项"]), max_size=4)  # type: ignore[misc]
    if isinstance(field, forms.ChoiceField):
        return st.sampled_from([*(str(key) for key, _words in field.choices), "无此选项"])  # type: ignore[misc]
    if isinstance(field, forms.DateField):
        return WILD_DAY
    if isinstance(field, forms.IntegerField):
        return WILD_NUMBER
    if isinstance(field, forms.BooleanField):
        return st.sampled_from(["", "on"])
    return WILD_TEXT


# -- the oracle --------------------------------------------------------------------------------------------------------


def faults(row: Declaration) -> set[str]:
    """Sections in which something is missing or against a rule; "way" stands for the level-by-level rule."""
    years = [row.year - back for back in (3, 2, 1)]
    years = [year for year in years if row.work_started_on is None or year > row.work_started_on.year]
    there = {name for name in PAGES if _has_fault(row, name, years)}
    held = [title.level for title in row.held_titles.all() if title.level in LADDER]
    highest = max(held, key=LADDER.index, default="none")
    doctor = row.educations.filter(degree="doctor").exists()
    step = LADDER.index(row.line.level) - LADDER.index(highest)
    if not (step == 1 or (doctor and row.line.level == "intermediate" and step > 0)):
        there.add("way")
    return there


def _has_fault(row: Declaration, name: str, years: list[int]) -> bool:
    return bool(globals()[f"_{name}"](row, years))


def _future(*days: dt.date | None) -> bool:
    return any(day is not None and day > DAY for day in days)


def _person(row: Declaration, _years: list[int]) -> bool:
    texts = (row.ethnicity, row.current_post, row.current_specialty, row.staff_kind)
    if not all(texts) or None in (row.work_started_on, row.specialty_years, row.retired, row.under_punishment):
        return True
    born, began = row.applicant.birth_date, row.work_started_on
    too_young = (began.year - born.year) - ((began.month, began.day) < (born.month, born.day)) < 15
    barred = row.under_punishment and row.unit.employer_kind == "public_institution"
    barred = barred and (row.punished_until is None or row.punished_until >= DAY)
    return (
        too_young
        or _future(began, row.current_post_since)
        or row.specialty_years > DAY.year - began.year + 1
        or row.staff_kind in CIVIL
        or bool(row.retired)
        or barred
    )


def _education(row: Declaration, _years: list[int]) -> bool:
    rows = list(row.educations.all())
    return not rows or any(not (e.school and e.major and e.finished_on) or _future(e.finished_on) for e in rows)


def _title(row: Declaration, _years: list[int]) -> bool:
    rows = list(row.held_titles.all())
    return not rows or any(
        (t.level != "none" and not (t.name and t.series and t.obtained_on and t.authority))
        or _future(t.obtained_on, t.appointed_on)
        for t in rows
    )


def _hours(row: Declaration, years: list[int]) -> bool:
    there = {hours.year: hours for hours in row.learning_hours.all()}
    for year in years:
        hours = there.get(year)
        if hours is None:
            return True
        common = hours.industry + hours.general
        if hours.professional < 60 or common < 18 or hours.professional + common + hours.other < 90:
            return True
    return False


def _experience(row: Declaration, _years: list[int]) -> bool:
    rows = list(row.work_history.all())
    if not rows or any(not (w.starts_on and w.unit_name and w.post) or _future(w.starts_on) for w in rows):
        return True
    main = sorted((w.starts_on, w.ends_on) for w in rows if not w.secondary and w.ends_on) + [
        (w.starts_on, None) for w in rows if not w.secondary and not w.ends_on
    ]
    main.sort(key=lambda span: span[0])
    return any(before[1] is None or before[1] > after[0] for before, after in zip(main, main[1:], strict=False))


def _achievements(row: Declaration, _years: list[int]) -> bool:
    rows = list(row.achievements.all())
    proved = {m.code.split(".")[0] for m in row.materials.filter(removed=False, superseded_by=None)}
    return not rows or any(
        not (a.title and a.role and a.reached_on) or _future(a.reached_on) or f"achievement-{a.pk}" not in proved
        for a in rows
    )


def _assessments(row: Declaration, years: list[int]) -> bool:
    return not set(years) <= {a.year for a in row.assessments.all()}


def _representative(row: Declaration, _years: list[int]) -> bool:
    return not (row.representative_title and row.representative_text)


def _files(row: Declaration) -> set[str]:
    return {m.code.split(".")[0] for m in row.materials.filter(removed=False, superseded_by=None)}


def _questions(row: Declaration, _years: list[int]) -> bool:
    """The oracle of the enterprise standard of the story, written from its text; forestry asks two long texts."""
    said, files = row.answers, _files(row)
    if row.committee.code != ENTERPRISE:
        return any(not 0 < len(str(said.get(code) or "").strip()) <= 2000 for code in ("performance", "problem"))
    text, problem, table = said.get("role") or "", said.get("problem") or "", said.get("projects_table") or []
    return (
        not 0 < len(text) <= 50
        or not 1 <= len(said.get("fields") or []) <= 3
        or not said.get("post_level")
        or not (said.get("projects") and 0 <= int(said["projects"]) <= 99)
        or not (said.get("benefit") and Decimal(said["benefit"]) >= 0 and "answer-benefit_proof" in files)
        or not (said.get("accepted_on") and said["accepted_on"] >= "2000-01-01")
        or said.get("patent") not in (True, False)
        or (said.get("patent") is True and "answer-patent_grant" not in files)
        or not 1 <= len(table) <= 5
        or any(not all(cells) for cells in table)
        or not 10 <= len(problem) <= 1500
    )


def _self_scoring(row: Declaration, _years: list[int]) -> bool:
    if row.committee.code != ENTERPRISE:
        return False
    entries = {code: Decimal(value) for code, value in row.self_scores.items() if value}
    proved = {code.removeprefix("score-") for code in _files(row)} | {"training"}
    return not entries or any(value > 0 and code not in proved for code, value in entries.items())


# -- the property ------------------------------------------------------------------------------------------------------


def change_something(data: st.DataObject, client: Client, draft: Declaration) -> None:
    """One page with a few values changed: saved, or refused by field with nothing stored."""
    name = data.draw(st.sampled_from([name for name in PAGES if name in drafts.sections_of(draft)]), label="page")
    post, fields = read(client.get(section(draft, name)))
    for field in data.draw(st.lists(st.sampled_from(sorted(fields)), max_size=3, unique=True), label="fields"):
        if isinstance(fields[field], TableField):
            post[f"{field}-{data.draw(st.integers(0, 31))}-{data.draw(st.integers(0, 3))}"] = data.draw(WILD_TEXT)
        else:
            post[field] = data.draw(values_for(fields[field]), label=field)
    before = Declaration.objects.get(pk=draft.pk)
    answer = client.post(section(draft, name), post)
    after = Declaration.objects.get(pk=draft.pk)
    assert answer.status_code in (302, 422), (name, post)
    if answer.status_code == 302:
        assert after.form_version == before.form_version + 1
    else:
        assert answer.context["lines"], (name, post)
        assert (after.form_version, after.content_hash()) == (before.form_version, before.content_hash())


def judge(client: Client, draft: Declaration) -> None:
    """Handing in passes exactly when the oracle finds no fault, and names every section with one."""
    row = Declaration.objects.get(pk=draft.pk)
    expected = faults(row)
    declare.sign(row, "applicant", row.applicant.user)
    problems = DECLARATION.problems(row, "submit", actor=row.applicant.user)
    answer = client.post(url("my-check", draft.pk), {"form_version": row.form_version})
    row.refresh_from_db()
    assert (answer.status_code, row.status) == ((422, "draft") if problems else (302, "with_unit"))
    if problems:
        assert all(str(problem) and problem.field for problem in problems)
        assert len(answer.context["problems"]) == len(problems)
    named = {problem.field.partition(".")[0] for problem in problems}
    way = {"title", "application"} & named
    if "way" in expected:
        assert way, named
        expected = (expected | way) - {"way"} if "title" not in expected else expected - {"way"}
    assert named - {"application"} == expected - {"application"}, (named, expected)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_random_drafts_are_saved_and_judged_in_full(
    mine: Client, mine_scored: Client, draft: Declaration, scored: Declaration, data: st.DataObject
) -> None:
    assert law.value("education.hours", clock.today()) is not None  # the oracle's numbers are those of 2026
    client, row = data.draw(st.sampled_from([(mine, draft), (mine_scored, scored)]), label="standard")
    with transaction.atomic():
        for _time in range(data.draw(st.integers(0, 3), label="pages")):
            change_something(data, client, row)
        judge(client, row)
        transaction.set_rollback(True)
