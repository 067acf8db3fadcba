"""A person changes the unit (变更单位): what happens to the declarations of the old one."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from applications.models import CorrectionSlip, Declaration
from applications.services.unit import locked, write_slip
from applications.workflow.declaration import DECLARATION
from appraisal_portal.kernel import clock

Status = Declaration.Status
MOVING = (Status.WITH_UNIT, Status.RETURNED, Status.VERIFIED, Status.UNIT_PUBLICITY)
OPEN = ("person", "experience")  # what a new unit makes untrue in the declaration


def move_declarations(sender: Any, *, old: Any, new: Any, act: Any, record: Any, **kwargs: Any) -> None:
    """Receiver of ``accounts.signals.unit_changed``: drafts and what waits for the old unit go to the new one.

    Recommended declarations stay: the old unit's seal, publicity and post stand for them. From a unit that never
    confirmed only drafts go along; what may have reached it in an earlier employment stays.
    """
    rows = Declaration._base_manager.filter(applicant=old.person_id, unit=old.unit_id).order_by("pk")
    for declaration in rows.filter(status=Status.DRAFT):
        draft = locked(declaration)
        draft.unit_id = new.unit_id
        draft.save(update_fields=["unit"])
    if old.status != "ended":
        return
    for declaration in rows.filter(status__in=MOVING):
        _move(declaration, new, act, record)


def _move(declaration: Any, new: Any, act: Any, record: Any) -> None:
    subject = locked(declaration)
    subject.correction_slips.filter(answered_at=None).update(answered_at=clock.now())
    with translation.override("zh-hans"):  # part of a notice
        reason = _("The declaration now goes through {unit}. Please bring this up to date.").format(unit=new.unit)
    items = dict.fromkeys(OPEN, reason)
    subject.unit = new.unit  # the slip is written over the content as it is now: the move itself is no change under it
    slip = write_slip(subject, items, stage=CorrectionSlip.Stage.UNIT, actor=act.actor)
    DECLARATION.fire(
        declaration, "change_unit", actor=act.actor, cause=record, address=act.address,
        items=items, slip=slip, unit=new.unit,
    )  # fmt: skip
