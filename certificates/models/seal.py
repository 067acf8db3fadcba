"""The bureau's own seal picture (印章图样), printed on certificates. The portal draws none and imitates none."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.records import TransitionRecord
from certificates.querysets import RevocationQuerySet


class Seal(TwoPerson):
    """One picture of a seal: a reviewer uploads it, another person puts it in use. Certificates issued before stay as
    they are; each says in its snapshot which one was printed."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed for decision")
        IN_USE = "in_use", _("In use")
        ENDED = "ended", _("No longer in use")
        DROPPED = "dropped", _("Dropped")

    label = models.CharField(_("which seal it is"), max_length=60)
    picture = models.ForeignKey(Upload, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)

    objects = RevocationQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        ordering = ["-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.UniqueConstraint(
                fields=["status"], condition=Q(status__in=["proposed", "in_use"]), name="seal_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("certificates:seal-detail", args=[self.pk])

    def decision_content(self) -> dict[str, Any]:
        """Which seal, and the hash of its picture."""
        return {"label": self.label, "picture": self.picture.sha256}


class SealRecord(TransitionRecord):
    """Who proposed a seal, put it in use and took it out of use."""

    subject = models.ForeignKey(Seal, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False
