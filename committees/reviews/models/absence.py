"""Who was out of the room for a while (离席)."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .meeting import Attendee


class Absence(models.Model):
    """A member was out of the room for a while and came back; whoever is out now has ``Attendee.left_at``."""

    attendee = models.ForeignKey(Attendee, models.PROTECT, related_name="absences")
    left_at = models.DateTimeField(_("left"))
    back_at = models.DateTimeField(_("came back"))

    class Meta:
        verbose_name = _("absence")
        ordering = ["attendee", "left_at"]
        constraints = [
            models.UniqueConstraint(fields=["attendee", "left_at"], name="absence_once"),
            models.CheckConstraint(condition=Q(back_at__gte=F("left_at")), name="absence_ends_after_it_began"),
        ]
        triggers = [pgtrigger.Protect(name="absence_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.attendee_id} {self.left_at:%H:%M}"
