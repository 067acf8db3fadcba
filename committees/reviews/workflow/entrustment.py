"""The tables of entrusted appraisal (委托评审): the bureau's letter, and the result that comes from outside."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.workflow import DECLARATION
from appraisal_portal.kernel import documents
from appraisal_portal.kernel.access import not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, seen_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import Act, Tell, Transition, Workflow
from committees.reviews.access import results as access
from committees.reviews.models import EntrustmentLetter, EntrustmentRecord, ExternalResult, ExternalResultRecord
from committees.reviews.models.entrustment import LETTER
from committees.reviews.rules import entrustment as rules
from committees.reviews.workflow.results import approvers, clerks, reviewers


def _office(letter: Any) -> Any:
    return clerks(letter.report)


def _issue(letter: EntrustmentLetter, act: Act) -> None:
    """Day, number and paper: all are stored or none."""
    write_decision(letter, act)
    letter.issued_on = act.day
    letter.number = documents.issue(LETTER, letter, actor=act.actor).number


def _entrust_people(letter: EntrustmentLetter, act: Act, record: Any) -> None:
    for item in letter.items.select_related("declaration").order_by("declaration_id"):
        DECLARATION.fire(item.declaration, "entrust", actor=act.actor, cause=record)


def _register_people(result: ExternalResult, act: Act, record: Any) -> None:
    for row in result.items.select_related("item__declaration").order_by("item__declaration_id"):
        name = "register_granted" if row.outcome == "granted" else "register_refused"
        DECLARATION.fire(row.item.declaration, name, actor=act.actor, reason=row.reason, cause=record)


ENTRUSTMENT = Workflow(
    EntrustmentLetter,
    EntrustmentRecord,
    Transition(
        "propose", _("Propose the letter"), ("draft", "returned"), "proposed", access.is_bureau_reviewer,
        guards=(rules.somebody_to_entrust, rules.addressee_named, rules.recommended_and_approved, seen_content),
        apply=write_proposal, basis=rules.BASIS,
        tells=(
            Tell(approvers, _("A letter of entrusted appraisal waits for you: {obj}"),
                 _("Read who is entrusted to whom, then issue the letter or send it back."),
                 action_needed=True, who="bureau approvers"),
        ),
    ),
    Transition(
        "send_back", _("Send the letter back"), ("proposed",), "returned", access.is_bureau_approver,
        needs_reason=True, form="appraisal_portal.kernel.returning.ReturnForm",
        tells=(
            Tell(reviewers, _("Letter of entrusted appraisal sent back: {obj}"), _("Reason: {reason}"),
                 action_needed=True, who="bureau reviewers"),
        ),
    ),
    Transition(
        "issue", _("Issue the letter"), ("proposed",), "issued",
        access.is_bureau_approver & not_the_same_person_as("propose"),
        guards=(rules.somebody_to_entrust, rules.recommended_and_approved, same_content),
        apply=_issue, then=_entrust_people, irreversible=True,
        confirm=lambda letter: str(letter.items.count()),
        explanation=_(
            "The letter gets its number and every person on it leaves for the higher committee; the number to type is "
            "how many people are on it."
        ),
        basis=rules.BASIS,
        tells=(
            Tell(reviewers, _("Letter issued: {obj}"),
                 _("Send it to the higher committee with the material. Register the result when it arrives."),
                 action_needed=True, who="bureau reviewers"),
            Tell(_office, _("Your recommendations were entrusted: {obj}"),
                 _("The higher committee decides next. You find the letter with each decided case."),
                 who="office clerks", link=lambda letter: letter.report.get_absolute_url()),
        ),
    ),
)  # fmt: skip

EXTERNAL_RESULT = Workflow(
    ExternalResult,
    ExternalResultRecord,
    Transition(
        "propose", _("Propose the registration"), ("draft", "returned"), "proposed", access.is_bureau_reviewer,
        guards=(
            rules.somebody_decided, rules.still_entrusted, rules.after_the_letter, rules.document_harmless,
            seen_content,
        ),
        apply=write_proposal, basis=rules.BASIS,
        tells=(
            Tell(approvers, _("A result of the higher committee waits for you: {obj}"),
                 _("Compare each outcome with the uploaded document, then register it or send it back."),
                 action_needed=True, who="bureau approvers"),
        ),
    ),
    Transition(
        "send_back", _("Send the result back"), ("proposed",), "returned", access.is_bureau_approver,
        needs_reason=True, form="appraisal_portal.kernel.returning.ReturnForm",
        tells=(
            Tell(reviewers, _("Result of the higher committee sent back: {obj}"), _("Reason: {reason}"),
                 action_needed=True, who="bureau reviewers"),
        ),
    ),
    Transition(
        "register", _("Register the result"), ("proposed",), "registered",
        access.is_bureau_approver & not_the_same_person_as("propose"),
        guards=(rules.somebody_decided, rules.still_entrusted, rules.after_the_letter, same_content),
        apply=write_decision, then=_register_people, irreversible=True,
        confirm=lambda result: str(result.items.count()),
        explanation=_(
            "Every person in it reads the outcome at once; this city issues no certificate. The number to type is how "
            "many people are in it."
        ),
        tells=(
            Tell(reviewers, _("Result registered: {obj}"), _("The people and their units have been told."),
                 who="bureau reviewers"),
        ),
    ),
)  # fmt: skip
