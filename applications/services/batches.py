"""Many declarations at once at the committee office (批量审查): found eligible, or assigned to a handler."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from applications.workflow.declaration import DECLARATION
from appraisal_portal.accounts.models import Membership
from appraisal_portal.accounts.services import members_of
from appraisal_portal.kernel import bulk
from appraisal_portal.kernel.models import BulkAction

REVERSE = {"qualify": "reopen_examination", "assign": "assign"}
"""What can be done to many at once → the row that takes it back."""
LARGEST = 50
"""Declarations in one batch: a page of the work list."""


@dataclass(frozen=True)
class Line:
    """One declaration of a batch: what stands in the way, in words; empty when it goes through."""

    declaration: Any
    refusal: str


def office_staff(user: Any) -> list[Any]:
    """Who can be assigned: the clerks of the reader's own office."""
    return members_of(user.acting_organisation_id, Membership.Role.OFFICE_CLERK)


def _data(name: str, handler: Any) -> dict[str, Any]:
    return {"handler": handler.pk if handler else None} if name == "assign" else {}


def preview(declarations: Iterable[Any], name: str, *, actor: Any, handler: Any = None) -> list[Line]:
    """Each declaration with the refusal it would meet; nothing is written."""
    data = _data(name, handler)
    return [Line(row, bulk.refusal(DECLARATION, row, name, actor=actor, **data)) for row in declarations]


def carry_out(
    declarations: Iterable[Any], name: str, *, actor: Any, handler: Any = None, address: str | None = None
) -> BulkAction:
    """Do it for all that can be; the others are named in the batch. Raises Blocked when it can be done for none."""
    return bulk.run(
        DECLARATION,
        declarations,
        name,
        actor=actor,
        address=address,
        before=lambda row: {"handler": row.handler_id},
        **_data(name, handler),
    )


def take_back(action: BulkAction, *, actor: Any, address: str | None = None) -> BulkAction:
    """Undo a batch within its minutes; the applicants have not been told of it."""
    assigned = action.transition == "assign"
    return bulk.undo(
        action,
        DECLARATION,
        REVERSE[action.transition],
        actor=actor,
        address=address,
        data=lambda entry: dict(entry["before"]) if assigned else {},
    )
