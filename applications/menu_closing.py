"""Navigation entries around the end of the window; called when the app is ready."""

from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import Membership
from appraisal_portal.kernel import navigation
from appraisal_portal.kernel.navigation import NavItem

Role = Membership.Role


def register() -> None:
    """Rarely needed: under “More”, and the check of a receipt in the footer."""
    from applications.services import closing  # noqa: F401, PLC0415 - registers its sweep

    bureau = (Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER, Role.SUPERVISOR)
    navigation.register(
        NavItem("applications:extension-list", _("Extensions"), roles=bureau, order=82),
        NavItem("applications:outage-list", _("Interruptions"), roles=(Role.OPERATOR, *bureau), order=83),
        NavItem("applications:last-draft-list", _("Drafts at closing"), roles=bureau, order=84),
        NavItem("applications:receipt-check", _("Check a receipt"), footer=True, order=15),
    )
