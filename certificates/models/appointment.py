"""Appointment to a post (聘任): what the title makes possible, and the unit decides inside its post structure."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import PostHolding, PostStructure
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.records import TransitionRecord
from certificates.querysets import AppointmentQuerySet

from .certificate import Certificate


class Appointment(TwoPerson):
    """A unit appoints the holder of a valid certificate to a post: its clerk enters, its head confirms.

    ``holding``: the post taken, from the confirmation on. ``ends_on``: last day of the term as agreed; empty: open.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waiting for the head")
        IN_FORCE = "in_force", _("In force")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ENDED = "ended", _("Ended")

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="appointments")
    unit = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="appointments")
    level = models.CharField(_("level of the post"), max_length=16, choices=PostStructure.Level.choices)
    starts_on = models.DateField(_("appointed from"))
    ends_on = models.DateField(_("appointed until"), null=True, blank=True)
    holding = models.OneToOneField(PostHolding, models.PROTECT, null=True, related_name="appointment")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    created_at = models.DateTimeField(default=clock.now)

    objects = AppointmentQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        ordering = ["-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="appointment_span"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["in_force", "ended"], holding__isnull=False, decided_by__isnull=False)
                | (~Q(status__in=["in_force", "ended"]) & Q(holding__isnull=True)),
                name="appointment_in_force_holds_a_post",
            ),
            models.UniqueConstraint(
                fields=["certificate", "unit"], condition=Q(status="proposed"), name="appointment_proposed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate.person} · {self.get_level_display()}"

    def get_absolute_url(self) -> str:
        """One page for unit, bureau and the person."""
        return reverse("certificates:appointment-detail", args=[self.pk])

    def decision_content(self) -> dict[str, Any]:
        """Who is appointed to what, on which certificate, from when to when."""
        return {
            "certificate": self.certificate.number,
            "person": self.certificate.person.name,
            "level": self.level,
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
        }


class AppointmentRecord(TransitionRecord):
    """Who entered, confirmed and ended an appointment."""

    subject = models.ForeignKey(Appointment, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False
