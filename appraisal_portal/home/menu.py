"""Entries of the navigation: those of this app, and what each role finds in the row itself, the rest under “More”."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.access import acts_for_county
from appraisal_portal.kernel import navigation
from appraisal_portal.kernel.navigation import NavItem

_UNIT = (
    "applications:unit-dashboard", "applications:unit-list", "applications:unitpublicity-list",
    "accounts:employment-list", "accounts:post-list", "accounts:message-list",
)  # fmt: skip
_OFFICE = (
    "applications:office-list", "reviews:meeting-list", "reviews:publicity-desk", "reviews:report-list",
    "plans:notice-queue", "plans:version-list", "accounts:message-list",
)  # fmt: skip
_BUREAU = (
    "home:bureau", "plans:plan-list", "reviews:bureau-meetings", "reviews:report-list", "reviews:objection-list",
    "certificates:document-list", "accounts:message-list",
)  # fmt: skip
_APPLICANT = (
    "applications:my-list", "applications:my-archive", "accounts:employment-list", "certificates:claim-list",
    "certificates:certificate-list", "accounts:message-list",
)  # fmt: skip
FIRST = {
    "applicant": _APPLICANT,
    "unit_clerk": _UNIT,
    "unit_head": _UNIT,
    "office_clerk": _OFFICE,
    "committee_director": _OFFICE,
    "bureau_reviewer": _BUREAU,
    "bureau_approver": _BUREAU,
    "forwarder": (
        "applications:forwarder-list", "home:county", "plans:deployment-list", "reviews:determination-list",
        "accounts:post-list", "plans:hours-list", "accounts:message-list",
    ),
    "supervisor": (
        "home:bureau", "applications:office-list", "reviews:publicity-desk", "reviews:report-list",
        "certificates:document-list", "certificates:certificate-list", "accounts:message-list",
    ),
    "operator": (
        "home:operator", "accounts:user-list", "accounts:membership-list", "applications:outage-list",
        "accounts:look-list", "accounts:message-list",
    ),
}  # fmt: skip
"""Roles with more than seven entries; the others have no need of it."""
_OF_MEETING = ("reviews:meeting-", "reviews:draw-", "reviews:recusal-", "reviews:round-", "reviews:panel-")
ALSO = {
    "applications:my-list": (
        "applications:declaration-", "applications:last-draft", "applications:originals-", "reviews:outcome-",
    ),
    "applications:unit-list": ("applications:declaration-",),
    "applications:unitpublicity-list": ("applications:unitobjection-",),
    "applications:forwarder-list": ("applications:declaration-",),
    "applications:office-list": ("applications:declaration-",),
    "applications:last-draft-list": ("applications:last-draft",),
    "plans:term-list": ("plans:committee-", "plans:standing-"),
    "reviews:meeting-list": _OF_MEETING,
    "reviews:bureau-meetings": ("reviews:bureau-meeting", "reviews:expert-", *_OF_MEETING),
    "reviews:call-up-list": ("reviews:invitation-", "reviews:score-sheet-", "reviews:panel-", *_OF_MEETING),
    "reviews:publicity-desk": ("reviews:objection-", "reviews:pre-review-"),
    "certificates:certificate-list": (
        "certificates:correction-", "certificates:revocation-", "certificates:appointment-",
    ),
    "certificates:claim-queue": ("certificates:claim-",),
    "certificates:document-list": ("certificates:batch-", "certificates:seal-"),
}  # fmt: skip
"""Pages that belong to an entry though they are neither named like it nor lie under its address."""


def _of_counties(user: Any) -> str | Promise:
    """A competent department forwards like a county bureau, but has no county."""
    return _("Overview") if acts_for_county(user) else ""


def register() -> None:
    """Called when the app is ready."""
    bureau = ("bureau_reviewer", "bureau_approver", "supervisor")
    navigation.register(
        NavItem("home:bureau", _("Overview"), roles=bureau, order=5),
        NavItem("home:county", _("Overview"), roles=("forwarder",), order=12, words=_of_counties),
        NavItem("home:operator", _("Deliveries"), roles=("operator",), order=5),
        NavItem("home:search", _("Search"), footer=True, order=5),
        NavItem("home:form-list", _("Blank forms"), footer=True, order=7),
        NavItem("home:help", _("Help"), footer=True, order=10),
        NavItem("home:accessibility", _("Accessibility"), footer=True, order=20),
        NavItem("home:privacy", _("Privacy"), footer=True, order=30),
        NavItem("kernel:log", _("Public log"), footer=True, order=35),
        NavItem("home:feedback", _("Feedback"), footer=True, order=40),
        NavItem("home:api", _("For programs"), footer=True, order=50),
    )
    navigation.arrange(FIRST, ALSO)
