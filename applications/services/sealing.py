"""The seal of the unit on 2-9: the electronic one its head puts on (decision 85), or the scan of the sealed paper."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.access import is_clerk_of_unit, is_head_of_unit, is_owner
from applications.models import Declaration, Signature
from applications.rules.changes import answered_slip
from applications.rules.unit import missing_marks
from applications.services import signing
from appraisal_portal.accounts.services import seal_of
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem, WrongState

Status = Declaration.Status

UNIT_MAY_SEAL = (is_clerk_of_unit | is_head_of_unit) & ~is_owner


def awaits_scan(declaration: Any) -> bool:
    """Whether the seal is still to come on paper: the unit has no electronic one."""
    return declaration.unit.e_seal_id is None and "seal" in missing_marks(declaration)


def put_on(declaration: Any, *, actor: Any, seen: str | None, address: str | None = None) -> Signature | None:
    """The unit's electronic seal, where it has one and 2-9 lacks the seal; the caller has locked the unit.

    ``seen``: number of the seal the head's page showed ("": none), None where no page did.
    """
    if "seal" not in missing_marks(declaration):
        return None
    seal = seal_of(declaration.unit_id)
    if seen is not None and seen != (seal.number if seal else ""):
        words = _("The electronic seal of the unit has changed since you opened this page. Please look at it again.")
        raise Blocked(Problem(words))
    return signing.seal_electronically(declaration, seal, actor, address=address) if seal else None


def told(mark: Signature | None) -> dict[str, str]:
    """What the record of a recommendation says of the seal put on with it."""
    if mark is None or mark.seal is None:
        return {}
    return {"number": mark.seal.number, "use": mark.use_number, "sha256": mark.seal_sha256}


def upload_seal(declaration: Any, upload: Any, *, actor: Any, address: str | None = None) -> Any:
    """The scan of 2-9 sealed on paper, of a unit without an electronic seal."""
    with transaction.atomic():
        refused = UNIT_MAY_SEAL.why_not(actor, declaration)
        if refused:
            raise NotAllowed(*refused)
        statuses = (Status.IN_EXAMINATION,) if answered_slip(declaration) else ()
        if declaration.status not in (Status.VERIFIED, Status.UNIT_PUBLICITY, *statuses):
            words = _("This is not possible any more: the present status is “{status}”.")
            raise WrongState(words.format(status=declaration.get_status_display()))
        if "seal" not in missing_marks(declaration):
            raise WrongState(_("The seal is there already."))
        if problem := nothing_to_upload(declaration):
            raise Blocked(problem)
        mark = signing.sign_by_scan(declaration, "seal", actor, upload, address=address)
        settle(declaration)
        return mark


def nothing_to_upload(declaration: Any) -> Problem | None:
    """Why no scan is wanted, where the seal is still missing."""
    if awaits_scan(declaration):
        return None
    return Problem(_("The unit has an electronic seal, which its head puts on 2-9 when signing: nothing to upload."))


def settle(declaration: Any) -> None:
    """All marks are there: the unit has nothing more to do for the supplement."""
    slip = answered_slip(declaration)
    if slip is not None and slip.settled_at is None and not missing_marks(declaration):
        slip.settled_at = clock.now()
        slip.save(update_fields=["settled_at"])
