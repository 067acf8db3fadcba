"""Certificates of a unit's own results (自主评聘): the two people who take a list on record order them."""

from django.db import transaction

from appraisal_portal.kernel import outbox
from certificates.models import IssueItem
from committees.autonomous.models import FiledBatch, FiledRow


@transaction.atomic
def order(batch_pk: int) -> int:
    """One item of work for everybody on an accepted list who has none; safe to repeat. Returns how many."""
    batch = FiledBatch.objects.select_for_update(of=("self",)).get(pk=batch_pk)
    if batch.status != FiledBatch.Status.ACCEPTED:
        return 0
    rows = FiledRow.objects.filter(batch=batch, issue_items__isnull=True).order_by("seq")
    items = IssueItem.objects.bulk_create(IssueItem(filed_row=row) for row in rows)
    for item in items:
        outbox.put("certificates.issue", f"certificates_issueitem:{item.pk}", {"item": item.pk})
    return len(items)
