"""The tables of issue documents and batches (model.md §7)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import outbox, references
from appraisal_portal.kernel.access import IS_SYSTEM, not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, seen_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import Act, Tell, Transition, Workflow
from certificates.access import is_approver, is_reviewer
from certificates.models import IssueBatch, IssueBatchRecord, IssueDocument, IssueDocumentRecord
from certificates.rules import issue as rules

from .people import approvers, reviewers

OFFICE_MARK = "丽人社"


def _number_document(document: IssueDocument, act: Act) -> None:
    write_decision(document, act)
    document.dated = act.day
    document.number = references.document_number(
        OFFICE_MARK, act.day.year, references.next_number("issue-document", act.day.year)
    )


def _order_document(document: IssueDocument, act: Act, record: Any) -> None:
    outbox.put("certificates.document", f"{record._meta.db_table}:{record.pk}", {"document": document.pk})


def _publish_document(document: IssueDocument, act: Act) -> None:
    document.published_on = act.day


ISSUE_DOCUMENT = Workflow(
    IssueDocument,
    IssueDocumentRecord,
    Transition(
        "propose",
        _("Propose the document"),
        ("draft", "returned"),
        "proposed",
        is_reviewer,
        guards=(rules.reports_decided, rules.has_people, rules.not_in_other_document, rules.none_frozen, seen_content),
        apply=write_proposal,
        basis="results.publicised",
        tells=(
            Tell(
                approvers,
                _("A document waits for your approval: {obj}"),
                _("Please read “{obj}” and approve it or send it back."),
                action_needed=True,
                who="bureau approvers",
            ),
        ),
    ),
    Transition(
        "approve",
        _("Approve the document"),
        ("proposed",),
        "approved",
        is_approver & not_the_same_person_as("propose"),
        guards=(rules.none_frozen, same_content),
        apply=_number_document,
        then=_order_document,
        tells=(
            Tell(
                reviewers,
                _("Document approved: {obj}"),
                _("“{obj}” has its number. Publish it so that certificates can be issued."),
                action_needed=True,
                who="bureau reviewers",
            ),
        ),
    ),
    Transition(
        "send_back",
        _("Send the document back"),
        ("proposed",),
        "returned",
        is_approver,
        needs_reason=True,
        form="appraisal_portal.kernel.returning.ReturnForm",
        tells=(
            Tell(
                reviewers,
                _("Document sent back: {obj}"),
                _("Reason: {reason}"),
                action_needed=True,
                who="bureau reviewers",
            ),
        ),
    ),
    Transition(
        "publish",
        _("Publish as result notice"),
        ("approved",),
        "published",
        is_reviewer,
        apply=_publish_document,
        guards=(rules.paper_made,),
        explanation=_("The list becomes public at once."),
    ),
)


def _release(batch: IssueBatch, act: Act) -> None:
    write_decision(batch, act)
    batch.released_at = act.at


def _order_items(batch: IssueBatch, act: Act, record: Any) -> None:
    for pk in batch.items.filter(status="waiting").order_by("pk").values_list("pk", flat=True):
        outbox.put("certificates.issue", f"certificates_issueitem:{pk}", {"item": pk})


ISSUE_BATCH = Workflow(
    IssueBatch,
    IssueBatchRecord,
    Transition(
        "propose",
        _("Propose the release"),
        ("draft",),
        "proposed",
        is_reviewer,
        guards=(rules.document_published, rules.count_as_expected, seen_content),
        apply=write_proposal,
        tells=(
            Tell(
                approvers,
                _("Certificates wait for release: {obj}"),
                _("Please look through “{obj}” and release it."),
                action_needed=True,
                who="bureau approvers",
            ),
        ),
    ),
    Transition(
        "release",
        _("Release the certificates"),
        ("proposed",),
        "issuing",
        is_approver & not_the_same_person_as("propose"),
        guards=(rules.document_published, rules.count_as_expected, rules.none_frozen, same_content),
        apply=_release,
        then=_order_items,
        irreversible=True,
        confirm=lambda batch: str(batch.expected),
        explanation=_(
            "Each person gets a numbered certificate; a number is never used again. "
            "What to type is how many people get one."
        ),
        basis="certificate.electronic_only",
    ),
    Transition(
        "send_back",
        _("Send the batch back"),
        ("proposed",),
        "draft",
        is_approver,
        needs_reason=True,
        form="appraisal_portal.kernel.returning.ReturnForm",
        tells=(
            Tell(
                reviewers,
                _("Batch sent back: {obj}"),
                _("Reason: {reason}"),
                action_needed=True,
                who="bureau reviewers",
            ),
        ),
    ),
    Transition(
        "finish",
        _("Finish the batch"),
        ("issuing",),
        "done",
        IS_SYSTEM,
        guards=(rules.every_item_settled,),
        tells=(Tell(reviewers, _("Certificates issued: {obj}"), _("“{obj}” is finished."), who="bureau reviewers"),),
    ),
)
