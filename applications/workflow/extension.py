"""The table of extensions (延期): proposed by one person of the bureau, decided by another."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications import access
from applications.models import Declaration, Extension, ExtensionRecord
from applications.rules import extension as rules
from applications.workflow import people
from appraisal_portal.accounts.models import Membership, User
from appraisal_portal.accounts.services import members_of
from appraisal_portal.kernel.access import not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import NEW, Act, Tell, Transition, Workflow

Status = Extension.Status
_OTHERS = access.not_for_oneself
_RULES = (rules.reason_stated, rules.only_longer, rules.after_outage)


def _until(extension: Extension) -> dt.date:
    return extension.until


def _applicants(extension: Extension) -> Iterable[User]:
    """The person concerned; for everybody: whoever has a draft in the line."""
    if extension.person_id:
        return User.objects.filter(person=extension.person_id)
    drafts = Declaration.objects.filter(line=extension.line_id, status=Declaration.Status.DRAFT)
    return User.objects.filter(pk__in=drafts.values("applicant__user"))


def _units(extension: Extension) -> Iterable[User]:
    """The clerks whose work comes later by it: of the units with a draft in the line."""
    drafts = Declaration.objects.filter(line=extension.line_id, status=Declaration.Status.DRAFT)
    if extension.person_id:
        drafts = drafts.filter(applicant=extension.person_id)
    units = list(drafts.order_by().values_list("unit", flat=True).distinct())
    users = [user for unit in units for user in members_of(unit, Membership.Role.UNIT_CLERK)]
    concerned = extension.person.user_id if extension.person else None
    return {user.pk: user for user in users if user.pk != concerned}.values()


def _prolong(extension: Extension, act: Act) -> None:
    write_decision(extension, act)
    if extension.person_id is None:
        line: Any = extension.line
        line.extended_to = max(line.last_day, extension.until)
        line.save(update_fields=["extended_to"])


EXTENSION = Workflow(
    Extension,
    ExtensionRecord,
    Transition(
        "propose", _("Propose an extension"), (NEW,), Status.PROPOSED, access.is_bureau_reviewer & _OTHERS,
        guards=_RULES, apply=write_proposal,
        tells=[
            Tell(people.other_approvers, _("To decide: extension {obj}"),
                 _("An extension is proposed. Please decide as the second person before the window closes."),
                 by=lambda extension: extension.line.last_day, action_needed=True, who="bureau_approver")
        ],
    ),
    Transition(
        "approve", _("Approve the extension"), (Status.PROPOSED,), Status.IN_FORCE,
        access.is_bureau_approver & _OTHERS & not_the_same_person_as("propose"),
        guards=(same_content, *_RULES), apply=_prolong, irreversible=True,
        explanation=_("From now on the later day holds; it cannot be made earlier again."),
        tells=[
            Tell(_applicants, _("More time to hand in: until {by}"),
                 _("The bureau has extended the window. You can hand in your declaration until {by}, 24:00."),
                 by=_until, who="applicants concerned"),
            Tell(_units, _("Window extended: {obj}"),
                 _("Declarations may come in until {by}, 24:00. Your own last day has not changed."), by=_until,
                 who="unit_clerk"),
        ],
    ),
    Transition(
        "refuse", _("Refuse the extension"), (Status.PROPOSED,), Status.REFUSED,
        access.is_bureau_approver & _OTHERS & not_the_same_person_as("propose"), needs_reason=True,
        tells=[
            Tell(people.bureau_reviewers, _("Extension refused: {obj}"), _("The second person refused it: {reason}"),
                 who="bureau_reviewer")
        ],
    ),
)  # fmt: skip
