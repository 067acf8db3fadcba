"""Who may act on lists, objections and reports."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.access import has_role, predicate

is_bureau = has_role("bureau_reviewer", "bureau_approver")
is_bureau_reviewer = has_role("bureau_reviewer")
is_bureau_approver = has_role("bureau_approver")
is_supervisor = has_role("supervisor")
reads_results = has_role("office_clerk", "committee_director", "bureau_reviewer", "bureau_approver", "supervisor")
is_office = has_role("office_clerk", "committee_director")


def _meeting(obj: Any) -> Any:
    return obj.item.publicity.meeting if hasattr(obj, "item_id") else obj.meeting


def _of_office(actor: Any, obj: Any, role: str) -> bool:
    if not actor.acts_as(role):
        return False
    return obj is None or _meeting(obj).committee.office_id == actor.acting_organisation_id


@predicate(_("Only a clerk of this committee's office may do this."))
def is_clerk(actor: Any, obj: Any) -> bool:
    """Office clerk of the committee the list, objection or report belongs to."""
    return _of_office(actor, obj, "office_clerk")


@predicate(_("Only the director of this committee may do this."))
def is_director(actor: Any, obj: Any) -> bool:
    """Director of the committee the list, objection or report belongs to."""
    return _of_office(actor, obj, "committee_director")


@predicate(_("Only the person who investigates this objection may do this."))
def is_objection_handler(actor: Any, objection: Any) -> bool:
    """The clerk who took the objection on."""
    return objection is None or (objection.handler_id is not None and objection.handler_id == actor.pk)


@predicate(_("You investigated this objection; another person decides."))
def is_not_its_handler(actor: Any, objection: Any) -> bool:
    """Separation of duties: the decider did not investigate."""
    return objection is None or objection.handler_id != actor.pk


@predicate(_("This objection is about your own declaration."))
def is_not_the_person_concerned(actor: Any, objection: Any) -> bool:
    """Nobody handles an objection about themselves."""
    return objection is None or objection.item.declaration.applicant.user_id != actor.pk
