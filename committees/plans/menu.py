"""Entries of this app in the main navigation."""

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import navigation
from appraisal_portal.kernel.navigation import NavItem

_BUREAU = ("bureau_reviewer", "bureau_approver", "supervisor")
_OFFICE = ("office_clerk", "committee_director")


def register() -> None:
    """Public column, bureau, offices."""
    navigation.register(
        NavItem("plans:notice-list", _("Notices"), public=True, order=10),
        NavItem("plans:plan-public", _("Plan of the year"), public=True, order=15),
        NavItem("plans:standard-list", _("Standards"), public=True, order=20),
        NavItem("plans:where", _("Where do I apply?"), public=True, order=25),
        NavItem("plans:plan-list", _("Review plans"), roles=_BUREAU, order=20),
        NavItem("plans:version-list", _("Standards"), roles=_BUREAU + _OFFICE, order=25),
        NavItem("plans:notice-queue", _("Notices"), roles=_BUREAU + _OFFICE, order=26),
        NavItem("plans:term-list", _("Committee terms"), roles=_BUREAU + _OFFICE, order=27),
        NavItem("plans:cycle", _("Take over last year"), roles=_BUREAU + _OFFICE, order=86),
        NavItem("plans:hours-list", _("Class hours"), roles=(*_BUREAU, "forwarder"), order=84),
        NavItem("plans:calendar", _("Working-day calendar"), roles=_BUREAU, order=85),
    )
