"""Every guard of handing in: one passing and one failing example, the words, where to mend it and the rule cited."""

import datetime as dt
from typing import Any

import pytest

from applications.models import Declaration, Sanction, Signature
from applications.rules import course, form, submission, ways
from applications.services import signing
from applications.workflow import DECLARATION
from appraisal_portal import law
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.workflow import Act, Problem
from tests.factories.applications import a_draft

pytestmark = pytest.mark.django_db
World = tuple[City, Cycle]


@pytest.fixture
def draft(world: World) -> Declaration:
    """Complete, unsigned, forestry at a public institution."""
    city, cycle = world
    unit = next(u for u in city.units if u.name == "龙泉市凤阳山林场")
    return a_draft(city, cycle, 1, unit=unit, line=cycle.line("forestry"))


def ask(guard: Any, declaration: Declaration, **data: Any) -> list[Problem]:
    """What the guard finds at an attempt to submit today."""
    return list(guard(declaration, Act(declaration.applicant.user, DECLARATION.transitions["submit"], data=data)))


def test_window_open(draft: Declaration) -> None:
    assert ask(submission.window_open, draft) == []
    with clock.travel(draft.line.closes_on):
        assert ask(submission.window_open, draft) == []  # until 24:00 of the last day
    with clock.travel(draft.line.closes_on + dt.timedelta(days=1)):
        assert draft.line.closes_on.isoformat() in str(ask(submission.window_open, draft)[0])
    with clock.travel(draft.line.opens_on - dt.timedelta(days=1)):
        assert len(ask(submission.window_open, draft)) == 1


def test_strict_form_complete(draft: Declaration) -> None:
    assert ask(form.strict_form_complete, draft) == []
    draft.ethnicity = ""
    draft.achievements.first().delete()
    draft.photos.update(current=False)
    draft.materials.filter(code="diploma").update(removed=True)
    fields = {problem.field for problem in ask(form.strict_form_complete, draft)}
    assert fields == {"person.ethnicity", "photo", "attachments.diploma"}


def test_strict_form_refuses_the_impossible(draft: Declaration) -> None:
    draft.specialty_years = 50
    job = draft.work_history.get()
    draft.work_history.create(starts_on=job.starts_on + dt.timedelta(days=90), unit_name="另一单位", post="技术员")
    texts = [str(problem) for problem in ask(form.strict_form_complete, draft)]
    assert any("50" in text for text in texts)
    assert any("另一单位" in text for text in texts)
    draft.work_history.filter(unit_name="另一单位").update(secondary=True)
    draft.specialty_years = 3
    assert ask(form.strict_form_complete, draft) == []


def test_employment_confirmed(draft: Declaration) -> None:
    assert ask(submission.employment_confirmed, draft) == []
    draft.unit_id = draft.unit.forwarder_id
    assert ask(submission.employment_confirmed, draft)[0].field == "employment"


def test_undertaking_signed(draft: Declaration) -> None:
    (problem,) = ask(submission.undertaking_signed, draft)
    assert (problem.field, problem.basis) == ("undertaking", "undertaking.four_marks")
    signing.sign_confirmed(draft, Signature.Mark.APPLICANT, draft.applicant.user)
    assert ask(submission.undertaking_signed, draft) == []
    draft.learning_hours.update(other=7)
    assert len(ask(submission.undertaking_signed, draft)) == 1  # signed over something else


def test_not_civil_servant_each_source_alone(draft: Declaration) -> None:
    assert ask(submission.not_civil_servant, draft) == []
    draft.staff_kind = "civil_servant"
    (problem,) = ask(submission.not_civil_servant, draft)
    assert (problem.field, problem.basis) == ("person.staff_kind", "civil_servants.excluded")
    draft.staff_kind = "staff"
    draft.unit.employer_kind = "reference_managed"
    assert draft.unit.name in str(ask(submission.not_civil_servant, draft)[0])


def test_not_civil_servant_contradiction_names_both(draft: Declaration) -> None:
    employment = draft.applicant.employments.get()
    employment.confirmed_kind = "civil_servant"
    employment.save()
    (problem,) = ask(submission.not_civil_servant, draft)
    assert str(draft.get_staff_kind_display()) in str(problem)
    assert str(employment.get_confirmed_kind_display()) in str(problem)
    draft.staff_kind = "civil_servant"
    assert len(ask(submission.not_civil_servant, draft)) == 1  # both agree: still refused, once


def test_not_retired(draft: Declaration) -> None:
    assert ask(submission.not_retired, draft) == []
    draft.retired = True
    assert ask(submission.not_retired, draft)[0].basis == "retired.excluded"


def test_not_under_punishment(draft: Declaration) -> None:
    assert ask(submission.not_under_punishment, draft) == []
    draft.under_punishment, draft.punished_until = True, clock.today()
    assert ask(submission.not_under_punishment, draft)[0].basis == "punished.excluded"
    draft.punished_until = clock.today() - dt.timedelta(days=1)
    assert ask(submission.not_under_punishment, draft) == []
    draft.punished_until = None
    assert len(ask(submission.not_under_punishment, draft)) == 1
    draft.unit.employer_kind = "enterprise"
    assert ask(submission.not_under_punishment, draft) == []


def test_order_40_is_never_cited_in_2018(draft: Declaration) -> None:
    draft.line.opens_on, draft.line.rule_set = dt.date(2018, 6, 1), "2018"
    draft.retired = draft.under_punishment = True
    assert ask(submission.not_retired, draft) == []
    assert ask(submission.not_under_punishment, draft) == []
    draft.staff_kind = "civil_servant"
    (problem,) = ask(submission.not_civil_servant, draft)
    assert law.cite(problem.basis, submission.law_day(draft))
    assert submission.law_day(draft) < dt.date(2019, 9, 1)


@pytest.mark.parametrize(
    ("level", "refused"), [("assistant", True), ("intermediate", True), ("associate_senior", False)]
)
def test_not_exam_only(draft: Declaration, level: str, refused: bool) -> None:
    assert ask(submission.not_exam_only, draft) == []
    draft.line.level = level
    draft.series.by_exam_levels = ["technician", "assistant", "intermediate", "associate_senior"]
    found = ask(submission.not_exam_only, draft)
    assert bool(found) is refused
    assert all(problem.basis == "exam_series.no_appraisal" for problem in found)


@pytest.mark.parametrize(
    ("professional", "industry", "general", "other", "missing"),
    [
        (60, 9, 9, 12, []),
        (60, 0, 18, 12, []),  # industry and general count together
        (60, 9, 9, 11, [1]),
        (59, 20, 20, 0, [1]),
        (75, 9, 8, 0, [1]),
        (54, 9, 9, 0, [18, 6]),
        (0, 0, 0, 0, [90, 60, 18]),
    ],
)
def test_hours_met(
    draft: Declaration, professional: int, industry: int, general: int, other: int, missing: list[int]
) -> None:
    draft.learning_hours.filter(year=2025).update(
        professional=professional, industry=industry, general=general, other=other
    )
    found = ask(submission.hours_met, draft)
    assert [problem.field for problem in found] == ["hours.2025"] * len(missing)
    assert all(problem.basis == "education.hours" for problem in found)
    for problem, number in zip(found, missing, strict=True):
        assert str(number) in str(problem)  # says how far off


def test_hours_of_each_year(draft: Declaration) -> None:
    draft.learning_hours.filter(year=2024).delete()
    assert [problem.field for problem in ask(submission.hours_met, draft)] == ["hours.2024"]


def test_hours_each_kind_by_setting(draft: Declaration, settings: Any) -> None:
    draft.learning_hours.filter(year=2025).update(professional=70, industry=20, general=2, other=0)
    assert ask(submission.hours_met, draft) == []
    settings.PORTAL_EDUCATION_HOURS_EACH = True
    draft.learning_hours.exclude(year=2025).update(industry=18, general=18)
    assert len(ask(submission.hours_met, draft)) == 1


@pytest.mark.parametrize(("review_year", "refused"), [(2022, False), (2023, True), (2025, True), (2026, False)])
def test_no_standing_sanction(draft: Declaration, review_year: int, refused: bool) -> None:
    ban = Sanction.objects.create(
        person=draft.applicant,
        ground="业绩材料不实",
        review_year=review_year,
        from_year=review_year + 1,
        to_year=review_year + 3,
        status="in_force",
    )
    found = ask(submission.no_standing_sanction, draft)
    assert bool(found) is refused
    if refused:
        assert found[0].basis == "falsification.ban_years"
        assert str(ban.to_year) in str(found[0])


def test_a_ban_that_is_not_in_force_stops_nobody(draft: Declaration) -> None:
    Sanction.objects.create(
        person=draft.applicant, ground="x", review_year=2025, from_year=2026, to_year=2028, status="proposed"
    )
    assert ask(submission.no_standing_sanction, draft) == []


@pytest.mark.parametrize(
    ("route", "target", "held", "fine"),
    [
        ("regular", "intermediate", "assistant", True),
        ("regular", "intermediate", "none", False),
        ("regular", "associate_senior", "assistant", False),
        ("regular", "assistant", "none", True),
        ("preliminary", "assistant", "none", True),
        ("preliminary", "intermediate", "none", False),  # a bachelor reaches the assistant level
        ("preliminary", "intermediate", "assistant", False),
        ("transfer", "intermediate", "intermediate", True),
        ("transfer", "intermediate", "assistant", False),
        ("exceptional", "associate_senior", "assistant", False),  # no expert has recommended yet
    ],
)
def test_route_conditions(draft: Declaration, route: str, target: str, held: str, fine: bool) -> None:
    draft.route, draft.line.level = route, target
    draft.held_titles.update(level=held, series="农业技术" if route == "transfer" else "工程技术")
    assert (ask(submission.route_conditions, draft) == []) is fine


def test_a_doctor_reaches_the_intermediate_level_at_once(draft: Declaration) -> None:
    draft.held_titles.update(level="none")
    draft.educations.update(degree="doctor")
    assert ask(submission.route_conditions, draft) == []


def test_years_the_standard_asks_for(draft: Declaration) -> None:
    held = draft.held_titles.get()
    needed = ways.years_between(held.obtained_on, draft.line.counted_to)
    draft.standard_version.questions = [{"years_in_title": needed}]
    assert ask(submission.route_conditions, draft) == []
    draft.standard_version.questions = [{"years_in_title": needed + 1}]
    assert ask(submission.route_conditions, draft)[0].field == f"title.{held.pk}"


def test_committee_in_scope(draft: Declaration, world: World) -> None:
    assert ask(submission.committee_in_scope, draft) == []
    assert len(ask(submission.committee_in_scope, draft, line=world[1].line("enterprise"))) == 1
    draft.title.level = "assistant"
    assert ask(submission.committee_in_scope, draft)[0].field == "application"


def test_no_second_declaration(draft: Declaration) -> None:
    assert ask(submission.no_second_declaration, draft) == []
    other = Declaration(applicant=draft.applicant, year=draft.year, series=draft.series)
    assert str(draft) in str(ask(submission.no_second_declaration, other)[0])


def test_everything_that_is_wrong_is_said_at_once(draft: Declaration) -> None:
    draft.learning_hours.all().delete()
    draft.retired = True
    Declaration.objects.filter(pk=draft.pk).update(retired=True)
    bases = {problem.basis for problem in DECLARATION.problems(draft, "submit", actor=draft.applicant.user)}
    assert {"education.hours", "retired.excluded", "undertaking.four_marks"} <= bases


def test_reason_given_unless_a_draft(draft: Declaration) -> None:
    assert ask(course.reason_given, draft) == []
    draft.status = "with_unit"
    assert len(ask(course.reason_given, draft)) == 1
