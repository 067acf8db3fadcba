"""What the unit does after an office supplement changed what it had vouched for: confirm, publicise, sign again."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.access import is_head_of_unit, is_owner
from applications.models import CorrectionSlip, Declaration, ItemCheck
from applications.rules.changes import answered_slip, changes_confirmed, changes_publicised, to_confirm
from applications.rules.unit import live_publicity_item, missing_marks, still_says
from applications.services import archive, sealing, signing
from applications.services.unit import (
    UNIT_MAY_CHECK,
    demand,
    demand_password,
    demand_state,
    locked,
    post,
    record_checks,
)
from applications.workflow.declaration import DECLARATION
from appraisal_portal.accounts.models import Organisation
from appraisal_portal.kernel.workflow import Act, Blocked, Problem, WrongState

Status = Declaration.Status
HEAD_MAY_SIGN = is_head_of_unit & ~is_owner


def _slip(declaration: Any) -> CorrectionSlip:
    demand_state(declaration, Status.IN_EXAMINATION)
    slip: CorrectionSlip | None = answered_slip(declaration)
    if slip is None:
        raise WrongState(_("Nothing has changed that is to be confirmed."))
    return slip


def confirm(
    declaration: Any,
    judged: Mapping[str, tuple[str, str]],
    *,
    actor: Any,
    password: str,
    place: str = "",
    contact: str = "",
    address: str | None = None,
) -> None:
    """The clerk judges what changed, signs 2-9 as verifier, and posts it again where publicised fields changed.

    A judgement that is not "true" is stored alone: the office reads it, nothing is signed or posted.
    """
    demand(UNIT_MAY_CHECK, actor, declaration)
    demand_password(actor, password)
    confirm_known(declaration, judged, actor=actor, place=place, contact=contact, address=address)


def confirm_known(
    declaration: Any,
    judged: Mapping[str, tuple[str, str]],
    *,
    actor: Any,
    place: str = "",
    contact: str = "",
    address: str | None = None,
) -> None:
    """As :func:`confirm`, for an actor whose password has been checked a moment ago."""
    with transaction.atomic():
        subject = locked(declaration)
        slip = _slip(subject)
        demand(UNIT_MAY_CHECK, actor, subject)
        items = to_confirm(subject, slip)
        missing = [item for item in items if item.code not in judged]
        if missing:
            words = _("Not checked yet: {item}")
            raise Blocked(*[Problem(words.format(item=item.label), item.code) for item in missing])
        record_checks(
            subject, {item.code: judged[item.code] for item in items}, stage=ItemCheck.Stage.UNIT, actor=actor
        )
        if next(changes_confirmed(subject, slip), None) is not None:
            return
        if "verifier" in missing_marks(subject):
            signing.sign_confirmed(subject, "verifier", actor, address=address)
        archive.verify_all(subject, actor=actor)
        item = live_publicity_item(subject)
        posted = item is not None and still_says(subject, item.content_sha256)
        if slip.follows == CorrectionSlip.Follows.PUBLICISE and not posted:
            if not (place.strip() and contact.strip()):
                raise Blocked(Problem(_("Say where the list is posted and whom colleagues can tell an objection.")))
            post(subject.unit, [subject], place=place, contact=contact, actor=actor, address=address)


def sign(
    declaration: Any, *, actor: Any, password: str, seen_seal: str | None = None, address: str | None = None
) -> None:
    """The head of the unit signs 2-9 for what changed, once the publicity is over."""
    demand(HEAD_MAY_SIGN, actor, declaration)
    demand_password(actor, password)
    sign_known(declaration, actor=actor, seen_seal=seen_seal, address=address)


def sign_known(declaration: Any, *, actor: Any, seen_seal: str | None = None, address: str | None = None) -> None:
    """As :func:`sign`, for an actor whose password has been checked a moment ago; the unit's electronic seal, which the
    page has shown (``seen_seal``), is put on with it, or afterwards where the head signed before the unit had one."""
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=declaration.unit_id)  # its seal cannot be ended meanwhile
        subject = locked(declaration)
        slip = _slip(subject)
        demand(HEAD_MAY_SIGN, actor, subject)
        act = Act(actor, DECLARATION.transitions["qualify"])
        problems = [*changes_confirmed(subject, slip), *changes_publicised(subject, slip, act)]
        if problems:
            raise Blocked(*problems)
        signed = "unit_head" not in missing_marks(subject)
        if not signed:
            signing.sign_confirmed(subject, "unit_head", actor, address=address)
        if sealing.put_on(subject, actor=actor, seen=seen_seal, address=address) is None and signed:
            raise WrongState(_("The responsible person has signed already."))
        sealing.settle(subject)
