"""Recusal of the office's staff (工作人员回避): who of clerks and director keeps away from a case, and why."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.querysets import CaseRecusalQuerySet
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.records import TransitionRecord

from .declaration import Declaration


class CaseRecusal(models.Model):
    """Somebody of the office keeps away from one case. While it is open or confirmed that person sees nothing of it.

    The own case and those of the own unit need no row: ``querysets_recusal`` finds them in the data (decision 36).
    """

    class Source(models.TextChoices):
        DECLARED = "declared", _("declared by that person")
        NAMED = "named", _("named by the applicant")
        CO_AUTHOR = "co_author", _("named in an achievement")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Refused")

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="case_recusals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="case_recusals")
    source = models.CharField(_("source"), max_length=9, choices=Source.choices)
    ground = models.CharField(_("ground"), max_length=200)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.OPEN)
    proposed_at = models.DateTimeField(default=clock.now)

    objects = CaseRecusalQuerySet.as_manager()

    class Meta:
        verbose_name = _("recusal of the office")
        ordering = ["declaration", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["declaration", "user", "source"], name="case_recusal_once"),
            models.CheckConstraint(condition=~Q(ground=""), name="case_recusal_with_ground"),
        ]

    def __str__(self) -> str:
        return f"{self.declaration} · {self.user}"

    def get_absolute_url(self) -> str:
        """The case at the office, where it is decided."""
        return reverse("applications:office-declaration", args=[self.declaration_id])

    def message_words(self) -> dict[str, Any]:
        """The number of the case; a message names nobody."""
        return {"obj": str(self.declaration)}


class CaseRecusalRecord(TransitionRecord):
    """Who proposed, confirmed or refused, and why."""

    subject = models.ForeignKey(CaseRecusal, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False
