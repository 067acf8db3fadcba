"""Paper originals (纸质原件): what somebody handed in on paper, and every hand it went through until it was back."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.querysets import OriginalsQuerySet
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.records import TransitionRecord

from .declaration import Declaration


class Originals(models.Model):
    """One bundle of originals of a declaration; most declarations have none, for everything is read online.

    ``items``: list of {"text", "copies"} as handed in. ``holder``: the body it lies with, empty once the person has it
    back; ``since``: the day it came there.
    """

    class Status(models.TextChoices):
        WITH_UNIT = "with_unit", _("With the work unit")
        WITH_FORWARDER = "with_forwarder", _("With the county bureau or department")
        WITH_OFFICE = "with_office", _("With the deciding office")
        BACK_WITH_FORWARDER = "back_with_forwarder", _("On the way back, with the county bureau or department")
        BACK_WITH_UNIT = "back_with_unit", _("On the way back, with the work unit")
        RETURNED = "returned", _("Given back")

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="originals")
    items = models.JSONField(_("originals"))
    holder = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lies with")
    )
    since = models.DateField(_("since"))
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.WITH_UNIT)

    objects = OriginalsQuerySet.as_manager()
    from_body: Any = None  # within a hand-over: the body they lay with before

    class Meta:
        verbose_name = _("paper originals")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="returned", holder__isnull=True) | (~Q(status="returned") & Q(holder__isnull=False)),
                name="originals_lie_somewhere",
            )
        ]

    def __str__(self) -> str:
        return str(self.declaration)

    def get_absolute_url(self) -> str:
        """The page of the bundle."""
        return reverse("applications:originals-detail", args=[self.pk])

    @property
    def copies(self) -> int:
        """How many papers there are in all."""
        return sum(int(item["copies"]) for item in self.items)

    def message_words(self) -> dict[str, str]:
        """For messages: who has them now, and the body that plays the unit."""
        return {"holder": str(self.holder or ""), "unit": str(self.declaration.unit)}


class OriginalsRecord(TransitionRecord):
    """Who moved a bundle on."""

    subject = models.ForeignKey(Originals, models.PROTECT, related_name="records")


class HandOver(models.Model):
    """One hand-over (交接): from whom, to whom, on which day; a side without a body is the person concerned."""

    originals = models.ForeignKey(Originals, models.PROTECT, related_name="hand_overs")
    number = models.PositiveSmallIntegerField()
    from_body = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    from_person = models.CharField(max_length=50)
    to_body = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    to_person = models.CharField(max_length=50)
    handed_on = models.DateField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["originals", "number"]
        constraints = [
            models.UniqueConstraint(fields=["originals", "number"], name="hand_over_number"),
            models.CheckConstraint(
                condition=(Q(from_body__isnull=False) | Q(to_body__isnull=False))
                & (Q(from_body__isnull=True) | Q(to_body__isnull=True) | ~Q(from_body=F("to_body"))),
                name="hand_over_two_sides",
            ),
        ]
        triggers = [pgtrigger.Protect(name="hand_over_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.originals} {self.number}"
