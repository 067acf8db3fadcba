"""What stays of a case once it is decided: the reasons in words, and that the papers lie in the personal file."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.records import TransitionRecord

COMPLETED, LETTER = "2-1-completed", "decision-letter"
CODES = (COMPLETED, LETTER)
"""The two papers of a decided case."""


class PersonalFile(models.Model):
    """The file of a decided case (评审表归档): the office gives reasons in words, the unit confirms the filing.

    The papers themselves (completed 2-1, decision letter) are papers of the declaration, made when first asked for.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Not filed yet")
        FILED = "filed", _("Filed")

    declaration = models.OneToOneField("applications.Declaration", models.PROTECT, related_name="personal_file")
    reasons = models.TextField(_("reasons in words"), max_length=2000, blank=True)
    status = models.CharField(max_length=5, choices=Status.choices, default=Status.OPEN)
    place = models.CharField(_("where it is filed"), max_length=100, blank=True)
    filed_on = models.DateField(_("filed on"), null=True)

    class Meta:
        verbose_name = _("personal file")
        constraints = [
            models.CheckConstraint(
                condition=Q(status="open", filed_on__isnull=True) | Q(status="filed", filed_on__isnull=False),
                name="personal_file_dated",
            )
        ]

    def __str__(self) -> str:
        return str(self.declaration)

    def get_absolute_url(self) -> str:
        """The page of the outcome."""
        return reverse("reviews:outcome-detail", args=[self.declaration_id])


class PersonalFileRecord(TransitionRecord):
    """Who gave the reasons, who confirmed the filing."""

    subject = models.ForeignKey(PersonalFile, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


def outcome_of(declaration: Any) -> str:
    """One of "passed", "not_passed", "excluded", "rejected"; empty while nothing is decided."""
    return OUTCOMES.get(declaration.status, "")


OUTCOMES = {
    "not_passed": "not_passed",
    "excluded": "excluded",
    "rejected": "rejected",
    "approved": "passed",
    "certified": "passed",
    "revoked": "passed",
    "entrusted": "passed",
    "granted_elsewhere": "passed",
    "refused_elsewhere": "passed",
}
"""Status of a decided declaration → what was decided on it in this city."""
