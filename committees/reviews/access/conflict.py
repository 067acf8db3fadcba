"""Who names members, who declares a conflict, who decides about a recusal."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.access import is_owner
from appraisal_portal.kernel.access import predicate

from .meeting import runs_meeting

decides_recusals = runs_meeting
BEFORE_THE_MEETING = (
    "with_unit", "returned", "verified", "unit_publicity", "recommended", "forwarded", "in_examination", "supplement",
    "qualified", "on_roster",
)  # fmt: skip


@predicate(_("Members are named after handing in and before the meeting."))
def meeting_still_ahead(actor: Any, declaration: Any) -> bool:
    """The declaration has been handed in and no committee has decided about it."""
    return declaration is None or declaration.status in BEFORE_THE_MEETING


names_members = is_owner & meeting_still_ahead
