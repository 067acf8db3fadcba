"""Who scores, and who speaks for a specialty panel."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import Membership
from appraisal_portal.kernel.access import predicate
from committees.reviews.querysets.panel import readers_of


@predicate(_("Only the member whose sheet this is may do this."))
def scores_it(actor: Any, sheet: Any) -> bool:
    """The member of the sheet, in person, while in the room and not standing back."""
    if not actor.acts_as(Membership.Role.JUROR):
        return False
    if sheet is None:
        return True
    readers = {seat.attendee.member_id for seat in readers_of(sheet.admission) if seat.attendee.user_id == actor.pk}
    return sheet.member_id in readers


@predicate(_("Only the head of the person's panel may do this."))
def speaks_for_the_panel(actor: Any, work: Any) -> bool:
    """The head of the panel, or who stands in for a head who stands back or has left. ``work``: an opinion or sheet."""
    if not actor.acts_as(Membership.Role.JUROR):
        return False
    if work is None:
        return True
    readers = readers_of(work.admission)
    return bool(readers and readers[0].attendee.user_id == actor.pk)
