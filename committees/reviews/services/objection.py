"""Taking objections in."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser

from appraisal_portal.kernel import clock
from committees.reviews.models import Objection, ResultPublicityItem
from committees.reviews.rules.results import is_in_time
from committees.reviews.workflow.objection import OBJECTION


def file_objection(
    item: ResultPublicityItem,
    *,
    filed_by: str,
    contact: str,
    content: str,
    files: Sequence[Any] = (),
    user: Any = None,
    address: str | None = None,
) -> Objection:
    """Take an objection in; in time or late is fixed by when it reached the server, however long its files then take.

    Raises Refused with every reason.
    """
    received_at = clock.arrived()
    objection = Objection(
        item=item,
        filed_by=filed_by.strip(),
        contact=contact.strip(),
        content=content.strip(),
        received_at=received_at,
        in_time=is_in_time(item.publicity, received_at),
    )
    OBJECTION.fire(objection, "receive", actor=user or AnonymousUser(), address=address, files=files)
    return objection
