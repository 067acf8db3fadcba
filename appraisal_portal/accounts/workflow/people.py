"""Whom the tables of accounts tell."""

from collections.abc import Iterable
from typing import Any

from appraisal_portal.accounts.models import Membership, User

Role = Membership.Role


def holders(organisation: Any, *roles: str) -> Iterable[User]:
    """Whoever holds one of the roles in the organisation today."""
    rows = Membership.objects.active().filter(organisation=organisation, role__in=roles)
    return User.objects.active().filter(pk__in=rows.values("user")).order_by("pk")


def bureau(_organisation: Any) -> Iterable[User]:
    """The reviewers of the bureau."""
    rows = Membership.objects.active().filter(role=Role.BUREAU_REVIEWER)
    return User.objects.active().filter(pk__in=rows.values("user")).order_by("pk")


def county(organisation: Any) -> Iterable[User]:
    """The county bureau the unit forwards through; nobody for a department."""
    through = organisation.forwarder
    return holders(through, Role.FORWARDER) if through is not None and through.kind == "county_bureau" else ()
