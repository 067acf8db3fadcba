"""The register loads from its data files, a second time changes nothing; titles exist on their days only."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from committees.plans.models import Committee, Series, Title
from committees.plans.services import load_register

pytestmark = pytest.mark.django_db


def test_loads_all_series_and_repeats_without_change(capsys):
    first = load_register()
    assert first.made["series"] == 27
    assert first.made["committee"] == 12
    again = load_register()
    assert (again.made, again.changed) == ({}, {})
    call_command("load_register")
    assert "nothing to do" in capsys.readouterr().out


def test_a_changed_file_changes_the_row():
    load_register()
    Title.objects.filter(name="工程师").update(name_en="something else")
    assert load_register().changed == {"title": 1}
    assert Title.objects.get(name="工程师").name_en == "engineer"


def test_a_broken_file_writes_nothing(tmp_path):
    (tmp_path / "register.toml").write_text("valid_from = 2018-01-01\n[[series]]\nnumber = 1\n")
    (tmp_path / "committees.toml").write_text("valid_from = 2018-01-01\n")
    with pytest.raises(KeyError):
        load_register(tmp_path)
    assert not Series.objects.exists()


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (dt.date(2018, 6, 1), "教授级高级工程师"),
        (dt.date(2019, 1, 31), "教授级高级工程师"),
        (dt.date(2019, 2, 1), "正高级工程师"),
        (dt.date(2026, 6, 1), "正高级工程师"),
    ],
)
def test_the_senior_engineers_title_depends_on_the_day(day, name):
    load_register()
    series = Series.objects.get(name="工程技术")
    assert [title.name for title in series.titles_on(day).filter(level="senior")] == [name]


@pytest.mark.parametrize(
    ("series", "level", "by_exam"),
    [
        ("会计", "intermediate", True),
        ("会计", "associate_senior", False),
        ("卫生技术", "assistant", True),
        ("翻译", "intermediate", True),
        ("工程技术", "intermediate", False),
    ],
)
def test_levels_reached_by_examination(series, level, by_exam):
    load_register()
    found = Series.objects.get(name=series)
    assert found.by_exam(level) is by_exam
    assert {title.by_exam for title in found.titles.filter(level=level)} == {by_exam}


def test_a_title_stands_once_on_a_day():
    load_register()
    series = Series.objects.get(name="工程技术")
    with pytest.raises(IntegrityError, match="title_once"), transaction.atomic():
        Title.objects.create(series=series, level="senior", name="正高级工程师", valid_from=dt.date(2026, 1, 1))
    # the name may stand again for other days
    span = {"valid_from": dt.date(2017, 1, 1), "valid_to": dt.date(2017, 12, 31)}
    Title.objects.create(series=series, level="senior", name="正高级工程师", **span)


def test_committee_codes_have_three_digits():
    load_register()
    office = Committee.objects.first().office
    with pytest.raises(IntegrityError, match="committee_code_digits"), transaction.atomic():
        Committee.objects.create(name="x", code="1a", office=office, top_level="intermediate")
    with pytest.raises(IntegrityError, match="committee_pass_fraction"), transaction.atomic():
        Committee.objects.create(name="x", code="999", office=office, top_level="intermediate", pass_num=4, pass_den=3)
