"""Electronic seals of units (电子印章): the picture, the sealed authorisation, and who approved it (decision 85)."""

import datetime as dt
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.querysets import UnitSealQuerySet
from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.records import TransitionRecord

from .organisations import Organisation


class UnitSeal(TwoPerson):
    """One picture of a unit's seal: its head proposes, the bureau that approves units decides. What was sealed with it
    keeps it; it is the unit's own seal as a picture, no certified electronic signature."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waiting for the check")
        IN_USE = "in_use", _("In use")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Taken back")
        REPLACED = "replaced", _("Replaced")
        ENDED = "ended", _("No longer in use")

    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="seals", verbose_name=_("unit"))
    picture = models.ForeignKey(Upload, models.PROTECT, related_name="+", verbose_name=_("picture of the seal"))
    authorisation = models.ForeignKey(Upload, models.PROTECT, related_name="+", verbose_name=_("sealed authorisation"))
    number = models.CharField(_("registration number"), max_length=20, blank=True)  # drawn with the approval
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)

    objects = UnitSealQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        verbose_name = _("electronic seal of a unit")
        ordering = ["-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.UniqueConstraint(fields=["unit"], condition=Q(status="proposed"), name="unit_seal_proposed_once"),
            # Judged at the commit: the new one comes into use before the one it replaces goes.
            ExclusionConstraint(
                name="unit_seal_in_use_once",
                expressions=[("unit", RangeOperators.EQUAL)],
                condition=Q(status="in_use"),
                deferrable=Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="unit_seal_number"),
            models.CheckConstraint(
                condition=~Q(status__in=["in_use", "replaced", "ended"])
                | (Q(proposed_by__isnull=False, decided_by__isnull=False) & ~Q(number="")),
                name="unit_seal_approved_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="unit_seal_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="unit_seal_as_proposed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("unit", "picture", "authorisation"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.number}".strip()

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("accounts:unitseal-detail", args=[self.pk])

    def decision_content(self) -> dict[str, Any]:
        """Whose it is, and the hashes of both files."""
        return {
            "unit": self.unit.name,
            "picture": self.picture.sha256,
            "authorisation": self.authorisation.sha256,
        }

    @property
    def decide_by(self) -> dt.date | None:
        """The day by which the bureau decides."""
        if self.proposed_at is None:
            return None
        return calendar.add_working_days(
            clock.local(self.proposed_at).date(), settings.PORTAL_UNIT_SEAL_WORKING_DAYS
        ).ends_on

    def message_words(self) -> dict[str, str]:
        """For messages: the unit by its name."""
        return {"unit": str(self.unit)}


class UnitSealRecord(TransitionRecord):
    """Who proposed, approved, refused, took back or ended a seal."""

    subject = models.ForeignKey(UnitSeal, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False
