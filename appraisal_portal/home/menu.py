"""Entries of the navigation: those of this app, and the public column in its order."""

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import navigation
from appraisal_portal.kernel.navigation import NavItem


def register() -> None:
    """Called when the app is ready."""
    bureau = ("bureau_reviewer", "bureau_approver", "supervisor")
    navigation.register(
        NavItem("home:front", _("Front page"), public=True, order=5),
        NavItem("home:bureau", _("Overview"), roles=bureau, order=5),
        NavItem("home:operator", _("Deliveries"), roles=("operator",), order=5),
        NavItem("home:help", _("Help"), footer=True, order=10),
        NavItem("home:accessibility", _("Accessibility"), footer=True, order=20),
        NavItem("home:privacy", _("Privacy"), footer=True, order=30),
        NavItem("home:feedback", _("Feedback"), footer=True, order=40),
    )
