"""Preparing documents and batches, trying failed items again."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import SpotCheckItem
from appraisal_portal.kernel import outbox
from appraisal_portal.kernel.workflow import Blocked, Problem
from certificates.models import Certificate, IssueBatch, IssueDocument, IssueItem, Revocation
from certificates.workflow import REVOCATION


@transaction.atomic
def prepare_document(*, title: str, reports: Iterable[Any], user: Any) -> IssueDocument:
    """A draft of the bureau's document over decided reports."""
    document = IssueDocument.objects.create(title=title, prepared_by=user)
    document.reports.set(reports)
    return document


@transaction.atomic
def prepare_batch(document: IssueDocument, *, user: Any) -> IssueBatch:
    """A draft batch with one item for each approved person of the document who has none yet and is not frozen.

    Raises Blocked when nobody is left.
    """
    IssueDocument.objects.select_for_update(of=("self",)).get(pk=document.pk)  # two clicks, one batch
    taken = set(
        IssueItem.objects.exclude(status=IssueItem.Status.FAILED)
        .filter(batch__issue_document=document)
        .values_list("declaration_id", flat=True)
    )
    taken |= set(
        SpotCheckItem.objects.frozen().values_list("declaration_id", flat=True)
    )  # they follow in a later batch
    rows = [row for row in document.rows() if row.declaration_id not in taken]
    if not rows:
        raise Blocked(Problem(_("Everybody in this document is in a batch already.")))
    batch = IssueBatch.objects.create(issue_document=document, expected=len(rows), prepared_by=user)
    IssueItem.objects.bulk_create(
        IssueItem(batch=batch, report_item=row, declaration_id=row.declaration_id) for row in rows
    )
    return batch


@transaction.atomic
def try_again(item: IssueItem) -> None:
    """Put a failed item back to work, for instance after the photograph was replaced or the face extended."""
    locked = IssueItem.objects.select_for_update().get(pk=item.pk)
    source = next(name for name in ("claim", "filed_row", "declaration") if getattr(locked, f"{name}_id"))
    same = {source: getattr(locked, f"{source}_id")}
    others = IssueItem.objects.filter(**same).exclude(status=IssueItem.Status.FAILED)
    if locked.status != IssueItem.Status.FAILED or others.exists():
        return
    locked.status, locked.error, locked.tries = IssueItem.Status.WAITING, "", locked.tries + 1
    locked.save(update_fields=["status", "error", "tries"])
    outbox.put("certificates.issue", f"certificates_issueitem:{locked.pk}:{locked.tries}", {"item": locked.pk})


@transaction.atomic
def open_revocation(
    certificate: Certificate, *, ground: str, evidence: str, reason: str, user: Any, address: str | None = None
) -> Revocation:
    """Start the revocation of a certificate. Raises Refused with every reason."""
    Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)  # two clicks, one revocation
    revocation = Revocation(certificate=certificate, revoke_class=ground, evidence=evidence)
    REVOCATION.fire(revocation, "open", actor=user, reason=reason, address=address)
    return revocation
