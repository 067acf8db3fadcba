"""What must hold of specialty panels (专业组) before the meeting opens."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import Act, Problem
from committees.reviews.models import Meeting
from committees.reviews.querysets.conflict import dossiers_of


def panels_complete(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """A committee that works in panels: everybody on the roster has one, each has a head and enough members in the
    room, and nobody's panel stands back as a whole. Without panels nothing is asked."""
    panels = list(meeting.panels.order_by("pk"))
    if not panels:
        return
    people = meeting.admissions.filter(exam_result="qualified", live=True)
    without = list(people.filter(panel=None).order_by("seq").values_list("seq", flat=True))
    if without:
        shown = _(", ").join(map(str, without[:20]))
        yield Problem(_("Not in any panel so far: no. {numbers}.").format(numbers=shown))
    readers: set[int] = set()
    for panel in panels:
        present = [seat for seat in panel.seats.select_related("attendee__member") if seat.attendee.present]
        if not panel.seats.filter(head=True).exists():
            yield Problem(_("{panel} has no head: name one.").format(panel=panel))
        if len(present) < settings.PORTAL_PANEL_MEMBERS:
            yield Problem(
                _("{panel}: {n} members are in the room, {least} are needed.").format(
                    panel=panel, n=len(present), least=settings.PORTAL_PANEL_MEMBERS
                )
            )
        for seat in present:
            readers |= set(dossiers_of(seat.attendee).values_list("pk", flat=True))
    for seq in people.exclude(panel=None).exclude(pk__in=readers).order_by("seq").values_list("seq", flat=True):
        yield Problem(_("No. {seq}: everybody in the panel stands back or is absent.").format(seq=seq))
