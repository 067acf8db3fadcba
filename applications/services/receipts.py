"""Receipts (回执): their papers, and the public question whether one is genuine."""

import datetime as dt
import re
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from applications.models import Receipt
from appraisal_portal.accounts.services import used_up
from appraisal_portal.kernel import documents
from appraisal_portal.kernel.models import StoredDocument

CODE = "receipt"
"""Code of the paper (documents/receipt.py)."""
HOUR, DAY = 60, 24 * 60


def paper_of(receipt: Receipt, *, actor: object) -> StoredDocument:
    """The paper of one receipt, made when it is first asked for and never again. Raises PaperNotMade."""
    with transaction.atomic():
        locked = (
            Receipt.objects.select_for_update(of=("self",)).select_related("declaration", "snapshot").get(pk=receipt.pk)
        )
        if locked.document is None:
            locked.document = documents.make(CODE, locked, actor=actor, version=locked.version)
            locked.save(update_fields=["document"])
        return locked.document


@dataclass(frozen=True)
class Genuine:
    """What the public learns of a genuine receipt: nothing that does not stand on it, and no name."""

    number: str
    at: dt.datetime
    version: int
    later: bool
    """Whether something was handed in again since (corrected or supplemented)."""


def refused_until(*, address: str, number: str) -> dt.datetime | None:
    """Count this question; None when it is to be answered, else the moment from which the next one is: the address has
    used up its hour or the number its day (as for certificates)."""
    by_address = used_up("receipt-address", address, limit=settings.PORTAL_LOOKUPS_PER_ADDRESS, minutes=HOUR)
    by_number = used_up("receipt-number", plain(number), limit=settings.PORTAL_LOOKUPS_PER_NUMBER, minutes=DAY)
    return max((moment for moment in (by_address, by_number) if moment), default=None)


def plain(text: str) -> str:
    """A number or code without blanks, in small letters."""
    return re.sub(r"\s", "", text).lower()


def check(number: str, code: str) -> Genuine | None:
    """The receipt of this number whose content hash begins with ``code``; None for every other case."""
    wanted = plain(code)
    if not re.fullmatch(rf"[0-9a-f]{{{Receipt.CODE_LENGTH},64}}", wanted):
        return None
    receipts = list(
        Receipt.objects.filter(declaration__number__iexact=plain(number)).select_related("declaration", "snapshot")
    )
    found = next((row for row in receipts if row.snapshot.sha256.startswith(wanted)), None)
    if found is None:
        return None
    newest = max(row.version for row in receipts)
    return Genuine(str(found.declaration.number), found.at, found.version, found.version < newest)
