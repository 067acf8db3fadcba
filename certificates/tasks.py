"""Deliveries and sweeps of this stage; registered when the app starts."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import outbox, sweeps
from appraisal_portal.kernel.models import Outbox
from certificates import documents
from certificates.models import IssueBatch, IssueItem
from certificates.services import correcting, filed, issuing, lookup


@outbox.handler("certificates.document", _("Issue documents"))
def make_document(row: Outbox) -> None:
    """Make the PDF of an approved issue document."""
    documents.make(row.payload["document"])


@outbox.handler("certificates.issue", _("Certificates to issue"), alone_within=dt.timedelta(minutes=1))
def issue_certificate(row: Outbox) -> None:
    """Issue one certificate of a released batch."""
    issuing.issue(row.payload["item"])


@outbox.handler("certificates.correct", _("Certificates to correct"), alone_within=dt.timedelta(minutes=1))
def correct_certificate(row: Outbox) -> None:
    """Print the new version of a certificate."""
    correcting.print_anew(row.payload["correction"])


@outbox.handler("certificates.filed", _("Certificates of units that appraise by themselves"))
def order_filed(row: Outbox) -> None:
    """Order the certificates of a list that was taken on record."""
    filed.order(row.payload["subject"])


@sweeps.register("certificates.finish")
def finish_batches() -> int:
    """Close batches whose last item was settled by two workers at once."""
    ready = IssueBatch.objects.filter(status="issuing").exclude(items__status__in=IssueItem.OPEN)
    for batch in ready:
        issuing.finish(batch)
    return len(ready)


@sweeps.register("certificates.sign")
def sign_waiting() -> int:
    """Try again what waits for key or time stamp."""
    return issuing.sign_waiting() + correcting.print_waiting()


@sweeps.register("certificates.attempts")
def forget_attempts() -> int:
    """Delete the counters of public checks of days that are over."""
    return lookup.forget_attempts()
