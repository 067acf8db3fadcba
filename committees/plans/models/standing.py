"""The standing body for high-level and urgently needed talent (高层次、急需紧缺人才常设评审机构), notice V(1)."""

import datetime as dt

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from committees.plans.querysets import SeatQuerySet

from .committees import Committee, CommitteeMember


class SeatKind(models.TextChoices):
    """Whom the notice wants on the body; no meeting of it opens without one of each."""

    DIRECTOR = "director", _("director of the committee")
    DEPUTY = "deputy", _("deputy director of the committee")
    PANEL_HEAD = "panel_head", _("head of a specialty panel")
    DEPARTMENT = "department", _("expert of the competent department")
    INDUSTRY = "industry", _("industry leader")
    DISCIPLINE = "discipline", _("discipline inspection")


OF_THE_TERM = {
    CommitteeMember.Office.CHAIR: SeatKind.DIRECTOR,
    CommitteeMember.Office.VICE_CHAIR: SeatKind.DEPUTY,
}
"""Kinds that follow from the seat in the committee's term and are not named a second time."""


@pghistory.track()
class StandingSeat(models.Model):
    """Somebody whom the committee's office names for the body; who leaves keeps the row with its last day."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="standing_seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="standing_seats")
    kind = models.CharField(_("kind"), max_length=10, choices=SeatKind.choices)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat on the standing body")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "user"], condition=Q(until__isnull=True), name="standing_seat_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="standing_seat_span"
            ),
            models.CheckConstraint(condition=~Q(kind__in=["director", "deputy"]), name="standing_seat_named"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_kind_display()})"


def kinds_on(committee: Committee, day: dt.date) -> dict[int, set[str]]:
    """Account → the kinds it stands for on the day: by the seat in the approved term, and as the office named it."""
    found: dict[int, set[str]] = {}
    term = committee.term_on(day)
    for member in term.members_on(day) if term else ():
        if member.office in OF_THE_TERM:
            found.setdefault(member.user_id, set()).add(OF_THE_TERM[CommitteeMember.Office(member.office)])
    for seat in committee.standing_seats.on(day):
        found.setdefault(seat.user_id, set()).add(seat.kind)
    return found
