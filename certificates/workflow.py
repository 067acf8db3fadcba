"""The tables of issue documents, batches, certificates and revocations (model.md §7)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.workflow import DECLARATION
from appraisal_portal.accounts.services import bureau_members
from appraisal_portal.kernel import outbox, references
from appraisal_portal.kernel.access import IS_SYSTEM, not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, seen_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import NEW, Act, Tell, Transition, Workflow
from certificates import rules
from certificates.access import is_approver, is_reviewer
from certificates.models import (
    Certificate,
    CertificateRecord,
    IssueBatch,
    IssueBatchRecord,
    IssueDocument,
    IssueDocumentRecord,
    Revocation,
    RevocationRecord,
)

OFFICE_MARK = "丽人社"


def _approvers(_obj: Any) -> Iterable[Any]:
    return bureau_members("bureau_approver")


def _reviewers(_obj: Any) -> Iterable[Any]:
    return bureau_members("bureau_reviewer")


def _holder(certificate: Any) -> Iterable[Any]:
    return [certificate.person.user] if certificate.person.user_id else []


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
        guards=(rules.reports_decided, rules.has_people, rules.not_in_other_document, seen_content),
        apply=write_proposal,
        basis="results.publicised",
        tells=(
            Tell(
                _approvers,
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
        guards=(same_content,),
        apply=_number_document,
        then=_order_document,
        tells=(
            Tell(
                _reviewers,
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
        tells=(
            Tell(
                _reviewers,
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
                _approvers,
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
        guards=(rules.document_published, rules.count_as_expected, same_content),
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
        tells=(
            Tell(
                _reviewers,
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
        tells=(Tell(_reviewers, _("Certificates issued: {obj}"), _("“{obj}” is finished."), who="bureau reviewers"),),
    ),
)


def _certify(certificate: Certificate, act: Act, record: Any) -> None:
    if certificate.declaration_id:
        DECLARATION.fire(certificate.declaration, "certify", actor=act.actor, cause=record)


def _revoke(certificate: Certificate, act: Act) -> None:
    certificate.revoked_on = act.day
    certificate.revoke_class = act.data["revoke_class"]


CERTIFICATE = Workflow(
    Certificate,
    CertificateRecord,
    Transition(
        "issue",
        _("Issue the certificate"),
        (NEW,),
        "valid",
        IS_SYSTEM,
        guards=(rules.no_live_certificate,),
        then=_certify,
        public_label=_("Certificate issued"),
        tells=(
            Tell(
                _holder,
                _("Your e-certificate is ready: {obj}"),
                _("You can download it in “My certificates”. There is no paper certificate; you need not come."),
                who="the holder",
            ),
        ),
    ),
    Transition(
        "revoke",
        _("Revoke the certificate"),
        ("valid",),
        "revoked",
        driven_by=("certificates.Revocation.decide",),
        apply=_revoke,
        public_label=_("Certificate revoked"),
        tells=(
            Tell(
                _holder,
                _("Your certificate has been revoked: {obj}"),
                _("The bureau has decided to revoke it."),
                who="the holder",
            ),
        ),
    ),
)


def _decide_revocation(revocation: Revocation, act: Act, record: Any) -> None:
    certificate = revocation.certificate
    CERTIFICATE.fire(certificate, "revoke", actor=act.actor, cause=record, revoke_class=revocation.revoke_class)
    if certificate.declaration_id:
        DECLARATION.fire(certificate.declaration, "revoke", actor=act.actor, cause=record)


REVOCATION = Workflow(
    Revocation,
    RevocationRecord,
    Transition(
        "open",
        _("Open a revocation"),
        (NEW,),
        "draft",
        is_reviewer,
        needs_reason=True,
        guards=(rules.certificate_still_valid, rules.no_other_revocation, rules.evidence_given),
    ),
    Transition(
        "propose",
        _("Propose the revocation"),
        ("draft",),
        "proposed",
        is_reviewer,
        guards=(rules.certificate_still_valid, rules.evidence_given, seen_content),
        apply=write_proposal,
        tells=(
            Tell(
                _approvers,
                _("A revocation waits for your decision: {obj}"),
                _("Please read the evidence for “{obj}” and decide."),
                action_needed=True,
                who="bureau approvers",
            ),
        ),
    ),
    Transition(
        "decide",
        _("Revoke"),
        ("proposed",),
        "decided",
        is_approver & not_the_same_person_as("propose"),
        guards=(rules.certificate_still_valid, same_content),
        apply=write_decision,
        then=_decide_revocation,
        irreversible=True,
        confirm=lambda revocation: revocation.certificate.number[-4:],
        explanation=_("The number stays; every check of it says “revoked” with today's date from now on."),
    ),
    Transition(
        "drop",
        _("Drop the revocation"),
        ("draft", "proposed"),
        "dropped",
        is_reviewer,
        needs_reason=True,
    ),
)
