"""What somebody holds and wants in the register: the certificate of a passed examination (以考代评证书登记), or a paper
certificate from before certificates became electronic (纸质证书补录)."""

from typing import Any

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.records import TransitionRecord
from certificates.querysets import ClaimQuerySet


@pghistory.track()
class Claim(TwoPerson):
    """A person holds the certificate of a national or provincial examination, or a paper certificate from before 2018,
    and wants it in the register.

    Nothing is appraised, determined or publicised: the bureau compares the uploaded certificate with what was typed, a
    paper one with its archive too; two people decide, and an e-certificate with the source "exam" or "archive" is
    issued. ``exam_number``, ``obtained_on``, ``authority``: of the certificate that is held, whichever kind it is.
    """

    class Kind(models.TextChoices):
        EXAM = "exam", _("examination certificate")
        ARCHIVE = "archive", _("paper certificate")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for the bureau")
        RETURNED = "returned", _("Returned for correction")
        PROPOSED = "proposed", _("Waiting for the second person")
        APPROVED = "approved", _("Certificate being made")
        REGISTERED = "registered", _("Registered")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REVOKED = "revoked", _("Revoked")

    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.EXAM)
    title = models.ForeignKey("plans.Title", models.PROTECT, related_name="claims", verbose_name=_("title"))
    # Where only part of a series goes by examination (computer software within engineering).
    subfield = models.ForeignKey("plans.Subfield", models.PROTECT, null=True, blank=True, related_name="+")
    specialty = models.CharField(_("specialty"), max_length=60, blank=True)
    exam_number = models.CharField(_("number of the examination certificate"), max_length=40)
    obtained_on = models.DateField(_("date on the examination certificate"))
    authority = models.CharField(_("issued by"), max_length=60)
    file = models.ForeignKey(Upload, models.PROTECT, related_name="+")
    photo = models.ForeignKey(Upload, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    created_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True)

    objects = ClaimQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        ordering = ["-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "title"],
                condition=~Q(status__in=["refused", "withdrawn", "revoked"]),
                name="claim_live_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False), name="claim_handed_in"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.exam_number}"

    def get_absolute_url(self) -> str:
        """One page for everybody who may see it."""
        return reverse("certificates:claim-detail", args=[self.pk])

    def decision_content(self) -> dict[str, Any]:
        """Whose certificate of which examination, and the two files; the ID number masked, as on the page."""
        return {
            **({"kind": self.kind} if self.kind != self.Kind.EXAM else {}),
            "person": self.person.name,
            "id_number": self.person.masked_id_number,
            "title": self.title.name,
            "subfield": self.subfield.name if self.subfield else "",
            "specialty": self.specialty,
            "exam_number": self.exam_number,
            "obtained_on": self.obtained_on,
            "authority": self.authority,
            "file": self.file.sha256,
            "photo": self.photo.sha256,
        }


class ClaimRecord(TransitionRecord):
    """Who handed in, checked and decided a claim."""

    subject = models.ForeignKey(Claim, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False
