"""The table of liftings (解除): a ban is never overridden; a new decision after a hearing may end it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from applications import access
from applications.models import Lifting, LiftingRecord
from applications.rules import sanction as rules
from applications.workflow import people
from applications.workflow.sanction import SANCTION, hear, summon
from appraisal_portal.kernel.access import not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, seen_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import NEW, SAME, Act, Tell, Transition, Workflow

Status = Lifting.Status
_OTHERS = access.concerns_somebody_else
_FORMS = "applications.forms.sanction."
_SECOND = access.is_bureau_approver & _OTHERS & not_the_same_person_as("propose")


def _ask(lifting: Lifting, act: Act) -> None:
    lifting.ground = act.reason


def _propose(lifting: Lifting, act: Act) -> None:
    lifting.opinion = act.data["opinion"].strip()
    write_proposal(lifting, act)


def _lift(lifting: Lifting, act: Act, record: Any) -> None:
    SANCTION.fire(lifting.sanction, "lift", actor=act.actor, cause=record, reason=lifting.opinion)


LIFTING = Workflow(
    Lifting,
    LiftingRecord,
    Transition(
        "ask", _("Ask for the ban to be lifted"), (NEW,), Status.ASKED,
        access.is_person_concerned | (access.is_bureau_reviewer & _OTHERS),
        guards=(rules.ban_in_force, rules.no_other_lifting), needs_reason=True, apply=_ask,
        public_label=_("Lifting asked for"),
        tells=[
            Tell(people.bureau_reviewers, _("Lifting of a ban asked for: {obj}"),
                 _("The reason: {reason}. Please name the day of the hearing."), action_needed=True,
                 who="bureau_reviewer")
        ],
    ),
    Transition(
        "summon", _("Name the day of the hearing"), (Status.ASKED,), SAME, access.is_bureau_reviewer & _OTHERS,
        guards=(rules.hearing_ahead,), apply=summon, form=_FORMS + "SummonForm",
        keep=("hearing_at", "hearing_place"), public_label=_("Hearing named"),
        tells=[
            Tell(people.person_concerned, _("You are invited to a hearing"),
                 _("The hearing about lifting your ban is on {hearing_at}, {hearing_place}. Please come."),
                 action_needed=True, who="person concerned")
        ],
    ),
    Transition(
        "hear", _("Record the hearing"), (Status.ASKED,), Status.HEARD, access.is_bureau_reviewer & _OTHERS,
        guards=(rules.heard_as_it_was, rules.lifting_heard), apply=hear, form=_FORMS + "LiftingHeardForm",
        keep=("heard_how",), public_label=_("Heard"),
        tells=[
            Tell(people.bureau_reviewers, _("Hearing recorded: lifting of {obj}"),
                 _("Please propose that the ban is lifted or that it stands."), action_needed=True,
                 who="bureau_reviewer")
        ],
    ),
    Transition(
        "propose", _("Propose a decision"), (Status.HEARD,), Status.PROPOSED, access.is_bureau_reviewer & _OTHERS,
        guards=(seen_content, rules.ban_in_force, rules.lifting_heard, rules.opinion_given), apply=_propose,
        form=_FORMS + "OpinionForm", keep=("proposal",),
        tells=[
            Tell(people.other_approvers, _("To decide: lift ban {obj}"),
                 _("The reviewer thinks: {opinion}. Please decide as the second person."), action_needed=True,
                 who="bureau_approver")
        ],
    ),
    Transition(
        "send_back", _("Send back"), (Status.PROPOSED,), Status.HEARD, access.is_bureau_approver & _OTHERS,
        needs_reason=True,
        tells=[
            Tell(people.bureau_reviewers, _("Sent back: lifting of {obj}"), _("The approver did not agree: {reason}"),
                 action_needed=True, who="bureau_reviewer")
        ],
    ),
    Transition(
        "decide", _("Lift the ban"), (Status.PROPOSED,), Status.LIFTED, _SECOND,
        guards=(same_content, rules.ban_in_force, rules.lifting_heard), apply=write_decision, then=_lift,
        public_label=_("Ban lifted"),
        explanation=_("The ban ends today and stays on record beside this decision. What it ended is not revived; the "
                      "person can declare again."),
    ),
    Transition(
        "refuse", _("Let the ban stand"), (Status.PROPOSED,), Status.REFUSED, _SECOND,
        guards=(seen_content, rules.refusal_proposed), apply=write_decision, public_label=_("Ban stands"),
        tells=[
            Tell(people.person_concerned, _("Your ban stands"),
                 _("After the hearing two people of the bureau decided that the ban stands: {opinion}."),
                 who="person concerned")
        ],
    ),
)  # fmt: skip
