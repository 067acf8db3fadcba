"""Who acts in independent appraisal: the unit, and two people of the authority that delegated."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.access import has_role, predicate

CLERKS = {"county_bureau": "forwarder", "city_bureau": "bureau_reviewer"}
HEADS = {"county_bureau": "forwarder", "city_bureau": "bureau_approver"}
"""Kind of the authority → role of who prepares there, and of who decides."""
READERS = ("unit_clerk", "unit_head", "forwarder", "bureau_reviewer", "bureau_approver", "supervisor")

reads = has_role(*READERS)
prepares = has_role("forwarder", "bureau_reviewer")


def delegation_of(row: Any) -> Any:
    """The delegation a row belongs to."""
    row = getattr(row, "plan", row)
    return getattr(row, "delegation", row)


def _of_authority(actor: Any, row: Any, roles: dict[str, str]) -> bool:
    if row is None:
        return bool(actor.acts_as(*roles.values()))
    authority = delegation_of(row).authority
    return bool(actor.acts_as(roles[authority.kind])) and authority.pk == actor.acting_organisation_id


@predicate(_("Only somebody of the bureau that delegates may do this."))
def is_authority_clerk(actor: Any, row: Any) -> bool:
    """The bureau's reviewer, or the county bureau's forwarder for its schools."""
    return _of_authority(actor, row, CLERKS)


@predicate(_("Only the second person of the bureau that delegates may do this."))
def is_authority_head(actor: Any, row: Any) -> bool:
    """The bureau's approver, or another forwarder of the county bureau."""
    return _of_authority(actor, row, HEADS)


@predicate(_("Whoever sends it back acts for the bureau that delegates."))
def is_authority(actor: Any, row: Any) -> bool:
    """Either of the two."""
    return _of_authority(actor, row, CLERKS) or _of_authority(actor, row, HEADS)


def _of_unit(actor: Any, row: Any, role: str) -> bool:
    if not actor.acts_as(role):
        return False
    return row is None or delegation_of(row).unit_id == actor.acting_organisation_id


@predicate(_("Only a clerk of the unit may do this."))
def is_unit_clerk(actor: Any, row: Any) -> bool:
    """Unit clerk of the unit that appraises."""
    return _of_unit(actor, row, "unit_clerk")


@predicate(_("Only the head of the unit may do this."))
def is_unit_head(actor: Any, row: Any) -> bool:
    """Head of the unit that appraises."""
    return _of_unit(actor, row, "unit_head")
