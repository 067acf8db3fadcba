"""Who determines without a vote: two people of the county bureau, or reviewer and approver of the bureau (R-21)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.access import has_role, predicate
from committees.reviews.access.results import CLERKS, HEADS

reads_determinations = has_role("forwarder", "bureau_reviewer", "bureau_approver", "supervisor")
prepares = has_role("forwarder", "bureau_reviewer")


def _of_authority(actor: Any, determination: Any, roles: dict[str, str]) -> bool:
    if determination is None:
        return bool(actor.acts_as("forwarder", roles["city_bureau"]))
    authority = determination.authority
    return bool(actor.acts_as(roles[authority.kind])) and authority.pk == actor.acting_organisation_id


@predicate(_("Only somebody of the bureau that determines may do this."))
def is_preparer(actor: Any, determination: Any) -> bool:
    """The county bureau's forwarder, or the bureau's reviewer."""
    return _of_authority(actor, determination, CLERKS)


@predicate(_("Only the second person of the bureau that determines may do this."))
def is_decider(actor: Any, determination: Any) -> bool:
    """Another forwarder of the county bureau, or the bureau's approver."""
    return _of_authority(actor, determination, HEADS)


@predicate(_("You prepared this; another person decides."))
def did_not_prepare(actor: Any, determination: Any) -> bool:
    """Whoever wrote the outcomes down does not decide."""
    return determination is None or determination.prepared_by_id != actor.pk
