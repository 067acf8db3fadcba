"""What a ban after false material means for the title obtained with it (notice IV(4))."""

from typing import Any

from appraisal_portal.kernel.workflow import Act
from certificates.models import Certificate, Revocation
from certificates.workflow import REVOCATION


def open_revocations(sender: Any, *, sanction: Any, act: Act, record: Any, **_rest: Any) -> None:
    """A revocation is opened for the valid certificate of the declaration; two people decide it like any other."""
    valid = Certificate.objects.select_for_update(of=("self",)).filter(
        declaration=sanction.declaration_id, declaration__isnull=False, status="valid"
    )
    for certificate in valid.order_by("pk"):
        if certificate.revocations.exclude(status="dropped").exists():
            continue
        revocation = Revocation(
            certificate=certificate,
            sanction=sanction,
            revoke_class=Revocation.Class.FALSIFICATION,
            evidence=sanction.evidence,
        )
        REVOCATION.fire(revocation, "open", actor=act.actor, cause=record, reason=sanction.ground, address=act.address)
