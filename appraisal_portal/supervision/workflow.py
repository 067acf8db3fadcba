"""The table of supervision checks (评审工作督查): findings, what was mended, withdrawal of authority by two people."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import Membership, User
from appraisal_portal.accounts.services import bureau_members, members_of
from appraisal_portal.kernel.access import not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, seen_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import NEW, Act, Tell, Transition, Workflow
from appraisal_portal.supervision import access, rules
from appraisal_portal.supervision.models import SupervisionCheck, SupervisionRecord
from committees.plans.workflow import COMMITTEE

Status = SupervisionCheck.Status
Role = Membership.Role
_BASIS = "supervision.five_questions"
_FORMS = "appraisal_portal.supervision.forms."


def _reviewers(_check: Any) -> Iterable[User]:
    return bureau_members(Role.BUREAU_REVIEWER)


def _approvers(check: Any) -> Iterable[User]:
    return [user for user in bureau_members(Role.BUREAU_APPROVER) if user.pk != check.proposed_by_id]


def office(check: Any) -> Iterable[User]:
    """Clerks and director of the committee's office."""
    return members_of(check.committee.office_id, Role.OFFICE_CLERK, Role.COMMITTEE_DIRECTOR)


def _by(check: Any) -> Any:
    return check.rectify_by


def _date(check: SupervisionCheck, act: Act) -> None:
    check.rectify_by = act.data["rectify_by"]


def _answer(check: SupervisionCheck, act: Act) -> None:
    check.answer, check.answered_on = act.data["answer"].strip(), act.day


def _propose(check: SupervisionCheck, act: Act) -> None:
    check.ground = act.reason
    write_proposal(check, act)


def _withdraw(check: SupervisionCheck, act: Act, record: Any) -> None:
    if check.committee.status == "active":
        COMMITTEE.fire(check.committee, "suspend", actor=act.actor, cause=record, reason=check.ground)


_KEPT = (
    Tell(_reviewers, _("Authority kept: {obj}"), _("The approver did not agree: {reason}"), action_needed=True,
         who="bureau_reviewer"),
)  # fmt: skip

SUPERVISION_CHECK = Workflow(
    SupervisionCheck,
    SupervisionRecord,
    Transition(
        "open", _("Open the check"), (NEW,), Status.OPEN, access.is_bureau_reviewer,
        guards=(rules.year_is_reviewed, rules.checked_once), basis=_BASIS,
    ),
    Transition(
        "send", _("Send the findings"), (Status.OPEN,), Status.SENT, access.is_bureau_reviewer,
        guards=(rules.every_item_judged, rules.some_defect, rules.date_to_mend), apply=_date, basis=_BASIS,
        form=_FORMS + "MendForm", keep=("rectify_by",), public_label=_("Findings sent"),
        tells=[
            Tell(office, _("Findings of the supervision: {obj}"),
                 _("The bureau found defects in the committee's work. Please mend them; the director answers by {by}."),
                 by=_by, action_needed=True, who="committee office")
        ],
    ),
    Transition(
        "answer", _("Answer the findings"), (Status.SENT,), Status.ANSWERED, access.answers_for,
        guards=(rules.answer_given,), apply=_answer, form=_FORMS + "AnswerForm", keep=("answer",),
        public_label=_("Answered"),
        tells=[
            Tell(_reviewers, _("Findings answered: {obj}"),
                 _("The committee's director says what was mended. Please look at it: close the check, or send it "
                   "back."), action_needed=True, who="bureau_reviewer")
        ],
    ),
    Transition(
        "send_back", _("Send back"), (Status.ANSWERED,), Status.SENT, access.is_bureau_reviewer,
        guards=(rules.date_to_mend,), apply=_date, form=_FORMS + "MendForm", keep=("rectify_by",), needs_reason=True,
        public_label=_("Sent back"),
        tells=[
            Tell(office, _("Not mended yet: {obj}"), _("The bureau is not satisfied: {reason}. New last day: {by}."),
                 by=_by, action_needed=True, who="committee office")
        ],
    ),
    Transition(
        "close", _("Close the check"), (Status.OPEN, Status.ANSWERED), Status.CLOSED, access.is_bureau_reviewer,
        guards=(rules.every_item_judged, rules.no_open_defect), public_label=_("Closed"),
        explanation=_("The committee's office reads the findings; nothing is left to be mended."),
        tells=[
            Tell(office, _("Supervision closed: {obj}"), _("The findings stand on its page. Nothing is left to do."),
                 who="committee office")
        ],
    ),
    Transition(
        "propose_withdrawal", _("Propose to withdraw the authority"), (Status.SENT, Status.ANSWERED), Status.PROPOSED,
        access.is_bureau_reviewer, guards=(seen_content, rules.some_defect), apply=_propose, needs_reason=True,
        tells=[
            Tell(_approvers, _("To decide: withdraw the authority of {obj}"),
                 _("The reason: {reason}. Please decide as the second person."), action_needed=True,
                 who="bureau_approver")
        ],
    ),
    Transition(
        "keep", _("Keep the authority"), (Status.PROPOSED,), Status.SENT,
        access.is_bureau_approver & ~access.proposed_after_the_answer, needs_reason=True,
        public_label=_("Authority kept"), tells=_KEPT,
    ),
    Transition(
        "keep_answered", _("Keep the authority"), (Status.PROPOSED,), Status.ANSWERED,
        access.is_bureau_approver & access.proposed_after_the_answer, needs_reason=True,
        public_label=_("Authority kept"), tells=_KEPT,
        explanation=_("The committee has answered; the reviewer closes the check or sends it back."),
    ),
    Transition(
        "withdraw", _("Withdraw the authority"), (Status.PROPOSED,), Status.WITHDRAWN,
        access.is_bureau_approver & not_the_same_person_as("propose_withdrawal"),
        guards=(same_content,), apply=write_decision, then=_withdraw, irreversible=True,
        confirm=lambda check: str(check.committee.code), public_label=_("Authority withdrawn"),
        explanation=_("The committee is suspended: no window of it stays open and no meeting may be approved until the "
                      "bureau restores it. The number to type is the committee's in the register."),
        tells=[
            Tell(office, _("Authority withdrawn: {obj}"), _("The bureau has withdrawn the committee's authority."),
                 who="committee office")
        ],
    ),
)  # fmt: skip
