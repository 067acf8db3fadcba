"""What a holder lets everybody see who checks the certificate (持证人公开设置)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.records import TransitionRecord

from .certificate import Certificate


class Disclosure(models.Model):
    """One switch of one certificate. Without a row, and by default, nothing more is shown."""

    class What(models.TextChoices):
        EMPLOYER = "employer", _("Work unit at the time of issue")
        PHOTO = "photo", _("Photograph")

    class Status(models.TextChoices):
        HIDDEN = "hidden", _("Not shown")
        SHOWN = "shown", _("Shown")

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="disclosures")
    what = models.CharField(max_length=8, choices=What.choices)
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.HIDDEN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["certificate", "what"], name="disclosure_once")]

    def __str__(self) -> str:
        return f"{self.certificate} {self.get_what_display()}"


class DisclosureRecord(TransitionRecord):
    """When the holder switched it on or off."""

    subject = models.ForeignKey(Disclosure, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False
