"""Where do I apply? The table of domain.md §5.1; where the notice is silent the answer says so and cites nothing."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from committees.plans.models import Committee, CommitteeScope, Series, Subfield
from committees.plans.rules import Action, Reason, determined_with, where_to_apply
from committees.plans.services import load_register

pytestmark = pytest.mark.django_db
DAY = dt.date(2018, 6, 1)
SECTORS = {
    "agriculture": "101",
    "traffic": "102",
    "water": "103",
    "quality": "104",
    "special-equipment": "105",
    "safety": "106",
    "pharmaceutical": "107",
    "radio-tv": "108",
    "forestry": "109",
}
ENTERPRISE_ONLY = (
    "construction",
    "machinery",
    "energy",
    "textile",
    "petrochemical",
    "electronics",
    "geology",
    "environment",
)


def ask(subfield, level="intermediate", employer="enterprise", *, series="工程技术", day=DAY):
    field = Subfield.objects.get(code=subfield) if subfield else None
    return where_to_apply(Series.objects.get(name=series), field, level, employer, day)


@pytest.fixture(autouse=True)
def _register(db):
    load_register()


@pytest.mark.notice("II.3.a")
def test_sector_committees_review_engineers_of_enterprises_and_public_institutions():
    for subfield, code in SECTORS.items():
        for employer in ("enterprise", "public_institution"):
            answer = ask(subfield, employer=employer)
            assert (answer.committee.code, answer.action, answer.reason) == (code, Action.REVIEW, Reason.NOTICE)
            assert "II(3)" in answer.citation


@pytest.mark.notice("II.3.a")
def test_sector_committees_recommend_senior_engineers():
    for subfield, code in SECTORS.items():
        answer = ask(subfield, "associate_senior", "public_institution")
        assert (answer.committee.code, answer.action) == (code, Action.RECOMMEND)


@pytest.mark.notice("II.3.b")
def test_the_enterprise_committee_reviews_the_other_fields_for_enterprises_only():
    for subfield in ENTERPRISE_ONLY:
        assert ask(subfield).committee.code == "201"
        silent = ask(subfield, employer="public_institution")
        assert (silent.committee, silent.action, silent.reason, silent.citation) == (
            None,
            Action.ASK,
            Reason.NOT_STATED,
            "",
        )
        assert ask(subfield, "associate_senior").action == Action.ASK


def test_what_the_bureau_set_is_never_cited():
    answer = ask("forestry", employer="social")
    assert (answer.committee.code, answer.reason, answer.citation) == ("109", Reason.BUREAU, "")


@pytest.mark.parametrize("level", ["technician", "assistant", "intermediate"])
@pytest.mark.notice("V.4.b")
def test_examination_instead_of_review(level):
    answer = ask(None, level, series="会计")
    assert (answer.committee, answer.action) == (None, Action.EXAM)
    assert "V(4)" in answer.citation


def test_senior_titles_of_exam_series_stay_open_and_old_days_cite_nothing():
    senior = ask(None, "associate_senior", series="会计")
    assert (senior.committee.code, senior.action, senior.reason) == ("301", Action.REVIEW, Reason.BUREAU)
    assert senior.citation == ""
    assert ask(None, "associate_senior", series="统计").action == Action.ASK
    assert ask("software").action == Action.EXAM
    assert ask(None, series="会计", day=dt.date(2017, 6, 1)).citation == ""


def test_autonomous_units_decide_themselves_and_other_series_are_not_stated():
    assert ask(None, series="高等学校教师", employer="autonomous").action == Action.AUTONOMOUS
    assert ask(None, series="中小学教师", employer="public_institution").action == Action.ASK


def test_a_day_outside_the_scope_gives_no_answer():
    assert ask("forestry", day=dt.date(2017, 12, 31)).action == Action.ASK
    CommitteeScope.objects.filter(committee__code="109").update(valid_to=dt.date(2018, 5, 31))
    assert ask("forestry").action == Action.ASK


def test_a_committee_whose_term_is_over_is_named_with_the_day_it_ended(client, clock):
    committee = Committee.objects.get(code="109")
    assert ask("forestry").term_over is None  # whose terms were never entered is not said to be over
    for first, last in ((dt.date(2012, 3, 1), dt.date(2015, 2, 28)), (dt.date(2015, 3, 1), dt.date(2018, 2, 28))):
        committee.terms.create(starts_on=first, ends_on=last, status="approved")
    committee.terms.create(starts_on=DAY, ends_on=dt.date(2021, 5, 31), status="draft")
    assert ask("forestry", day=dt.date(2018, 2, 28)).term_over is None
    over = ask("forestry", day=dt.date(2018, 3, 1))
    assert (over.committee, over.term_over) == (committee, dt.date(2018, 2, 28))
    clock(DAY)
    asked = {"series": Series.objects.get(name="工程技术").pk, "employer": "enterprise", "level": "intermediate"}
    asked["subfield"] = Subfield.objects.get(code="forestry").pk
    page = client.get(reverse("plans:where"), asked).content.decode()
    assert "该评委会的任期已于 2018-02-28 届满" in page
    committee.terms.create(starts_on=DAY, ends_on=dt.date(2021, 5, 31), status="approved")
    assert ask("forestry").term_over is None
    assert "届满" not in client.get(reverse("plans:where"), asked).content.decode()


def test_a_determination_is_asked_for_where_the_field_is_kept():
    """No committee reviews engineers of the assistant level, and none is needed where a bureau decides."""
    series, forestry = Series.objects.get(name="工程技术"), Subfield.objects.get(code="forestry")
    assert ask("forestry", "assistant").action == Action.ASK
    assert determined_with(series, forestry, "enterprise", DAY).code == "109"
    assert determined_with(series, Subfield.objects.get(code="machinery"), "public_institution", DAY) is None
    Committee.objects.filter(code="109").update(status="suspended")
    assert determined_with(series, forestry, "enterprise", DAY) is None


def test_the_more_specific_scope_wins():
    committee = Committee.objects.get(code="201")
    series = Series.objects.get(name="工程技术")
    CommitteeScope.objects.create(
        committee=committee, series=series, level="intermediate", action="review", valid_from=DAY
    )
    assert ask("forestry").committee.code == "109"
    general = ask("machinery", employer="public_institution")
    assert (general.committee.code, general.reason) == ("201", Reason.BUREAU)


def test_one_answer_for_each_question_and_day():
    scope = CommitteeScope.objects.get(
        committee__code="109", level="intermediate", employer_kind="enterprise", action="review"
    )
    same = {name: getattr(scope, name) for name in ("series", "subfield", "level", "employer_kind", "action")}
    other = Committee.objects.get(code="201")
    with pytest.raises(IntegrityError, match="scope_once"), transaction.atomic():
        CommitteeScope.objects.create(committee=other, valid_from=DAY, **same)
    general = {**same, "subfield": None}
    CommitteeScope.objects.create(committee=other, valid_from=DAY, **general)
    with pytest.raises(IntegrityError, match="scope_once"), transaction.atomic():
        CommitteeScope.objects.create(committee=scope.committee, valid_from=DAY, **general)
