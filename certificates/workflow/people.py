"""Whom the transitions of this stage tell."""

from collections.abc import Iterable
from typing import Any

from appraisal_portal.accounts.services import bureau_members, members_of


def approvers(_obj: Any) -> Iterable[Any]:
    """Everybody who decides at the bureau."""
    return bureau_members("bureau_approver")


def reviewers(_obj: Any) -> Iterable[Any]:
    """Everybody who prepares at the bureau."""
    return bureau_members("bureau_reviewer")


def appointing_clerks(certificate: Any) -> Iterable[Any]:
    """Clerks of the units that have appointed somebody on this certificate."""
    units = certificate.appointments.filter(status="in_force").order_by("unit").values_list("unit", flat=True)
    return [clerk for unit in units.distinct() for clerk in members_of(unit, "unit_clerk")]


def holder(row: Any) -> Iterable[Any]:
    """The person a row is about, if they have an account."""
    return [row.person.user] if row.person.user_id else []
