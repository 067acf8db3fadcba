"""The table of result reports (3-4 … 3-6), from sending to the bureau's decision on each person (model.md §7)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.workflow import DECLARATION
from appraisal_portal.kernel.access import not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, seen_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import Act, Tell, Transition, Workflow
from committees.reviews.access import results as access
from committees.reviews.models import ResultReport, ResultReportRecord
from committees.reviews.models.report import CODES
from committees.reviews.rules import results as rules
from committees.reviews.rules.freeze import none_frozen
from committees.reviews.workflow.results import approvers, clerks, director, reviewers


def _send(report: ResultReport, act: Act) -> None:
    report.sent_on = act.day


def _report_people(report: ResultReport, act: Act, record: Any) -> None:
    for item in report.items.exclude(decision="rejected").select_related("declaration").order_by("declaration_id"):
        if item.declaration.status == "result_publicity":
            DECLARATION.fire(item.declaration, "report", actor=act.actor, cause=record)


def _take_back_people(report: ResultReport, act: Act, record: Any) -> None:
    for item in report.items.select_related("declaration").order_by("declaration_id"):
        if item.declaration.status == "reported":
            DECLARATION.fire(item.declaration, "take_back", actor=act.actor, cause=record)


def _decide_people(report: ResultReport, act: Act, record: Any) -> None:
    for item in report.items.select_related("declaration").order_by("declaration_id"):
        if item.declaration.status == "reported":
            name = "approve_result" if item.decision == "approved" else "reject_result"
            DECLARATION.fire(item.declaration, name, actor=act.actor, reason=item.reason, cause=record)


RESULT_REPORT = Workflow(
    ResultReport,
    ResultReportRecord,
    Transition(
        "send",
        _("Send to the bureau"),
        ("draft", "returned"),
        "sent",
        access.signs,
        guards=(
            rules.has_items,
            rules.every_list_over,
            rules.none_held,
            rules.papers_of_one_content,
            rules.counts_equal,
            none_frozen,
        ),
        papers=CODES,
        apply=_send,
        then=_report_people,
        basis="results.publicised",
        tells=(
            Tell(
                reviewers,
                _("A result report has come in: {obj}"),
                _("Check each person and propose a decision."),
                action_needed=True,
                who="bureau reviewers",
            ),
        ),
    ),
    Transition(
        "propose",
        _("Propose the decision"),
        ("sent",),
        "proposed",
        access.is_bureau_reviewer,
        guards=(rules.every_item_decided, rules.none_held, seen_content),
        apply=write_proposal,
        tells=(
            Tell(
                approvers,
                _("A result report waits for your decision: {obj}"),
                _("Read it and decide, or send it back."),
                action_needed=True,
                who="bureau approvers",
            ),
        ),
    ),
    Transition(
        "send_back",
        _("Send the report back"),
        ("sent", "proposed"),
        "returned",
        access.is_bureau,
        needs_reason=True,
        form="appraisal_portal.kernel.returning.ReturnForm",
        then=_take_back_people,
        tells=(
            Tell(
                clerks,
                _("Result report sent back: {obj}"),
                _("Reason: {reason}"),
                action_needed=True,
                who="office clerks",
            ),
            Tell(director, _("Result report sent back: {obj}"), _("Reason: {reason}"), who="the director"),
        ),
    ),
    Transition(
        "decide",
        _("Decide as proposed"),
        ("proposed",),
        "decided",
        access.is_bureau_approver & not_the_same_person_as("propose"),
        guards=(rules.none_held, none_frozen, same_content),
        apply=write_decision,
        then=_decide_people,
        irreversible=True,
        confirm=lambda report: str(report.items.filter(decision="approved").count()),
        explanation=_(
            "The approved persons go into the bureau's document; the number to type is how many are approved."
        ),
        tells=(
            Tell(
                clerks,
                _("Result report decided: {obj}"),
                _("The bureau prepares its document now."),
                who="office clerks",
            ),
            Tell(
                reviewers,
                _("Result report decided: {obj}"),
                _("Prepare the document that announces it."),
                action_needed=True,
                who="bureau reviewers",
            ),
        ),
    ),
)
