"""Entries of this app in the main navigation."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import navigation
from appraisal_portal.kernel.navigation import NavItem
from committees.plans.access import reads_deployments

_BUREAU = ("bureau_reviewer", "bureau_approver", "supervisor")
_OFFICE = ("office_clerk", "committee_director")


def _of_counties(user: Any) -> str | Promise:
    """A competent department forwards like a county bureau, but has no county."""
    return _("Deployment of the plan") if reads_deployments(user) else ""


def register() -> None:
    """Public column, bureau, offices."""
    navigation.register(
        NavItem("plans:notice-list", _("Notices"), public=True, order=10),
        NavItem("plans:plan-public", _("Plan of the year"), public=True, order=15),
        NavItem("plans:standard-list", _("Standards"), public=True, order=20),
        NavItem("plans:where", _("Where do I apply?"), public=True, order=25),
        NavItem("plans:plan-list", _("Review plans"), roles=_BUREAU + _OFFICE, order=20),
        NavItem(
            "plans:deployment-list", _("Deployment of the plan"), roles=(*_BUREAU, "forwarder"), order=22,
            words=_of_counties,
        ),
        NavItem("plans:version-list", _("Standards"), roles=_BUREAU + _OFFICE, order=25),
        NavItem("plans:notice-queue", _("Notices"), roles=_BUREAU + _OFFICE, order=26),
        NavItem("plans:term-list", _("Committee terms"), roles=_BUREAU + _OFFICE, order=27),
        NavItem("plans:cycle", _("Take over last year"), roles=_BUREAU + _OFFICE, order=86),
        NavItem("plans:hours-list", _("Class hours"), roles=(*_BUREAU, "forwarder"), order=84),
        NavItem("plans:calendar", _("Working-day calendar"), roles=_BUREAU, order=85),
    )  # fmt: skip
