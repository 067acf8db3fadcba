"""Rows of the declaration's table up to the qualification examination: applicant, unit, forwarder, committee office."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications import access
from applications.models import Declaration, read_whole
from applications.rules import changes, course, examination, form, submission, unit
from applications.rules.closing import closing_day
from applications.rules.uploads import no_infected_file
from applications.workflow import handlers, people, writes
from applications.workflow.recusal import LEND_A_CLERK, propose_from_achievements
from applications.workflow.spot_check_item import settle_re_examination
from appraisal_portal.kernel.access import IS_SYSTEM, not_the_same_person_as
from appraisal_portal.kernel.workflow import SAME, Tell, Transition

S = Declaration.Status
_CLERK = access.is_clerk_of_unit & ~access.is_owner
_HEAD = access.is_head_of_unit & ~access.is_owner
_HANDLER = access.is_handler & ~access.is_owner & access.not_of_same_unit & access.keeps_to_no_recusal

# Judged at handing in, and again when the office examines: facts may have changed in between.
ELIGIBILITY = (
    submission.not_civil_servant,
    submission.not_retired,
    submission.not_exam_only,
    submission.hours_met,
    submission.no_standing_sanction,
    submission.not_under_punishment,
    submission.route_conditions,
    submission.committee_in_scope,
)
HANDING_IN = (
    form.strict_form_complete,
    submission.employment_confirmed,
    *ELIGIBILITY,
    submission.no_second_declaration,
    submission.undertaking_signed,
    no_infected_file,
)


def _unit_deadline(declaration: Any) -> dt.date | None:
    return declaration.line.unit_deadline


def _closing_day(declaration: Any) -> dt.date | None:
    return closing_day(declaration)


def _changes_by(declaration: Any) -> dt.date | None:
    slip = changes.answered_slip(declaration)
    return changes.confirm_by(slip) if slip else None


def _publicity_ends(declaration: Any) -> dt.date | None:
    item = unit.live_publicity_item(declaration)
    return item.publicity.ends_on if item else None


APPLICANT_AND_UNIT = (
    Transition(
        "submit", _("Submit declaration"), (S.DRAFT,), S.WITH_UNIT, access.is_owner,
        guards=(submission.window_open, *HANDING_IN), reads=read_whole, apply=writes.hand_in, basis="unit.responsible",
        public_label=_("Declaration submitted"), irreversible=True, by_arrival=True,
        explanation=_("What you hand in is verified next. You cannot change it any more unless it is returned."),
        tells=[
            Tell(people.unit_clerks, _("To verify: declaration {obj}"),
                 _("Declaration {obj} has been submitted. Please verify each item against the originals by {by}."),
                 by=_unit_deadline, action_needed=True, who="unit_clerk"),
            Tell(people.applicant, _("Your declaration {obj} has been submitted"),
                 _("{unit} verifies it now, by {by} at the latest. You do not need to do anything."),
                 by=_unit_deadline, who="applicant"),
        ],
    ),
    Transition(
        "return_by_unit", _("Return for correction"), (S.WITH_UNIT, S.VERIFIED, S.UNIT_PUBLICITY), S.RETURNED, _CLERK,
        guards=(examination.slip_has_items, examination.answer_day_possible), apply=writes.give_back,
        needs_reason=True,
        public_label=_("Returned by the work unit for correction"),
        tells=[
            Tell(people.applicant, _("Please correct your declaration {obj}"),
                 _("{unit} has returned it for correction:\n{reason}\n"
                   "Only these items can be changed. Please submit again by {by}."),
                 by=examination.answer_until, action_needed=True, who="applicant")
        ],
    ),
    Transition(
        "resubmit", _("Submit again"), (S.RETURNED,), S.WITH_UNIT, access.is_owner,
        guards=(examination.only_named_items_changed, unit.unit_deadline_open, *HANDING_IN), reads=read_whole,
        apply=writes.hand_in_again, by_arrival=True, public_label=_("Submitted again after correction"),
        tells=[
            Tell(people.unit_clerks, _("Corrected: declaration {obj}"),
                 _("The applicant has corrected declaration {obj}. Please verify it by {by}."),
                 by=_unit_deadline, action_needed=True, who="unit_clerk")
        ],
    ),
    Transition(
        "change_unit", _("Change of unit"), (S.WITH_UNIT, S.RETURNED, S.VERIFIED, S.UNIT_PUBLICITY), S.RETURNED,
        guards=(examination.slip_has_items,), apply=writes.change_unit,
        driven_by=("accounts.Employment.confirm",), public_label=_("Moved to the new work unit"),
        tells=[
            Tell(people.applicant, _("Please hand in declaration {obj} again, through {unit}"),
                 _("You moved to {unit} before you had been recommended. Bring your work history up to date, sign and "
                   "hand in again by {by}; {unit} verifies and publicises it."),
                 by=_unit_deadline, action_needed=True, who="applicant"),
            Tell(people.unit_clerks, _("A declaration comes to you: {obj}"),
                 _("The applicant has moved to {unit}. You verify declaration {obj} once it has been handed in again, "
                   "by {by} at the latest. You do not need to do anything yet."),
                 by=_unit_deadline, who="unit_clerk of the new unit"),
        ],
    ),
    Transition(
        "verify", _("Verify"), (S.WITH_UNIT,), S.VERIFIED, _CLERK, guards=(unit.every_item_checked,),
        basis="unit.responsible", public_label=_("Verified by the work unit"),
        tells=[
            Tell(people.unit_clerks, _("To publicise: declaration {obj}"),
                 _("Declaration {obj} is verified. Please start its publicity in time before {by}."),
                 by=_unit_deadline, action_needed=True, who="unit_clerk"),
            Tell(people.applicant, _("{unit} has verified declaration {obj}"),
                 _("The publicity at {unit} comes next. You do not need to do anything."), who="applicant"),
        ],
    ),
    Transition(
        "publicise", _("Publicise inside the unit"), (S.VERIFIED,), S.UNIT_PUBLICITY,
        guards=(unit.snapshot_equals_verified,), driven_by=("applications.UnitPublicity.start",),
        public_label=_("Publicity inside the unit begun"),
        tells=[
            Tell(people.applicant, _("Publicity at {unit}: declaration {obj}"),
                 _("Your declaration is shown at {unit} until {by}."), by=_publicity_ends, who="applicant"),
            Tell(people.unit_heads, _("Publicity running: declaration {obj}"),
                 _("From the day after {by} you can recommend declaration {obj}, if no objection is open."),
                 by=_publicity_ends, who="unit_head"),
        ],
    ),
    Transition(
        "recommend", _("Recommend"), (S.UNIT_PUBLICITY, S.VERIFIED), S.RECOMMENDED,
        _HEAD & not_the_same_person_as("verify"),
        guards=(
            unit.unit_publicity_over, unit.no_open_unit_objection, unit.material_unchanged, unit.undertaking_complete,
            unit.post_information_published, unit.post_vacancy,
        ),
        apply=writes.recommend, then=propose_from_achievements, basis="posts.within_structure", keep=("e_seal",),
        public_label=_("Recommended by the work unit"),
        tells=[
            Tell(people.next_after_recommendation, _("To check: declaration {obj}"),
                 _("{unit} has recommended declaration {obj}. Please check it and pass it on."),
                 action_needed=True, who="forwarder, else office_clerk"),
            LEND_A_CLERK,
            Tell(people.applicant, _("{unit} recommends declaration {obj}"),
                 _("It now goes to the committee office. You do not need to do anything."), who="applicant"),
        ],
    ),
    Transition(
        "refuse_recommendation", _("Refuse the recommendation"), (S.WITH_UNIT, S.VERIFIED, S.UNIT_PUBLICITY),
        S.NOT_RECOMMENDED, _HEAD, needs_reason=True, public_label=_("Not recommended by the work unit"),
        tells=[
            Tell(people.applicant, _("{unit} does not recommend declaration {obj}"),
                 _("The reason: {reason}. You can speak with {unit} and declare anew "
                   "while the window is open, until {by}."),
                 by=_closing_day, who="applicant")
        ],
    ),
    Transition(
        "withdraw", _("Withdraw"),
        (
            S.DRAFT, S.WITH_UNIT, S.RETURNED, S.VERIFIED, S.UNIT_PUBLICITY, S.RECOMMENDED, S.FORWARDED,
            S.IN_EXAMINATION,
            S.SUPPLEMENT, S.QUALIFIED,
        ),
        S.WITHDRAWN, access.is_owner, guards=(course.reason_given,), apply=writes.withdraw,
        form="applications.forms.withdraw.WithdrawForm",
        public_label=_("Withdrawn by you"), irreversible=True,
        explanation=_("The declaration ends. While the window is open you can start a new one."),
        tells=[
            Tell(people.unit_clerks, _("Withdrawn: declaration {obj}"),
                 _("The applicant has withdrawn declaration {obj}. You do not need to do anything."), who="unit_clerk"),
            Tell(people.handler, _("Withdrawn: declaration {obj}"),
                 _("The applicant has withdrawn declaration {obj}. You do not need to do anything."), who="office"),
        ],
    ),
)  # fmt: skip

FORWARDER_AND_OFFICE = (
    Transition(
        "forward", _("Forward"), (S.RECOMMENDED,), S.FORWARDED, access.is_forwarder_of_unit & ~access.is_owner,
        guards=(examination.goes_on_to_another_body, submission.committee_in_scope), apply=writes.set_line,
        then=propose_from_achievements, needs_reason=True, keep=("opinion",),
        public_label=_("Forwarded to the committee office"),
        tells=[
            Tell(people.office_clerks, _("To accept: declaration {obj}"),
                 _("Declaration {obj} has been forwarded with the opinion: {reason}. "
                   "Please accept it or send it back."),
                 action_needed=True, who="office_clerk"),
            LEND_A_CLERK,
        ],
    ),
    Transition(
        "send_back_to_unit", _("Send back to the work unit"), (S.RECOMMENDED, S.FORWARDED), S.WITH_UNIT,
        (access.is_forwarder_of_unit | access.is_examiner) & ~access.is_owner, needs_reason=True, apply=writes.arrive,
        public_label=_("Sent back to the work unit"),
        tells=[
            Tell(people.unit_clerks, _("Sent back: declaration {obj}"),
                 _("Declaration {obj} was sent back: {reason}. Please settle it by {by}."),
                 by=_unit_deadline, action_needed=True, who="unit_clerk")
        ],
    ),
    Transition(
        "redirect", _("Redirect to another committee"), (S.FORWARDED,), SAME,
        access.is_clerk_of_office & ~access.is_owner,
        guards=(submission.committee_in_scope,), apply=writes.set_line, then=propose_from_achievements,
        needs_reason=True,
        public_label=_("Redirected to the right committee"),
        tells=[
            Tell(people.office_clerks, _("To accept: declaration {obj}"),
                 _("Declaration {obj} was redirected to your committee: {reason}. Please accept it or send it back."),
                 action_needed=True, who="office_clerk"),
            LEND_A_CLERK,
        ],
    ),
    Transition(
        "accept", _("Accept"), (S.RECOMMENDED, S.FORWARDED), S.IN_EXAMINATION,
        access.is_examiner & ~access.is_owner & access.not_of_same_unit & access.keeps_to_no_recusal,
        guards=(
            examination.forwarded_where_unit_has_a_forwarder,
            examination.entrusted_where_from_elsewhere,
            submission.committee_in_scope,
        ),
        apply=writes.take_over, basis="examination.by_office", public_label=_("Accepted by the committee office"),
        tells=[
            Tell(people.applicant, _("The committee office examines declaration {obj}"),
                 _("You do not need to do anything. If something is missing, you will be told once what and by when."),
                 who="applicant")
        ],
    ),
    Transition(
        "assign", _("Assign to a handler"), (S.IN_EXAMINATION, S.SUPPLEMENT), SAME,
        access.is_examiner & ~access.is_owner,
        guards=(handlers.handler_can_examine, handlers.another_handler_at_recheck), apply=writes.assign,
        keep=("handler",), basis="examination.by_office", public_label=_("Passed on within the committee office"),
        tells=[
            Tell(people.handler, _("Assigned to you: declaration {obj}"),
                 _("You handle declaration {obj} from now on. Please examine it."),
                 action_needed=True, who="the new handler")
        ],
    ),
    Transition(
        "ask_supplement", _("Ask for a supplement"), (S.IN_EXAMINATION,), S.SUPPLEMENT, _HANDLER,
        guards=(
            examination.first_supplement, examination.slip_has_items, examination.reply_period_fixed,
            examination.reply_ends_before_the_application,
        ),
        public_label=_("Supplement asked for"),
        tells=[
            Tell(people.applicant, _("Please supplement declaration {obj}"),
                 _("Please supply the named items by {by}, 24:00. Without a reply the declaration counts as given up."),
                 by=examination.reply_until, action_needed=True, who="applicant")
        ],
    ),
    Transition(
        "supply", _("Send the supplement"), (S.SUPPLEMENT,), S.IN_EXAMINATION, access.is_owner,
        guards=(
            examination.only_named_items_changed, examination.reply_window_open, form.strict_form_complete,
            changes.changed_claims_signed,
        ),
        reads=read_whole, apply=writes.supply, by_arrival=True, public_label=_("Supplement sent"),
        tells=[
            Tell(people.handler, _("Supplied: declaration {obj}"),
                 _("The applicant has supplied the named items of declaration {obj}. "
                   "Please go on with the examination."),
                 action_needed=True, who="handler"),
            Tell(people.unit_clerks_after_a_change, _("To confirm after a supplement: declaration {obj}"),
                 _("The applicant has corrected declaration {obj} for the committee office. Please confirm what "
                   "changed by {by}; until then the office cannot decide."),
                 by=_changes_by, action_needed=True, who="unit_clerk"),
        ],
    ),
    Transition(
        "deem_abandoned", _("Deem given up"), (S.SUPPLEMENT,), S.ABANDONED, IS_SYSTEM,
        guards=(examination.reply_window_over,), public_label=_("Given up: no reply in time"),
        tells=[
            Tell(people.applicant, _("Declaration {obj} counts as given up"),
                 _("No supplement came in time. Paper originals come back through {unit}. From when on you can "
                   "declare again stands on the page of the declaration."),
                 who="applicant"),
            Tell(people.handler, _("Closed without a reply: declaration {obj}"),
                 _("No supplement came in time: the declaration counts as given up and is examined no further. What "
                   "you hold of its paper originals goes back through {unit}."),
                 who="handler"),
            Tell(people.unit_clerks, _("Declaration {obj} counts as given up"),
                 _("The applicant sent the committee office no supplement in time; the applicant has been told. You do "
                   "not need to do anything; paper originals come back through you."),
                 who="unit_clerk"),
        ],
    ),
    Transition(
        "qualify", _("Find eligible"), (S.IN_EXAMINATION,), S.QUALIFIED, _HANDLER,
        guards=(unit.every_item_checked, changes.changes_confirmed_and_publicised, *ELIGIBILITY),
        reads=read_whole, apply=writes.qualified, then=settle_re_examination, basis="examination.by_office",
        public_label=_("Found eligible"),
        tells=[
            Tell(people.applicant, _("Declaration {obj} is eligible"),
                 _("The committee meets next. You do not need to do anything."), who="applicant"),
            Tell(people.unit_clerks_after_the_recheck, _("Eligible after a recheck: declaration {obj}"),
                 _("The recheck the applicant asked for found the declaration eligible; it goes on. You do not need to "
                   "do anything."), who="unit_clerk after a recheck"),
        ],
    ),
    Transition(
        "disqualify", _("Find not eligible"), (S.IN_EXAMINATION,), S.DISQUALIFIED, _HANDLER, needs_reason=True,
        then=settle_re_examination, keep=("ground",), basis="examination.by_office",
        public_label=_("Found not eligible"),
        tells=[
            Tell(people.applicant_who_may_ask_again, _("Declaration {obj} is not eligible"),
                 _("The ground: {reason}. You can ask once for a recheck on "
                   "the page of the declaration, until {by}, 24:00."), by=examination.recheck_day, who="applicant"),
            Tell(people.applicant_after_the_recheck, _("Declaration {obj} is not eligible"),
                 _("The ground: {reason}. This is the outcome of the recheck you asked for; it stands."),
                 who="applicant after the recheck"),
            Tell(people.unit_clerks_before_a_recheck, _("Declaration {obj} is not eligible"),
                 _("The ground: {reason}. The applicant has been told and can ask once for a recheck, until {by}. You "
                   "do not need to do anything; paper originals come back through you."),
                 by=examination.recheck_day, who="unit_clerk"),
            Tell(people.unit_clerks_after_the_recheck, _("Declaration {obj} is not eligible"),
                 _("The ground: {reason}. This is the outcome of the recheck the applicant asked for; it stands. You "
                   "do not need to do anything; paper originals come back through you."),
                 who="unit_clerk after a recheck"),
        ],
    ),
    Transition(
        "recheck", _("Ask for a recheck"), (S.DISQUALIFIED,), S.IN_EXAMINATION, access.is_owner,
        guards=(
            course.recheck_allowed, examination.first_recheck, examination.recheck_in_time,
            submission.no_second_declaration,
        ),
        needs_reason=True, by_arrival=True, apply=writes.recheck, public_label=_("Recheck asked for"),
        tells=[
            Tell(handlers.rechecking, _("Recheck: declaration {obj}"),
                 _("The applicant asks for a recheck: {reason}. Another person than before examines again: please "
                   "take it on or assign it."), action_needed=True, who="office clerks, whoever decided before aside"),
            LEND_A_CLERK,
        ],
    ),
    Transition(
        "reopen_examination", _("Reopen the examination"), (S.QUALIFIED, S.DISQUALIFIED), S.IN_EXAMINATION,
        access.is_handler, guards=(examination.not_on_roster, course.within_undo_minutes), needs_reason=True,
        driven_by=("applications.SpotCheck.order",), public_label=_("Examined again"),
        tells=[
            Tell(people.handler, _("To examine again: declaration {obj}"),
                 _("The examination of {obj} is open again: {reason}."), action_needed=True, who="handler")
        ],
    ),
)  # fmt: skip
