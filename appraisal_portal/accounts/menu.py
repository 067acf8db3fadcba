"""Entries of the navigation."""

from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.access import acts_for_agency, acts_for_county
from appraisal_portal.accounts.models import Membership
from appraisal_portal.kernel import navigation
from appraisal_portal.kernel.navigation import NavItem

Role = Membership.Role
READERS = (Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER, Role.SUPERVISOR, Role.OPERATOR)

POSTS = (Role.UNIT_CLERK, Role.UNIT_HEAD, Role.FORWARDER, Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER, Role.SUPERVISOR)
SEALS = (Role.UNIT_HEAD, Role.FORWARDER, Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER, Role.SUPERVISOR)


def _of_posts(user: Any) -> str | Promise:
    return "" if acts_for_agency(user) else _("Post structures")


def _of_organisations(user: Any) -> str | Promise:
    """A department reads none; a county bureau its units."""
    if not user.acts_as(Role.FORWARDER):
        return _("Organisations")
    return _("Our units") if acts_for_county(user) else ""


def _of_seals(user: Any) -> str | Promise:
    """A unit has one; a department reads none."""
    if user.acts_as(Role.UNIT_HEAD):
        return _("Our electronic seal")
    return "" if user.acts_as(Role.FORWARDER) and not acts_for_county(user) else _("Electronic seals of units")


def register() -> None:
    """Called when the app is ready."""
    everybody = tuple(Role.values)
    navigation.register(
        NavItem(
            "accounts:employment-list",
            _("Employment"),
            roles=(Role.APPLICANT, Role.UNIT_CLERK, Role.UNIT_HEAD),
            order=60,
        ),
        NavItem(
            "accounts:organisation-list",
            _("Organisations"),
            roles=(*READERS, Role.FORWARDER),
            order=70,
            words=_of_organisations,
        ),
        NavItem("accounts:unitseal-list", _("Electronic seals"), roles=SEALS, order=70, words=_of_seals),
        NavItem("accounts:post-list", _("Post structures"), roles=POSTS, order=70, words=_of_posts),
        NavItem("accounts:membership-list", _("Roles"), roles=READERS, order=71),
        NavItem("accounts:user-list", _("Accounts"), roles=READERS, order=72),
        NavItem("accounts:look-list", _("Looks of supervisors"), roles=READERS, order=73),
        NavItem("accounts:message-list", _("Messages"), roles=everybody, order=90),
        NavItem("accounts:account-detail", _("My account"), roles=everybody, order=91),
    )
    if settings.PORTAL_SHOW_SENT_MAIL:
        navigation.register(NavItem("accounts:sent-mail", _("Sent mail (demonstration)"), footer=True, order=99))
