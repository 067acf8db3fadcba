"""The table of bans after falsification (弄虚作假处理): opened with evidence, heard, decided by two people."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications import access
from applications.models import Declaration, Sanction, SanctionFile, SanctionRecord
from applications.querysets import CLOSED
from applications.rules import sanction as rules
from applications.signals import sanction_decided
from applications.workflow import people
from applications.workflow.declaration import DECLARATION
from appraisal_portal.accounts.models import User
from appraisal_portal.kernel import calendar, documents, files
from appraisal_portal.kernel.access import not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, seen_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import NEW, SAME, Act, Blocked, Problem, Tell, Transition, Workflow

Status = Sanction.Status
LETTER = "ban"
_BASIS = "falsification.ban_years"
_OTHERS = access.concerns_somebody_else
_FORMS = "applications.forms.sanction."
_OPEN = (Status.DRAFT, Status.HEARD)


def _answering(sanction: Any) -> Iterable[User]:
    """Head and clerks of the unit whose responsibility is examined."""
    return _unit(sanction) if sanction.unit_responsible else []


def _unit(sanction: Any) -> Iterable[User]:
    if sanction.unit is None:
        return []
    return [*people.unit_heads(sanction.declaration), *people.unit_clerks(sanction.declaration)]


def _answer_by(sanction: Any) -> Any:
    return sanction.ends_on


def _open(sanction: Sanction, act: Act) -> None:
    days = settings.PORTAL_STATEMENT_DAYS
    end = calendar.add_working_days(act.day, days)
    sanction.starts_on, sanction.working_days = act.day, days
    sanction.ends_on, sanction.provisional = end.ends_on, end.provisional
    sanction.announced_ends_on = end.ends_on


def _keep_files(sanction: Sanction, act: Act, side: str) -> None:
    """Store the files of an act; a file that is refused takes the act back, with the reason at its control."""
    for sent in act.data.get("files") or ():
        try:
            upload = files.accept_upload(sent, owner=act.actor)
        except files.UploadRefused as error:
            raise Blocked(Problem(str(error), field="files")) from error
        SanctionFile.objects.create(sanction=sanction, side=side, upload=upload)


def _keep_bureaus(sanction: Sanction, act: Act, record: Any) -> None:
    _keep_files(sanction, act, SanctionFile.Side.BUREAU)


def _state(sanction: Sanction, act: Act) -> None:
    sanction.statement = act.data["statement"].strip()
    sanction.wants_hearing = sanction.wants_hearing or bool(act.data.get("wants_hearing"))
    _keep_files(sanction, act, SanctionFile.Side.PERSON)


def _state_for_unit(sanction: Sanction, act: Act) -> None:
    sanction.unit_statement = act.data["statement"].strip()
    _keep_files(sanction, act, SanctionFile.Side.UNIT)


def summon(row: Any, act: Act) -> None:
    """Name day and place of the hearing, for a ban or its lifting."""
    row.hearing_at, row.hearing_place = act.data["hearing_at"], act.data["hearing_place"].strip()


def hear(row: Any, act: Act) -> None:
    """Keep how the person was heard and what was said."""
    row.heard_at, row.heard_how = act.at, act.data["heard_how"]
    row.minutes = str(act.data.get("minutes", "")).strip()
    if "statement" in act.data and isinstance(row, Sanction):
        row.statement = act.data["statement"].strip() or row.statement


def _return_material(sanction: Sanction, act: Act) -> None:
    sanction.returned_on = act.data["returned_on"]


def _decide(sanction: Sanction, act: Act) -> None:
    write_decision(sanction, act)
    sanction.decided_document = documents.make(LETTER, sanction, actor=act.actor)


def _bar(sanction: Sanction, act: Act, record: Any) -> None:
    """Everything the person has under way ends; the later stage begins to cancel the title."""
    under_way = Declaration.objects.filter(applicant=sanction.person_id).exclude(
        status__in=(*CLOSED, Declaration.Status.CERTIFIED)
    )
    for declaration in under_way.order_by("pk"):
        DECLARATION.fire(declaration, "bar", actor=act.actor, cause=record, reason=sanction.ground)
    sanction_decided.send(Sanction, sanction=sanction, act=act, record=record)


SANCTION = Workflow(
    Sanction,
    SanctionRecord,
    Transition(
        "open", _("Open a case"), (NEW,), Status.DRAFT, access.is_bureau_reviewer & _OTHERS,
        guards=(rules.ground_given, rules.years_by_law, rules.evidence_named, rules.no_other_case), basis=_BASIS,
        needs_reason=True, apply=_open, then=_keep_bureaus, public_label=_("Case opened"),
        tells=[
            Tell(people.person_concerned, _("You are asked for a statement"),
                 _("The bureau examines whether material of yours was false: {reason}. Please read the evidence, "
                   "give your statement or ask for a hearing by {by}."),
                 by=_answer_by, action_needed=True, who="person concerned"),
            Tell(_answering, _("{unit} is asked for a statement"),
                 _("The bureau examines whether {unit} shares the responsibility for false material: {reason}. "
                   "Its head can answer by {by}."), by=_answer_by, action_needed=True, who="unit that vouched"),
        ],
    ),
    Transition(
        "state", _("Give a statement"), (Status.DRAFT,), SAME, access.is_person_concerned,
        guards=(rules.statement_given,), apply=_state, keep=("statement", "wants_hearing"),
        form=_FORMS + "StatementForm", public_label=_("Statement of the person"),
        explanation=_("Say what is right and what is not, and add what shows it. You can add to it until the bureau "
                      "records that you were heard. Nothing has been decided."),
        tells=[
            Tell(people.bureau_reviewers, _("A statement was given: ban {obj}"),
                 _("The person has answered. Hold the hearing where one is asked for, then record it."),
                 action_needed=True, who="bureau_reviewer")
        ],
    ),
    Transition(
        "state_for_unit", _("Answer for the unit"), (Status.DRAFT,), SAME, access.is_head_of_answering_unit,
        guards=(rules.statement_given,), apply=_state_for_unit, keep=("statement",),
        form=_FORMS + "UnitStatementForm", public_label=_("Statement of the work unit"), basis="unit.responsible",
        tells=[
            Tell(people.bureau_reviewers, _("{unit} has answered: ban {obj}"),
                 _("{unit} has said what it did to verify the material."), who="bureau_reviewer")
        ],
    ),
    Transition(
        "summon", _("Name the day of the hearing"), (Status.DRAFT,), SAME, access.is_bureau_reviewer & _OTHERS,
        guards=(rules.hearing_ahead,), apply=summon, form=_FORMS + "SummonForm",
        keep=("hearing_at", "hearing_place"), public_label=_("Hearing named"),
        tells=[
            Tell(people.person_concerned, _("You are invited to a hearing"),
                 _("The hearing is on {hearing_at}, {hearing_place}. Please come, or answer in writing before."),
                 action_needed=True, who="person concerned"),
            Tell(_answering, _("{unit} is invited to a hearing"),
                 _("The hearing is on {hearing_at}, {hearing_place}."), who="unit that vouched"),
        ],
    ),
    Transition(
        "hear", _("Record that the person was heard"), (Status.DRAFT,), Status.HEARD,
        access.is_bureau_reviewer & _OTHERS, guards=(rules.heard_as_it_was, rules.person_heard, rules.unit_heard),
        apply=hear, form=_FORMS + "HearForm", keep=("heard_how",), public_label=_("Heard"),
        tells=[
            Tell(people.bureau_reviewers, _("Statement recorded: ban {obj}"),
                 _("The statement is recorded. Please propose a decision or drop the case."), action_needed=True,
                 who="bureau_reviewer")
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
        "send_back", _("Send back"), (Status.PROPOSED,), Status.HEARD, access.is_bureau_approver & _OTHERS,
        needs_reason=True,
        tells=[
            Tell(people.bureau_reviewers, _("Sent back: ban {obj}"), _("The approver did not agree: {reason}"),
                 action_needed=True, who="bureau_reviewer")
        ],
    ),
    Transition(
        "drop", _("Drop the case"), _OPEN, Status.DROPPED, access.is_bureau_reviewer & _OTHERS, needs_reason=True,
        public_label=_("Case dropped"),
        tells=[
            Tell(people.person_concerned, _("The case about you has been dropped"),
                 _("The bureau found no ground for a ban: {reason}. Nothing stands against you."),
                 who="person concerned"),
            Tell(_answering, _("The case about material from {unit} has been dropped"), _("The reason: {reason}."),
                 who="unit that vouched"),
        ],
    ),
    Transition(
        "decide", _("Decide the ban"), (Status.PROPOSED,), Status.IN_FORCE,
        access.is_bureau_approver & _OTHERS & not_the_same_person_as("propose"),
        guards=(same_content, rules.years_by_law), apply=_decide, then=_bar, basis=_BASIS, irreversible=True,
        explanation=_("Declarations under way end, the revocation of the title obtained with the material is opened, "
                      "the material goes back the way it came. The person gets the decision in writing. The number to "
                      "type is the first year of the ban."),
        public_label=_("Ban decided"),
        tells=[
            Tell(people.person_concerned, _("Decision: barred {obj}"),
                 _("The bureau has decided that you cannot declare in these years: {obj}. Material is returned the way "
                   "it came. The decision, its reasons and how to ask for its lifting stand on its page."),
                 who="person concerned"),
            Tell(_unit, _("Decision about false material: {obj}"),
                 _("Please return the material to the person and enter the day. Whether {unit} shares the "
                   "responsibility stands in the decision."), action_needed=True, who="unit that vouched"),
        ],
        confirm=lambda sanction: str(sanction.from_year),
    ),
    Transition(
        "return_material", _("Enter the return of the material"), (Status.IN_FORCE, Status.LIFTED), SAME,
        access.returns_material, guards=(rules.not_returned_yet,), apply=_return_material, keep=("returned_on",),
        form=_FORMS + "ReturnForm", public_label=_("Material returned"),
        tells=[
            Tell(people.person_concerned, _("Your material has been returned"),
                 _("{unit} has entered that your material was returned. If you do not have it, please tell "
                   "them."), who="person concerned")
        ],
    ),
    Transition(
        "lift", _("Lift the ban"), (Status.IN_FORCE,), Status.LIFTED, driven_by=("applications.Lifting.decide",),
        public_label=_("Ban lifted"),
        tells=[
            Tell(people.person_concerned, _("Your ban has been lifted"),
                 _("After the hearing two people of the bureau decided that you can declare again: {reason}."),
                 who="person concerned"),
        ],
    ),
)  # fmt: skip
