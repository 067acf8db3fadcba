"""A meeting from the application to the locked results (评审会议)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.workflow import DECLARATION
from appraisal_portal.accounts.models import User
from appraisal_portal.accounts.services import bureau_members, members_of
from appraisal_portal.kernel import documents
from appraisal_portal.kernel.access import not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, seen_content, write_decision, write_proposal
from appraisal_portal.kernel.calendar import ONE_DAY
from appraisal_portal.kernel.workflow import Act, Tell, Transition, Workflow
from committees.reviews.access import meeting as access
from committees.reviews.models import Admission, Meeting, MeetingPaper, MeetingRecord, ResultPublicity, Verdict
from committees.reviews.rules import ballot as voting
from committees.reviews.rules import meeting as rules
from committees.reviews.rules.conflict import recusals_decided
from committees.reviews.rules.freeze import none_frozen
from committees.reviews.rules.panel import panels_complete
from committees.reviews.rules.pre_review import pre_review_over
from committees.reviews.rules.presiding import every_round_announced
from committees.reviews.rules.standing import every_kind_present, standing_body_named
from committees.reviews.workflow.signers import LEND_A_DIRECTOR

S = Meeting.Status
Role = access.Role


def _reviewers(meeting: Meeting) -> Iterable[User]:
    return bureau_members(Role.BUREAU_REVIEWER)


def _approvers(meeting: Meeting) -> Iterable[User]:
    return [user for user in bureau_members(Role.BUREAU_APPROVER) if user.pk != meeting.proposed_by_id]


def _office(meeting: Meeting) -> Iterable[User]:
    return members_of(meeting.committee.office_id, Role.OFFICE_CLERK, Role.COMMITTEE_DIRECTOR)


def _called_up(meeting: Meeting) -> Iterable[User]:
    return User.objects.active().filter(called_up__meeting=meeting).order_by("pk")


def _meeting_day(meeting: Meeting) -> Any:
    return meeting.meets_on


def _write_application(meeting: Meeting, act: Act) -> None:
    meeting.applied_on, meeting.applied_by_id = act.day, act.actor.pk
    meeting.proposed_by_id, meeting.proposed_at, meeting.proposed_hash, meeting.proposal = None, None, "", ""
    meeting.proposed_content = None


def _write_approval(meeting: Meeting, act: Act) -> None:
    """The decision, its day, and the reply with its number: both are stored or neither."""
    write_decision(meeting, act)
    meeting.approved_on = act.day
    reply = documents.issue("meeting-reply", meeting, actor=act.actor, paper_model=MeetingPaper)
    meeting.reply_number = reply.number or ""


def _qualified(meeting: Meeting) -> list[Admission]:
    rows = meeting.admissions.filter(exam_result=Admission.Result.QUALIFIED, live=True)
    return list(rows.select_related("declaration").order_by("declaration"))


def _put_on_roster(meeting: Meeting, act: Act, record: Any) -> None:
    # Locks: the meeting is locked already, then the declarations in ascending order.
    for admission in _qualified(meeting):
        DECLARATION.fire(admission.declaration, "put_on_roster", actor=act.actor, cause=record)


def _give_up(meeting: Meeting, act: Act, record: Any) -> None:
    """Take everybody off the roster again and let them be admitted to another meeting."""
    for admission in _qualified(meeting):
        if admission.declaration.status == "on_roster":
            DECLARATION.fire(admission.declaration, "take_off_roster", actor=act.actor, cause=record, reason=act.reason)
    meeting.admissions.filter(live=True).update(live=False)
    # The list of those who were to go to it comes off the public pages.
    meeting.publicities.filter(kind=ResultPublicity.Kind.PRE_REVIEW).update(take_down_on=act.day - ONE_DAY)


def _hand_results_on(meeting: Meeting, act: Act, record: Any) -> None:
    fired = {"passed": "record_pass", "not_passed": "record_fail", "deferred": "defer"}
    for admission in _qualified(meeting):
        outcome = admission.verdict.outcome
        DECLARATION.fire(
            admission.declaration, fired[outcome], actor=act.actor, cause=record, reason=admission.verdict.ground
        )
        if outcome == Verdict.Outcome.DEFERRED:  # free for another meeting
            Admission.objects.filter(pk=admission.pk).update(live=False)


def _defer(meeting: Meeting, act: Act) -> None:
    committee = meeting.committee
    Verdict.objects.create(
        admission=act.data["admission"],
        basis=Verdict.Basis.VOTE,
        pass_num=committee.pass_num,
        pass_den=committee.pass_den,
        outcome=Verdict.Outcome.DEFERRED,
        ground=act.reason[:200],
    )


def _determine(meeting: Meeting, act: Act) -> None:
    committee = meeting.committee
    Verdict.objects.create(
        admission=act.data["admission"],
        basis=Verdict.Basis.DETERMINATION,
        pass_num=committee.pass_num,
        pass_den=committee.pass_den,
        outcome=act.data["outcome"],
        ground=act.reason[:200],
    )


_FORMS = "committees.reviews.forms.meeting"

MEETING = Workflow(
    Meeting,
    MeetingRecord,
    Transition(
        "apply", _("Sign and apply to the bureau"), (S.DRAFT, S.RETURNED), S.APPLIED, access.is_committee_director,
        guards=(rules.signed, *rules.APPLY_GUARDS, standing_body_named), apply=_write_application, papers=rules.PAPERS,
        form=f"{_FORMS}.SignForm", basis="meeting.lead_days",
        explanation=_("The bureau must have the letter, the roster and the list five working days before the meeting."),
        tells=[
            Tell(_reviewers, _("Meeting to check: {obj}"),
                 _("The office applies for the meeting “{obj}”. Please check it and propose a decision by {by}."),
                 by=_meeting_day, action_needed=True, who="bureau_reviewer"),
        ],
        public_label=_("Meeting applied for"),
    ),
    Transition(
        "propose", _("Propose approval"), (S.APPLIED,), S.PROPOSED, access.is_bureau_reviewer,
        guards=(seen_content, rules.snapshot_current, rules.before_the_meeting_day), apply=write_proposal,
        explanation=_("A second person of the bureau will confirm exactly what you see here."),
        tells=[
            Tell(_approvers, _("Meeting to decide: {obj}"),
                 _("“{obj}” is proposed for approval. Please decide as the second person, before {by}."),
                 by=_meeting_day, action_needed=True, who="bureau_approver"),
        ],
    ),
    Transition(
        "approve", _("Approve the meeting"), (S.PROPOSED,), S.APPROVED,
        access.is_bureau_approver & not_the_same_person_as("propose"),
        guards=(same_content, rules.snapshot_current, rules.before_the_meeting_day, none_frozen), apply=_write_approval,
        then=_put_on_roster, basis="meeting.lead_days", irreversible=True,
        confirm=lambda meeting: str(len(_qualified(meeting))),
        explanation=_("A numbered reply is made, the roster is frozen, and the qualified wait for the meeting. The "
                      "number to type is how many people qualified."),
        tells=[
            Tell(_office, _("Meeting approved: {obj}"),
                 _("The bureau has approved “{obj}”. Please call up the members; the meeting is on {by}."),
                 by=_meeting_day, action_needed=True, who="office"),
            LEND_A_DIRECTOR,
        ],
        public_label=_("Meeting approved"),
    ),
    Transition(
        "send_back", _("Send back"), (S.APPLIED, S.PROPOSED), S.RETURNED, access.sends_back, needs_reason=True,
        form="appraisal_portal.kernel.returning.ReturnForm",
        explanation=_("The office mends it and applies again; the five working days are then counted anew."),
        tells=[
            Tell(_office, _("Meeting sent back: {obj}"),
                 _("“{obj}” was sent back: {reason}. Please mend it, make the papers anew and apply again."),
                 action_needed=True, who="office"),
        ],
    ),
    Transition(
        "open", _("Open the meeting"), (S.APPROVED,), S.IN_SESSION, access.is_office_clerk,
        guards=(
            rules.is_the_day, pre_review_over, rules.attendance_signed, rules.recusals_confirmed, recusals_decided,
            rules.has_quorum, panels_complete, every_kind_present,
        ),
        explanation=_("Attendance and recusals are confirmed by the observer beforehand."),
        tells=[LEND_A_DIRECTOR],
    ),
    Transition(
        "defer_person", _("Defer a person"), (S.IN_SESSION,), None, access.is_committee_director,
        guards=(voting.person_without_decision,), apply=_defer, needs_reason=True, form=f"{_FORMS}.DeferForm",
        explanation=_("For somebody the committee cannot decide on today, for instance absent from the defence."),
    ),
    Transition(
        "determine", _("Decide without a vote"), (S.IN_SESSION,), None, access.is_committee_director,
        guards=(voting.without_vote, voting.person_without_decision), apply=_determine, needs_reason=True,
        form=f"{_FORMS}.DetermineForm",
        explanation=_("Preliminary determination and confirmation, where the committee does not vote."),
    ),
    Transition(
        "lock_results", _("Sign and lock the results"), (S.IN_SESSION,), S.DECIDED, access.signs_results,
        guards=(
            rules.signed, voting.every_admission_has_verdict, voting.no_open_round, every_round_announced,
            rules.minutes_stored,
        ),
        then=_hand_results_on, irreversible=True, confirm=lambda meeting: str(len(_qualified(meeting))),
        form=f"{_FORMS}.SignResultsForm",
        explanation=_(
            "The results can no longer be changed. Who has not passed is told now, the others when the publicity "
            "starts. The number to type is how many people went to the meeting."
        ),
        tells=[
            Tell(_office, _("Results locked: {obj}"),
                 _("The results of “{obj}” are locked. Please prepare the publicity."),
                 action_needed=True, who="office"),
        ],
        public_label=_("Reviewed by the committee"),
    ),
    Transition(
        "void", _("Declare the meeting void"), (S.APPROVED, S.IN_SESSION), S.VOID, access.is_committee_director,
        guards=(voting.observer_witnesses, voting.nothing_sealed), then=_give_up, needs_reason=True,
        form=f"{_FORMS}.WitnessForm",
        explanation=_("No quorum, or the day has passed: a new application with a new count of days is needed."),
        tells=[
            Tell(_called_up, _("Meeting void: {obj}"), _("“{obj}” is not held: {reason}."), who="attendees"),
            Tell(_reviewers, _("Meeting void: {obj}"), _("“{obj}” is not held: {reason}."), who="bureau_reviewer"),
        ],
    ),
    Transition(
        "cancel", _("Cancel the meeting"), (S.DRAFT, S.APPLIED, S.RETURNED, S.APPROVED), S.CANCELLED,
        access.is_committee_director, then=_give_up, needs_reason=True,
        explanation=_("Everybody on the roster waits for another meeting."),
        tells=[
            Tell(_called_up, _("Meeting cancelled: {obj}"), _("“{obj}” is cancelled: {reason}."), who="attendees"),
        ],
    ),
)  # fmt: skip
