"""Who may act on a declaration: predicates, nothing else."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.access import (
    is_applicant,
    is_bureau,
    is_bureau_approver,
    is_bureau_reviewer,
    is_supervisor,
)
from appraisal_portal.accounts.models import Membership
from appraisal_portal.kernel.access import predicate
from committees.plans.models import DecidedBy

__all__ = [
    "checks_sampled_case",
    "concerns_somebody_else",
    "decides_case_recusals",
    "declares_own_recusal",
    "is_applicant",
    "is_bureau",
    "is_bureau_approver",
    "is_bureau_reviewer",
    "is_clerk_of_office",
    "is_clerk_of_unit",
    "is_director_of_office",
    "is_examiner",
    "is_forwarder_of_unit",
    "is_handler",
    "is_head_of_unit",
    "is_head_of_answering_unit",
    "is_owner",
    "is_person_concerned",
    "is_supervisor",
    "keeps_to_no_recusal",
    "not_for_oneself",
    "not_of_same_unit",
    "re_examines",
    "returns_material",
    "sampled_somebody_else",
]

Role = Membership.Role


@predicate(
    _("Only the applicant may do this."), otherwise=_("This is your own declaration: somebody else must do this.")
)
def is_owner(actor: Any, declaration: Any) -> bool:
    """The person the declaration is about; asked without an object: somebody who can be one."""
    if declaration is None:
        return actor.is_authenticated and actor.is_person
    return actor.pk is not None and declaration.applicant.user_id == actor.pk


def _in(actor: Any, organisation: int | None, *roles: str) -> bool:
    return actor.acts_as(*roles) and organisation is not None and actor.acting.organisation_id == organisation


@predicate(_("Only a clerk of the applicant's work unit may do this."))
def is_clerk_of_unit(actor: Any, declaration: Any) -> bool:
    """Unit clerk (经办人) of the unit that vouches for the declaration."""
    return _in(actor, declaration.unit_id, Role.UNIT_CLERK) if declaration else actor.acts_as(Role.UNIT_CLERK)


@predicate(_("Only the head of the applicant's work unit may do this."))
def is_head_of_unit(actor: Any, declaration: Any) -> bool:
    """Head (负责人) of the unit that vouches for the declaration."""
    return _in(actor, declaration.unit_id, Role.UNIT_HEAD) if declaration else actor.acts_as(Role.UNIT_HEAD)


@predicate(_("Only the county bureau or competent department of the unit may do this."))
def is_forwarder_of_unit(actor: Any, declaration: Any) -> bool:
    """Forwarder (主管部门 or county bureau) the unit reports through."""
    return _in(actor, declaration.unit.forwarder_id, Role.FORWARDER) if declaration else actor.acts_as(Role.FORWARDER)


@predicate(_("Only a clerk of the committee office may do this."))
def is_clerk_of_office(actor: Any, declaration: Any) -> bool:
    """Clerk of the office of the declaration's committee, where the committee decides."""
    if declaration is None:
        return actor.acts_as(Role.OFFICE_CLERK)
    return declaration.decider == DecidedBy.COMMITTEE and _in(actor, declaration.committee.office_id, Role.OFFICE_CLERK)


@predicate(_("Only whoever examines for the body that decides may do this."))
def is_examiner(actor: Any, declaration: Any) -> bool:
    """Clerk of the committee office; where no committee votes, of the county bureau or reviewer of the bureau."""
    if declaration is None:
        return actor.acts_as(Role.OFFICE_CLERK, Role.FORWARDER, Role.BUREAU_REVIEWER)
    decider = declaration.decider
    if decider == DecidedBy.COMMITTEE:
        return _in(actor, declaration.committee.office_id, Role.OFFICE_CLERK)
    if decider == DecidedBy.COUNTY_BUREAU:
        return _in(actor, declaration.unit.forwarder_id, Role.FORWARDER)
    return actor.acts_as(Role.BUREAU_REVIEWER)


@predicate(_("Only the director of the committee may do this."))
def is_director_of_office(actor: Any, declaration: Any) -> bool:
    """Director (主任委员) of the declaration's committee."""
    if declaration is None:
        return actor.acts_as(Role.COMMITTEE_DIRECTOR)
    return _in(actor, declaration.committee.office_id, Role.COMMITTEE_DIRECTOR)


@predicate(_("Only the person in the committee office who handles this declaration may do this."))
def is_handler(actor: Any, declaration: Any) -> bool:
    """Who accepted the declaration and still examines for the body that decides."""
    return is_examiner(actor, declaration) and (declaration is None or declaration.handler_id == actor.pk)


@predicate(_("You belong to the applicant's work unit: somebody else must do this."))
def not_of_same_unit(actor: Any, declaration: Any) -> bool:
    """The actor holds no role in the unit of the applicant and is not employed there."""
    if declaration is None or not actor.is_authenticated:
        return True
    if any(row.organisation_id == declaration.unit_id for row in actor.memberships_today()):
        return False
    person = getattr(actor, "person", None)
    return person is None or not person.employments.filter(unit=declaration.unit_id, status="confirmed").exists()


@predicate(_("This concerns yourself: somebody else must do this."))
def concerns_somebody_else(actor: Any, sanction: Any) -> bool:
    """The actor is not the person the ban is about."""
    return sanction is None or sanction.person.user_id != actor.pk


@predicate(_("Only the person concerned may do this."))
def is_person_concerned(actor: Any, sanction: Any) -> bool:
    """The case is about the actor; asked without a case: anybody it could be about."""
    if sanction is None:
        return actor.is_authenticated and actor.is_person
    return actor.pk is not None and sanction.person.user_id == actor.pk


@predicate(_("Only the head of the work unit that answers for the material may do this."))
def is_head_of_answering_unit(actor: Any, sanction: Any) -> bool:
    """Head of the unit that vouched, where its responsibility is examined; not about oneself."""
    if sanction is None:
        return actor.acts_as(Role.UNIT_HEAD)
    unit = sanction.unit
    answers = sanction.unit_responsible and unit is not None and _in(actor, unit.pk, Role.UNIT_HEAD)
    return answers and concerns_somebody_else(actor, sanction)


@predicate(_("Only a clerk of the work unit the material came from may do this."))
def returns_material(actor: Any, sanction: Any) -> bool:
    """Clerk of the unit through which material goes back to the person; not one's own."""
    if sanction is None:
        return actor.acts_as(Role.UNIT_CLERK)
    unit = sanction.unit
    return unit is not None and _in(actor, unit.pk, Role.UNIT_CLERK) and concerns_somebody_else(actor, sanction)


@predicate(_("This extension is for yourself: somebody else must do this."))
def not_for_oneself(actor: Any, extension: Any) -> bool:
    """The actor is not the person who gets more time."""
    if extension is None or extension.person_id is None:
        return True
    return extension.person.user_id is None or extension.person.user_id != actor.pk


@predicate(_("You keep away from this case: somebody else must do this."))
def keeps_to_no_recusal(actor: Any, declaration: Any) -> bool:
    """No recusal of the actor is proposed or stands in this case (回避)."""
    if declaration is None or actor.pk is None:
        return True
    return not declaration.case_recusals.standing().filter(user=actor.pk).exists()


def _office_of(actor: Any, recusal: Any, *roles: str) -> bool:
    return _in(actor, recusal.declaration.committee.office_id, *roles)


_STAFF = (Role.OFFICE_CLERK, Role.COMMITTEE_DIRECTOR)


@predicate(_("Only somebody of the committee's office stands back, each for oneself."))
def declares_own_recusal(actor: Any, recusal: Any) -> bool:
    """Clerk or director of the committee's office, about oneself."""
    if recusal is None:
        return actor.acts_as(*_STAFF)
    return recusal.user_id == actor.pk and _office_of(actor, recusal, *_STAFF)


@predicate(_("Only the committee's office or the bureau decides about this recusal, never the person concerned."))
def decides_case_recusals(actor: Any, recusal: Any) -> bool:
    """Another clerk or the director, who do not keep away themselves; the bureau, for an office with nobody else."""
    if recusal is None:
        return actor.acts_as(*_STAFF, Role.BUREAU_REVIEWER)
    if actor.pk in (recusal.user_id, recusal.declaration.applicant.user_id):
        return False
    if actor.acts_as(Role.BUREAU_REVIEWER):
        return True
    may = _office_of(actor, recusal, *_STAFF)
    return may and not_of_same_unit(actor, recusal.declaration) and keeps_to_no_recusal(actor, recusal.declaration)


@predicate(_("This is your own declaration: somebody else must do this."))
def sampled_somebody_else(actor: Any, item: Any) -> bool:
    """The sampled case is not the actor's own."""
    return item is None or item.declaration.applicant.user_id != actor.pk


@predicate(_("Only a reviewer of the bureau who neither examined the case nor belongs to its unit checks it."))
def checks_sampled_case(actor: Any, item: Any) -> bool:
    """Reviewer of the bureau; not about the own case or unit, nor what the reviewer examined without a committee."""
    if not actor.acts_as(Role.BUREAU_REVIEWER):
        return False
    if item is None:
        return True
    case = item.declaration
    return sampled_somebody_else(actor, item) and case.handler_id != actor.pk and not_of_same_unit(actor, case)


@predicate(_("Only whoever examines the case for the body that decides examines it again."))
def re_examines(actor: Any, item: Any) -> bool:
    """An examiner of the case's committee office or deciding bureau who does not keep away from it."""
    if item is None:
        return is_examiner(actor, None)
    case = item.declaration
    return is_examiner(actor, case) and not_of_same_unit(actor, case) and keeps_to_no_recusal(actor, case)
