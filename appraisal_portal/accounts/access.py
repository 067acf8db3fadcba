"""Who may act, in words of roles; the stages combine these with ``&``, ``|`` and ``~``."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import Employment, Membership
from appraisal_portal.kernel.access import Predicate, has_role, predicate

Role = Membership.Role

STAFF_ROLES: tuple[str, ...] = tuple(role for role in Role.values if role != Role.APPLICANT)
"""Every role but the applicant's: the longer password, changed once in a while (trust.md §0)."""
BUSINESS_ROLES: tuple[str, ...] = tuple(role for role in Role.values if role != Role.OPERATOR)


def _named(name: str, *roles: str) -> Predicate:
    """A role predicate with a readable name for the generated documentation."""
    rule = has_role(*roles)
    return Predicate(name, rule.test, rule.reason)


is_applicant = _named("is_applicant", Role.APPLICANT)
is_unit_clerk = _named("is_unit_clerk", Role.UNIT_CLERK)
is_unit_head = _named("is_unit_head", Role.UNIT_HEAD)
is_unit = _named("is_unit", Role.UNIT_CLERK, Role.UNIT_HEAD)
is_forwarder = _named("is_forwarder", Role.FORWARDER)
is_office_clerk = _named("is_office_clerk", Role.OFFICE_CLERK)
is_committee_director = _named("is_committee_director", Role.COMMITTEE_DIRECTOR)
is_office = _named("is_office", Role.OFFICE_CLERK, Role.COMMITTEE_DIRECTOR)
is_juror = _named("is_juror", Role.JUROR)
is_observer = _named("is_observer", Role.OBSERVER)
is_bureau_reviewer = _named("is_bureau_reviewer", Role.BUREAU_REVIEWER)
is_bureau_approver = _named("is_bureau_approver", Role.BUREAU_APPROVER)
is_bureau = _named("is_bureau", Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER)
is_supervisor = _named("is_supervisor", Role.SUPERVISOR)
is_operator = _named("is_operator", Role.OPERATOR)
reads_accounts = _named("reads_accounts", Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER, Role.SUPERVISOR, Role.OPERATOR)
is_staff = _named("is_staff", *STAFF_ROLES)


@predicate(
    _("Only the person concerned may do this."), otherwise=_("This concerns yourself: another person must do it.")
)
def is_the_person(actor: Any, employment: Any) -> bool:
    """The employment is the actor's own; asked without an object: the actor has personal data at all."""
    if employment is None:
        return bool(actor.is_authenticated and actor.is_person)
    return employment.person.user_id is not None and employment.person.user_id == actor.pk


@predicate(_("Only a clerk of this unit may do this."))
def is_clerk_of_the_unit(actor: Any, employment: Employment | None) -> bool:
    """Unit clerk of the unit (or the agency playing it) the employment names."""
    if not actor.acts_as(Role.UNIT_CLERK):
        return False
    return employment is None or employment.unit_id == actor.acting_organisation_id


def acts_for_agency(user: Any) -> bool:
    """Whether the role acted in is held in a talent agency (人才服务机构), which plays the unit and has no posts."""
    acting = getattr(user, "acting", None)
    return acting is not None and acting.organisation is not None and acting.organisation.kind == "agency"


@predicate(_("Only a county bureau may do this."))
def acts_for_county(actor: Any, _obj: Any) -> bool:
    """Somebody of a county bureau (县级人力社保局); a competent department, which forwards as well, is none."""
    return bool(actor.acts_as(Role.FORWARDER)) and actor.acting.organisation.kind == "county_bureau"


@predicate(_("Only the bureau, or the county bureau the unit forwards through, approves it."))
def approves_unit(actor: Any, organisation: Any) -> bool:
    """The bureau any organisation, a county bureau the units and agencies that chose it as their forwarder."""
    if actor.acts_as(Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER):
        return True
    if not acts_for_county(actor):
        return False
    return organisation is None or (
        organisation.kind in ("unit", "agency") and organisation.forwarder_id == actor.acting_organisation_id
    )


@predicate(_("Only the head of this unit may do this."))
def heads_the_unit(actor: Any, seal: Any) -> bool:
    """Head of the unit (or the agency playing it) the seal belongs to; asked without a seal: of any."""
    return bool(actor.acts_as(Role.UNIT_HEAD)) and (seal is None or seal.unit_id == actor.acting_organisation_id)


@predicate(_("Only the bureau, or the county bureau the unit forwards through, decides about its seal."))
def decides_seal(actor: Any, seal: Any) -> bool:
    """Whoever approves the unit itself."""
    return approves_unit(actor, None if seal is None else seal.unit)


@predicate(_("Only the bureau, or the county bureau of the unit, approves a post structure."))
def approves_posts_of(actor: Any, unit: Any) -> bool:
    """The bureau, or the county bureau the unit reports to; asked without a unit: whether there can be one at all."""
    if actor.acts_as(Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER):
        return True
    if not acts_for_county(actor):
        return False
    return unit is None or unit.forwarder_id == actor.acting_organisation_id


@predicate(_("Only a clerk of a public institution publishes post information, that of the own unit."))
def publishes_posts_of(actor: Any, unit: Any) -> bool:
    """Unit clerk of the public institution; asked without a unit: of the own one."""
    if not actor.acts_as(Role.UNIT_CLERK):
        return False
    unit = unit or actor.acting.organisation
    return bool(unit.pk == actor.acting_organisation_id and unit.employer_kind == "public_institution")


@predicate(_("You registered this organisation yourself."), otherwise=_("You registered this organisation yourself."))
def registered_it(actor: Any, organisation: Any) -> bool:
    """The actor is who registered the organisation."""
    return (
        organisation is not None
        and organisation.registered_by_id is not None
        and (organisation.registered_by_id == actor.pk)
    )
