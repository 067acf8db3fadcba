"""Who may act on plans, terms, standards and notices."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.access import acts_for_county
from appraisal_portal.accounts.models import Membership
from appraisal_portal.kernel.access import has_role, predicate
from committees.plans.models import Committee, StandardVersion

Role = Membership.Role

is_bureau_reviewer = has_role(Role.BUREAU_REVIEWER)
is_bureau_approver = has_role(Role.BUREAU_APPROVER)
is_bureau = has_role(Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER)
reads_decisions = has_role(
    Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER, Role.SUPERVISOR, Role.OFFICE_CLERK, Role.COMMITTEE_DIRECTOR
)
reads_bureau = has_role(Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER, Role.SUPERVISOR)
is_office = has_role(Role.OFFICE_CLERK, Role.COMMITTEE_DIRECTOR)
drafts_notices = has_role(Role.OFFICE_CLERK, Role.COMMITTEE_DIRECTOR, Role.BUREAU_REVIEWER)


def owner_committee(row: Any) -> Any:
    """The committee whose office owns the row; None for the bureau's own notice or plan."""
    if isinstance(row, Committee):
        return row
    if isinstance(row, StandardVersion):
        return row.standard.committee
    return getattr(row, "committee", None)


def _of_own_office(actor: Any, row: Any) -> bool:
    committee = owner_committee(row)
    return committee is not None and committee.office_id == actor.acting_organisation_id


@predicate(_("Only the office of this committee may do this."))
def is_own_office(actor: Any, row: Any) -> bool:
    """Clerk or director of the committee that owns the row; without a row: of any committee."""
    return is_office(actor) and (row is None or _of_own_office(actor, row))


@predicate(_("The director of this committee submits it."))
def is_own_director(actor: Any, row: Any) -> bool:
    """Director (主任委员) of the committee that owns the row."""
    return bool(actor.acts_as(Role.COMMITTEE_DIRECTOR)) and (row is None or _of_own_office(actor, row))


@predicate(_("The director of this committee submits it; a notice of the bureau is submitted by a bureau reviewer."))
def submits_notice(actor: Any, row: Any) -> bool:
    """The owner of a notice: the committee's director, or a reviewer for the bureau's own."""
    if row is not None and row.committee_id is None:
        return is_bureau_reviewer(actor)
    return is_own_director(actor, row) or (row is None and is_bureau_reviewer(actor))


@predicate(_("The bureau enters general subjects, the competent department those of its industry."))
def enters_hours(actor: Any, row: Any) -> bool:
    """The bureau's reviewer for general subjects, the department for its own industries; without a row: either."""
    if is_bureau_reviewer(actor):
        return row is None or row.kind == "general"
    if not actor.acts_as(Role.FORWARDER) or actor.acting.organisation.kind != "competent_department":
        return False
    return row is None or (row.industry is not None and row.industry.department_id == actor.acting_organisation_id)


@predicate(_("Only the owner of this draft may change it."))
def may_edit(actor: Any, row: Any) -> bool:
    """Who drafts: the own office; the bureau's reviewer for plans and the bureau's own notices."""
    if row is None:
        return drafts_notices(actor)
    if owner_committee(row) is None:
        return is_bureau_reviewer(actor)
    return is_own_office(actor, row)


@predicate(_("Only the office of a committee proposes lines."))
def proposes_lines(actor: Any, plan: Any) -> bool:
    """Clerk or director of an office with a committee in use; lines of other committees its form does not offer."""
    return is_office(actor) and Committee.objects.active().filter(office=actor.acting_organisation_id).exists()


@predicate(_("Only a bureau reviewer or the office of this committee may publish it."))
def publishes_notice(actor: Any, row: Any) -> bool:
    """A reviewer of the bureau, or the office that wrote it."""
    return is_bureau_reviewer(actor) or is_own_office(actor, row)


@predicate(_("The reviewer sends back what was submitted, the approver what was proposed."))
def sends_back(actor: Any, row: Any) -> bool:
    """Who may return the row at its present status."""
    if row is not None and row.status == "submitted":
        return is_bureau_reviewer(actor)
    if row is not None and row.status == "proposed":
        return is_bureau_approver(actor)
    return is_bureau(actor)


@predicate(_("The names of the members are secret before the meeting."))
def sees_members(actor: Any, term: Any) -> bool:
    """The bureau, the supervisor and the own office."""
    return reads_bureau(actor) or is_own_office(actor, term)


@predicate(_("Only a county bureau deploys the plan in its county."))
def is_county(actor: Any, row: Any) -> bool:
    """Somebody of the county bureau (县级人力社保局) whose deployment it is; without a row: of any county bureau."""
    return acts_for_county(actor) and (row is None or row.county_id == actor.acting_organisation_id)


reads_deployments = is_county | reads_bureau
