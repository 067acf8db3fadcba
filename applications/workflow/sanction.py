"""The table of bans after falsification (弄虚作假处理)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from applications import access
from applications.models import Declaration, Sanction, SanctionRecord
from applications.querysets import CLOSED
from applications.rules import sanction as rules
from applications.workflow import people
from applications.workflow.declaration import DECLARATION
from appraisal_portal.kernel.access import not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, seen_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import NEW, SAME, Act, Tell, Transition, Workflow

Status = Sanction.Status
_BASIS = "falsification.ban_years"
_OTHERS = access.concerns_somebody_else


def _hear(sanction: Sanction, act: Act) -> None:
    sanction.heard_at = act.at
    for name in ("statement", "statement_refused", "evidence"):
        if name in act.data:
            setattr(sanction, name, act.data[name])


def _bar(sanction: Sanction, act: Act, record: Any) -> None:
    """Everything the person has under way ends; certificates are revoked by their own procedure."""
    under_way = Declaration.objects.filter(applicant=sanction.person_id).exclude(
        status__in=(*CLOSED, Declaration.Status.CERTIFIED)
    )
    for declaration in under_way.order_by("pk"):
        DECLARATION.fire(declaration, "bar", actor=act.actor, cause=record, reason=sanction.ground)


SANCTION = Workflow(
    Sanction,
    SanctionRecord,
    Transition(
        "open", _("Open a case"), (NEW,), Status.DRAFT, access.is_bureau_reviewer & _OTHERS,
        guards=(rules.ground_given, rules.years_by_law), basis=_BASIS, needs_reason=True,
        tells=[
            Tell(people.person_concerned, _("You are asked for a statement"),
                 _("The bureau examines whether material of yours was false: {reason}. Please give your statement."),
                 action_needed=True, who="person concerned")
        ],
    ),
    Transition(
        "hear", _("Record the statement"), (Status.DRAFT,), Status.HEARD, access.is_bureau_reviewer & _OTHERS,
        guards=(rules.person_heard,), apply=_hear, form="applications.forms.sanction.HearForm",
        tells=[
            Tell(people.bureau_reviewers, _("Statement recorded: ban {obj}"),
                 _("The statement is recorded. Please propose a decision."), action_needed=True, who="bureau_reviewer")
        ],
    ),
    Transition(
        "propose", _("Propose the ban"), (Status.HEARD,), Status.PROPOSED, access.is_bureau_reviewer & _OTHERS,
        guards=(seen_content, rules.person_heard, rules.years_by_law), apply=write_proposal, basis=_BASIS,
        tells=[
            Tell(people.other_approvers, _("To decide: ban {obj}"),
                 _("A ban is proposed. Please decide as the second person."), action_needed=True, who="bureau_approver")
        ],
    ),
    Transition(
        "decide", _("Decide the ban"), (Status.PROPOSED,), Status.IN_FORCE,
        access.is_bureau_approver & _OTHERS & not_the_same_person_as("propose"),
        guards=(same_content, rules.years_by_law), apply=write_decision, then=_bar, basis=_BASIS, irreversible=True,
        tells=[
            Tell(people.person_concerned, _("Decision: barred {obj}"),
                 _("The bureau has decided that you cannot declare in these years: {obj}. Material is returned the way "
                   "it came."), who="person concerned")
        ],
        confirm=lambda sanction: str(sanction.from_year),
    ),
    Transition(
        "propose_lift", _("Propose to lift the ban"), (Status.IN_FORCE,), SAME, access.is_bureau_reviewer & _OTHERS,
        needs_reason=True,
        tells=[
            Tell(people.other_approvers, _("To decide: lift ban {obj}"),
                 _("It is proposed to lift a ban: {reason}. Please decide as the second person."),
                 action_needed=True, who="bureau_approver")
        ],
    ),
    Transition(
        "lift", _("Lift the ban"), (Status.IN_FORCE,), Status.LIFTED,
        access.is_bureau_approver & _OTHERS & not_the_same_person_as("propose_lift"),
        guards=(rules.lifting_proposed,), needs_reason=True,
        tells=[
            Tell(people.person_concerned, _("Your ban has been lifted"), _("You can declare again: {reason}."),
                 who="person concerned")
        ],
    ),
)  # fmt: skip
