"""Navigation entries of unit, forwarder and office; called when the app is ready."""

from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.access import acts_for_agency
from appraisal_portal.accounts.models import Membership
from appraisal_portal.kernel import navigation
from appraisal_portal.kernel.navigation import NavItem

Role = Membership.Role


def register() -> None:
    """Work first, lists after it."""
    from applications.rules.progress import publicity_heading  # noqa: PLC0415 - models are ready now
    from applications.services import examination  # noqa: F401, PLC0415 - registers its sweeps

    unit = (Role.UNIT_CLERK, Role.UNIT_HEAD)
    navigation.register(
        NavItem("applications:unit-dashboard", _("To do"), roles=unit, order=10),
        NavItem("applications:unit-list", _("Declarations"), roles=unit, order=11),
        NavItem(
            "applications:unitpublicity-list",
            _("Publicity inside the unit"),
            roles=(*unit, Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER, Role.SUPERVISOR),
            order=12,
            words=lambda user: publicity_heading(by_agency=acts_for_agency(user)),
        ),
        NavItem("applications:forwarder-list", _("To do"), roles=(Role.FORWARDER,), order=10),
        NavItem(
            "applications:office-list",
            _("Declarations"),
            roles=(
                Role.OFFICE_CLERK,
                Role.COMMITTEE_DIRECTOR,
                Role.BUREAU_REVIEWER,
                Role.BUREAU_APPROVER,
                Role.SUPERVISOR,
            ),
            order=10,
        ),
    )
