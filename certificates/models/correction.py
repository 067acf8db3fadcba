"""Correcting what a certificate says: same number, new version, the old one marked superseded (更正)."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.records import TransitionRecord
from certificates.querysets import RevocationQuerySet

from .certificate import Certificate


class Correction(TwoPerson):
    """The decision to print a certificate anew with other words. ``changes``: printed field → what it shall say.

    ``error``, ``tried_at``: why the new version could not be made or signed yet; it is tried again.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed for decision")
        APPROVED = "approved", _("New version being made")
        DONE = "done", _("Corrected")
        DROPPED = "dropped", _("Dropped")

    FIELDS = ("name", "employer", "specialty", "qualified_on")
    """What can be corrected; another title or level is another certificate."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="corrections")
    changes = models.JSONField()
    evidence = models.TextField(_("evidence"))
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    error = models.TextField(blank=True)
    tried_at = models.DateTimeField(null=True)

    objects = RevocationQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        ordering = ["-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.UniqueConstraint(
                fields=["certificate"], condition=Q(status__in=["proposed", "approved"]), name="correction_live"
            ),
        ]

    def __str__(self) -> str:
        return str(self.certificate)

    def get_absolute_url(self) -> str:
        return reverse("certificates:correction-detail", args=[self.pk])

    def decision_content(self) -> dict[str, Any]:
        """Which certificate, what it shall say instead, on what evidence."""
        return {"certificate": self.certificate.number, "changes": self.changes, "evidence": self.evidence}


class CorrectionRecord(TransitionRecord):
    """Who proposed, decided and dropped a correction."""

    subject = models.ForeignKey(Correction, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False
