"""The bureau's document and the certificates, as reviewer, approver and the worker make them. The caller travels in
time."""

from collections.abc import Iterable

from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import outbox
from certificates.models import Certificate, Correction, IssueBatch, IssueDocument, Revocation
from certificates.services import batches, correcting
from certificates.workflow import CORRECTION, ISSUE_BATCH, ISSUE_DOCUMENT, REVOCATION
from committees.reviews.models import ResultReport


def document(reports: Iterable[ResultReport], *, title: str = "关于公布专业技术职务任职资格的通知") -> IssueDocument:
    """Prepare, propose, approve, make and publish the document over decided reports."""
    reviewer = holder("bureau_reviewer")
    made = batches.prepare_document(title=title, reports=reports, user=reviewer)
    ISSUE_DOCUMENT.fire(made, "propose", actor=reviewer, content_hash=made.content_hash())
    ISSUE_DOCUMENT.fire(
        made, "approve", actor=holder("bureau_approver", but=reviewer), content_hash=made.content_hash()
    )
    deliver("certificates.document")
    made.refresh_from_db()
    ISSUE_DOCUMENT.fire(made, "publish", actor=reviewer)
    return made


def propose_batch(announced: IssueDocument) -> IssueBatch:
    """Prepare the batch of a published document and propose its release."""
    reviewer = holder("bureau_reviewer")
    made = batches.prepare_batch(announced, user=reviewer)
    ISSUE_BATCH.fire(made, "propose", actor=reviewer, content_hash=made.content_hash())
    return made


def batch(announced: IssueDocument) -> IssueBatch:
    """Prepare, propose and release the batch of a published document."""
    made = propose_batch(announced)
    approver = holder("bureau_approver", but=made.proposed_by)
    ISSUE_BATCH.fire(made, "release", actor=approver, content_hash=made.content_hash())
    return made


def issue(released: IssueBatch) -> IssueBatch:
    """Let the waiting deliveries run in this process, as a worker would."""
    deliver("certificates.issue")
    released.refresh_from_db()
    return released


def deliver(kind: str) -> int:
    """Deliver what waits of one kind; a second call finds nothing."""
    return sum(outbox.deliver(found, key) for found, key in outbox.due(limit=10_000) if found == kind)


def revoke(certificate: Certificate, *, evidence: str = "经核实，申报时提交的主要业绩证明系伪造。") -> Revocation:
    """Open, propose and decide a revocation for falsification."""
    reviewer = holder("bureau_reviewer")
    revocation = batches.open_revocation(
        certificate, ground=Revocation.Class.FALSIFICATION, evidence=evidence, reason="群众举报经查属实", user=reviewer
    )
    REVOCATION.fire(revocation, "propose", actor=reviewer, content_hash=revocation.content_hash())
    REVOCATION.fire(
        revocation, "decide", actor=holder("bureau_approver", but=reviewer), content_hash=revocation.content_hash()
    )
    certificate.refresh_from_db()
    return revocation


def propose_correction(certificate: Certificate, *, employer: str = "丽水市林业技术推广总站") -> Correction:
    """The bureau was shown that the unit has another name."""
    return correcting.propose(
        certificate, changes={"employer": employer}, evidence="单位更名的批复", user=holder("bureau_reviewer")
    )


def decide_correction(correction: Correction) -> Correction:
    """Another person decides about a proposed correction; the worker prints it."""
    approver = holder("bureau_approver", but=correction.proposed_by)
    CORRECTION.fire(correction, "approve", actor=approver, content_hash=correction.content_hash())
    return correction


def correct(certificate: Certificate) -> Correction:
    """Proposed, decided, and printed anew in this process as a worker would."""
    correction = decide_correction(propose_correction(certificate))
    deliver("certificates.correct")
    correction.refresh_from_db()
    return correction
