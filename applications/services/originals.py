"""Taking in paper originals; every further step is a transition."""

import datetime as dt
from typing import Any

from django.db import transaction

from applications.models import Declaration, Originals
from applications.workflow.originals import ORIGINALS


@transaction.atomic
def take_in(
    declaration: Declaration,
    items: list[dict[str, Any]],
    *,
    actor: Any,
    other: str,
    handed_on: dt.date,
    address: str | None = None,
) -> Originals:
    """Enter what was handed in. The same papers on the same day a second time (a button pressed twice) are the same
    bundle. Raises Refused.
    """
    locked = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)
    there = locked.originals.filter(items=items, since=handed_on, status=Originals.Status.WITH_UNIT).first()
    if there is not None:
        return there
    originals = Originals(declaration=locked, items=items)
    ORIGINALS.fire(originals, "take_in", actor=actor, address=address, other=other, handed_on=handed_on)
    return originals
