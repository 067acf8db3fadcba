"""Constraints of the rows, what is visible to whom, roles over time."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from appraisal_portal.accounts import rules, services
from appraisal_portal.accounts.models import Employment, Membership, Organisation, Person, User
from appraisal_portal.accounts.workflow import EMPLOYMENT, ORGANISATION
from appraisal_portal.home.story import people
from appraisal_portal.home.story.city import City
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, WrongState
from tests.factories.accounts import a_city, make_user
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_city)]
TODAY = dt.date(2026, 5, 6)


@pytest.fixture
def city() -> City:
    """The city of the story."""
    return a_city()


def refused_by_database(**row: object) -> None:
    """The database itself refuses the membership."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**row)


def test_a_role_stands_once_at_a_time() -> None:
    """Touching dates overlap, following ones do not; the applicant's role without organisation too."""
    unit = Organisation.objects.create(kind="unit", name="单位", employer_kind="enterprise", status="active")
    user = make_user("a")
    day = dt.date(2026, 1, 1)
    Membership.objects.create(user=user, role="unit_clerk", organisation=unit, starts_on=day, ends_on=TODAY)
    refused_by_database(user=user, role="unit_clerk", organisation=unit, starts_on=TODAY)
    later = TODAY + dt.timedelta(days=1)
    Membership.objects.create(user=user, role="unit_clerk", organisation=unit, starts_on=later)
    Membership.objects.create(user=user, role="applicant", starts_on=day)
    refused_by_database(user=user, role="applicant", starts_on=TODAY)
    refused_by_database(user=make_user("b"), role="unit_clerk")
    refused_by_database(user=make_user("c"), role="applicant", starts_on=TODAY, ends_on=day)


def test_the_operator_holds_no_other_role() -> None:
    """By the service in words, by the trigger when somebody writes past it; after its end another role may follow."""
    bureau = services.founded("city_bureau", "市局")
    user = make_user("ops", "operator", bureau)
    with pytest.raises(Blocked, match="no other role|不能"):
        services.grant(user, "bureau_reviewer", bureau, by=None)
    refused_by_database(user=user, role="bureau_reviewer", organisation=bureau)
    refused_by_database(user=make_user("r", "bureau_reviewer", bureau), role="operator", organisation=bureau)
    services.end_membership(user.acting, by=make_user("boss"), reason="moved")
    assert services.grant(user, "bureau_reviewer", bureau, by=None).pk


def test_nobody_proposes_and_approves_not_as_a_substitute_either() -> None:
    """By the service in words, by the constraint when somebody writes past it; one after the other is allowed."""
    bureau = services.founded("city_bureau", "市局")
    reviewer, approver = make_user("r", "bureau_reviewer", bureau), make_user("a", "bureau_approver", bureau)
    until = clock.today() + dt.timedelta(days=10)
    with pytest.raises(Blocked, match="proposes and approves|不能既"):
        services.grant(reviewer, "bureau_approver", bureau, by=None, ends_on=until, instead_of=approver)
    refused_by_database(user=reviewer, role="bureau_approver", organisation=bureau)
    services.end_membership(reviewer.acting, by=make_user("boss"), reason="moved")
    assert services.grant(reviewer, "bureau_approver", bureau, by=None).pk


def test_a_substitute_has_days_within_those_of_whom_they_stand_in_for() -> None:
    """The acting role in every record says for whom; after the last day it is over by itself."""
    bureau = services.founded("city_bureau", "市局")
    approver, other = make_user("a", "bureau_approver", bureau), make_user("s")
    until = clock.today() + dt.timedelta(days=10)
    given = {"by": None, "reason": "年休假", "instead_of": approver}
    for wrong in (
        {},
        {"ends_on": until, "starts_on": approver.acting.starts_on - dt.timedelta(days=1)},
        {"ends_on": until, "instead_of": make_user("n")},
    ):
        with pytest.raises(Blocked):
            services.grant(other, "bureau_approver", bureau, **{**given, **wrong})
    with pytest.raises(Blocked):
        services.grant(approver, "bureau_approver", bureau, ends_on=until, **given)
    refused_by_database(
        user=make_user("x"), role="bureau_approver", organisation=bureau, stands_in_for=approver.acting, starts_on=TODAY
    )
    row = services.grant(other, "bureau_approver", bureau, ends_on=until, **given)
    assert approver.full_name in str(row)
    assert other.act_as(row).acts_as("bureau_approver")
    with clock.travel(until + dt.timedelta(days=1)):
        assert User.objects.get(pk=other.pk).acting is None


@pytest.mark.parametrize("role", [role for role in Membership.Role.values if role != "applicant"])
def test_a_role_is_held_in_the_right_place(role: str) -> None:
    """Every role but the applicant's is refused in a body of another kind, and fits its own."""
    wrong = Organisation(kind="discipline" if "discipline" not in rules.PLACES[role] else "unit", name="x")
    row = Membership(user_id=1, role=role, organisation=wrong, starts_on=TODAY)
    assert [problem.field for problem in rules.membership_problems(row, [])] == ["organisation"]
    row.organisation = Organisation(kind=rules.PLACES[role][0], name="x")
    assert rules.membership_problems(row, []) == []


def test_roles_over_time() -> None:
    """A role is held from its first to its last day; a chosen one that ended gives way to the oldest valid one."""
    bureau = services.founded("city_bureau", "市局")
    user = make_user("u")
    first = Membership.objects.create(user=user, role="bureau_reviewer", organisation=bureau, starts_on=TODAY)
    second = Membership.objects.create(
        user=user, role="supervisor", organisation=bureau, starts_on=TODAY, ends_on=TODAY + dt.timedelta(days=2)
    )
    with clock.travel(TODAY - dt.timedelta(days=1)):
        assert user.acting is None
        assert not user.acts_as("bureau_reviewer")
    with clock.travel(TODAY + dt.timedelta(days=2)):
        assert user.acting == first
        assert user.act_as(second).acts_as("supervisor")
        assert services.bureau_members("supervisor") == [user]
    with clock.travel(TODAY + dt.timedelta(days=3)):
        assert user.acting == first
        assert services.bureau_members("supervisor") == []
        assert services.members_of(bureau, "bureau_reviewer") == [user]
    with pytest.raises(ValueError, match="somebody else"):
        make_user("v").act_as(first)
    user.frozen_at = clock.now()
    assert not user.acts_as("bureau_reviewer")


def test_a_person_is_stored_once() -> None:
    """Kind and number of the document."""
    who = people.register(3).person
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(
            name="x", id_kind=who.id_kind, id_number=who.id_number, birth_date=TODAY, gender=who.gender
        )


def test_employment(city: City) -> None:
    """Asked once, confirmed by the unit's clerk and nobody else, not by the person, not twice."""
    unit, other = city.unit(0), city.unit(1)
    applicant = city.applicant(4)
    row = Employment(person=applicant.person, unit=unit, starts_on=TODAY)
    with clock.travel(TODAY - dt.timedelta(days=1)), pytest.raises(Blocked):
        EMPLOYMENT.fire(row, "ask", actor=applicant)
    EMPLOYMENT.fire(row, "ask", actor=applicant)
    with pytest.raises(Blocked):
        EMPLOYMENT.fire(Employment(person=applicant.person, unit=unit, starts_on=TODAY), "ask", actor=applicant)
    for stranger in (city.user("unit_clerk", other), city.user("unit_head", unit), applicant):
        with pytest.raises(NotAllowed):
            EMPLOYMENT.fire(row, "confirm", actor=stranger, confirmed_kind="staff")
    clerk = city.user("unit_clerk", unit)
    with pytest.raises(Blocked):
        EMPLOYMENT.fire(row, "confirm", actor=clerk, confirmed_kind="")
    assert not Person.objects.visible_to(clerk).exists()
    EMPLOYMENT.fire(row, "confirm", actor=clerk, confirmed_kind="civil_servant")
    assert (row.confirmed_by, row.confirmed_kind) == (clerk, "civil_servant")
    assert Person.objects.visible_to(clerk).get() == applicant.person
    with pytest.raises(WrongState):
        EMPLOYMENT.fire(row, "refuse", actor=clerk, reason="zu spät")
    EMPLOYMENT.fire(row, "end", actor=applicant)
    assert row.ends_on == clock.today()
    again = Employment(person=applicant.person, unit=unit, starts_on=TODAY)
    EMPLOYMENT.fire(again, "ask", actor=applicant)
    with pytest.raises(Blocked):
        EMPLOYMENT.fire(again, "refuse", actor=clerk)
    EMPLOYMENT.fire(again, "refuse", actor=clerk, reason="unbekannt")


def test_a_clerk_does_not_confirm_the_own_employment(city: City) -> None:
    """Separation of duties by person, whatever the acting role."""
    unit = city.unit(0)
    applicant = city.applicant(4)
    clerk_role = services.grant(applicant, "unit_clerk", unit, by=None)
    row = Employment(person=applicant.person, unit=unit, starts_on=TODAY)
    EMPLOYMENT.fire(row, "ask", actor=applicant)
    with pytest.raises(NotAllowed):
        EMPLOYMENT.fire(row, "confirm", actor=applicant.act_as(clerk_role), confirmed_kind="staff")


def test_organisation(city: City) -> None:
    """Registered by a person, approved by the bureau; the person becomes its clerk; suspended and restored."""
    applicant = city.applicant(6)
    row = Organisation(kind="unit", name="新单位", employer_kind="enterprise", registered_as="unit_clerk")
    ORGANISATION.fire(row, "register", actor=applicant)
    assert Organisation.objects.visible_to(city.applicant(7)).filter(pk=row.pk).count() == 0
    with pytest.raises(NotAllowed):
        ORGANISATION.fire(row, "approve", actor=applicant)
    reviewer = city.user("bureau_reviewer")
    ORGANISATION.fire(row, "approve", actor=reviewer)
    assert services.members_of(row, "unit_clerk") == [applicant]
    with pytest.raises(Blocked):
        ORGANISATION.fire(Organisation(kind="unit", name="新单位", employer_kind="social"), "register", actor=applicant)
    with pytest.raises(Blocked):
        ORGANISATION.fire(row, "suspend", actor=reviewer)
    ORGANISATION.fire(row, "suspend", actor=reviewer, reason="注销")
    with pytest.raises(Blocked):
        EMPLOYMENT.fire(Employment(person=applicant.person, unit=row, starts_on=TODAY), "ask", actor=applicant)
    ORGANISATION.fire(row, "restore", actor=reviewer, reason="恢复")
    assert row.status == "active"


@pytest.mark.parametrize("code", ["91330100MA2E1D01X", "91331100MA2E1D0101", "91331100MA2E1DO1XX"])
def test_wrong_credit_codes(code: str) -> None:
    """Too short, wrong check character, a letter that does not occur."""
    assert rules.credit_code_problems(code)


def test_right_credit_codes() -> None:
    """The published example of GB 32100-2015 and our own."""
    assert rules.credit_code_problems("91350100M000100Y43") == []
    body = "91331101MA2E1D01X"
    assert rules.credit_code_problems(body + rules.credit_check(body)) == []


def test_who_sees_accounts_and_roles(city: City) -> None:
    """Oneself; the unit its own house; bureau, supervisor and operator all."""
    unit = city.unit(0)
    clerk = city.user("unit_clerk", unit)
    assert set(Membership.objects.visible_to(clerk).values_list("organisation", flat=True)) == {unit.pk}
    assert User.objects.visible_to(clerk).get() == clerk
    juror = city.user("juror", "agriculture")
    assert Membership.objects.visible_to(juror).get().user == juror
    for role in ("bureau_reviewer", "bureau_approver", "supervisor", "operator"):
        assert User.objects.visible_to(city.user(role)).count() == User.objects.count()
    assert not Membership.objects.visible_to(city.user("operator")).filter(role="juror").exists()
    city.employ(city.applicant(1), unit)
    for role in ("bureau_reviewer", "operator"):
        assert not Person.objects.visible_to(city.user(role)).exists()
    assert Person.objects.visible_to(city.user("supervisor")).count() == 1
