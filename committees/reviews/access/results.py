"""Who may act on lists, objections and reports."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.access import has_role, predicate
from committees.reviews.access.signing import signs_for_everybody
from committees.reviews.querysets.conflict import known_items

is_bureau = has_role("bureau_reviewer", "bureau_approver")
is_bureau_reviewer = has_role("bureau_reviewer")
is_bureau_approver = has_role("bureau_approver")
is_supervisor = has_role("supervisor")
reads_results = has_role(
    "office_clerk", "committee_director", "forwarder", "bureau_reviewer", "bureau_approver", "supervisor"
)


@predicate(_("You keep away from somebody on this list: a colleague reads it."))
def knows_everybody(actor: Any, obj: Any) -> bool:
    """Nobody on the list or report is one from whose case this reader of the office keeps away."""
    return obj is None or known_items(actor, obj.items).count() == obj.items.count()


reads_result_papers = reads_results & knows_everybody
"""Papers of a report, which name everybody on it."""
is_office = has_role("office_clerk", "committee_director")
CLERKS = {"committee_office": "office_clerk", "county_bureau": "forwarder", "city_bureau": "bureau_reviewer"}
HEADS = {"committee_office": "committee_director", "county_bureau": "forwarder", "city_bureau": "bureau_approver"}
"""Kind of the body that makes list and report → role of who prepares there, and of who signs."""


def office_of(obj: Any) -> Any:
    """The body that makes list and report: the committee's office, or who determined without a vote."""
    publicity = obj.item.publicity if hasattr(obj, "item_id") else obj
    return publicity.source.office


def _of_office(actor: Any, obj: Any, roles: dict[str, str]) -> bool:
    if obj is None:
        return bool(actor.acts_as(*roles.values()))
    office = office_of(obj)
    return bool(actor.acts_as(roles[office.kind])) and office.pk == actor.acting_organisation_id


@predicate(_("Only a clerk of this committee's office may do this."))
def is_office_clerk(actor: Any, obj: Any) -> bool:
    """Who prepares list and report of a meeting; which meeting, the page asks by what its reader sees."""
    return bool(actor.acts_as("office_clerk"))


@predicate(_("Only a clerk of the office that makes this list may do this."))
def is_clerk(actor: Any, obj: Any) -> bool:
    """Who prepares in the committee's office, or in the bureau that determined without a vote."""
    return _of_office(actor, obj, CLERKS)


@predicate(_("Only the head of the office that makes this list may do this."))
def is_director(actor: Any, obj: Any) -> bool:
    """Director of the committee; second person of the bureau that determined without a vote."""
    return _of_office(actor, obj, HEADS)


@predicate(_("You prepared this; another person signs it."))
def is_not_its_maker(actor: Any, obj: Any) -> bool:
    """Without a committee's director two people of the bureau stand behind list and report."""
    return obj is None or obj.determination_id is None or obj.prepared_by_id != actor.pk


signs = is_director & is_not_its_maker & signs_for_everybody
"""Who signs list and report: the head, or another head where that one keeps away from somebody on it."""


@predicate(_("Only the person who investigates this objection may do this."))
def is_objection_handler(actor: Any, objection: Any) -> bool:
    """The clerk who took the objection on."""
    return objection is None or (objection.handler_id is not None and objection.handler_id == actor.pk)


@predicate(_("Only the person this objection is about may answer."))
def is_the_person_concerned(actor: Any, objection: Any) -> bool:
    """The applicant on whose result somebody objects."""
    return objection is not None and objection.item.declaration.applicant.user_id == actor.pk and actor.is_authenticated


@predicate(_("You investigated this objection; another person decides."))
def is_not_its_handler(actor: Any, objection: Any) -> bool:
    """Separation of duties: the decider did not investigate."""
    return objection is None or objection.handler_id != actor.pk


@predicate(_("This objection is about your own declaration."))
def is_not_the_person_concerned(actor: Any, objection: Any) -> bool:
    """Nobody handles an objection about themselves."""
    return objection is None or objection.item.declaration.applicant.user_id != actor.pk


def sees_author(actor: Any, objection: Any) -> bool:
    """Who objected is visible to the handler and to the supervisor, to nobody else (trust.md §2.1)."""
    return is_supervisor(actor, objection) or (objection.handler_id is not None and objection.handler_id == actor.pk)
