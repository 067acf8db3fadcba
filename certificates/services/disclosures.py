"""The holder's switches: what a check of the certificate shows besides what it must."""

from typing import Any

from django.db import transaction

from certificates.models import Certificate, Disclosure
from certificates.workflow import DISCLOSURE


@transaction.atomic
def switch(certificate: Certificate, what: str, *, shown: bool, user: Any, address: str | None = None) -> None:
    """Switch it on or off; what it is already changes nothing. Raises Refused for anybody but the holder."""
    Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)  # two clicks, one row
    row = Disclosure.objects.filter(certificate=certificate, what=what).first()
    if (row is not None and row.status == Disclosure.Status.SHOWN) == shown:
        return
    row = row or Disclosure(certificate=certificate, what=what)
    DISCLOSURE.fire(row, "show" if shown else "hide", actor=user, address=address)


def is_shown(certificate: Certificate, what: str) -> bool:
    """Whether the holder lets it be seen now."""
    return certificate.disclosures.filter(what=what, status=Disclosure.Status.SHOWN).exists()
