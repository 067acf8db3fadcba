"""The authenticity undertaking 2-9 (真实性保证书) and the four marks on it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.querysets import OfDeclaration
from appraisal_portal.accounts.models import UnitSeal
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.models import Upload

from .declaration import Declaration, DeclarationSnapshot

# Applicant, verifier and head of the unit are three people; the rule says it in words, this trigger holds the table.
_THREE_PEOPLE = """
    IF NEW.mark IN ('applicant', 'verifier', 'unit_head') AND EXISTS (
        SELECT 1 FROM applications_signature s
         WHERE s.undertaking_id = NEW.undertaking_id AND s.user_id = NEW.user_id AND s.mark <> NEW.mark
           AND s.mark IN ('applicant', 'verifier', 'unit_head')) THEN
        RAISE EXCEPTION 'applicant, verifier and unit head of an undertaking are three people'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
# The electronic seal of a mark is one of this very unit, and in use at that moment.
_SEAL_IN_USE = """
    IF NEW.seal_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM accounts_unitseal s
          JOIN applications_undertaking u ON u.id = NEW.undertaking_id
          JOIN applications_declaration d ON d.id = u.declaration_id
         WHERE s.id = NEW.seal_id AND s.unit_id = d.unit_id AND s.picture_id = NEW.upload_id AND s.status = 'in_use'
    ) THEN
        RAISE EXCEPTION 'an undertaking is sealed with the seal its unit uses now' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class Undertaking(models.Model):
    """The text somebody answers for, over one snapshot; when the content changes it is void and a new one is signed."""

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="undertakings")
    text_version = models.CharField(max_length=20)
    text_sha256 = models.CharField(max_length=64)
    snapshot = models.ForeignKey(DeclarationSnapshot, models.PROTECT, related_name="undertakings")
    made_at = models.DateTimeField(default=clock.now)
    voided_at = models.DateTimeField(null=True, blank=True)

    objects = OfDeclaration.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["declaration"], condition=Q(voided_at__isnull=True), name="undertaking_live_once"
            ),
        ]

    def __str__(self) -> str:
        return f"2-9 {self.declaration_id} ({self.text_version})"


class Signature(models.Model):
    """One mark: the password entered again on the page with the whole text, the scan of the sealed paper, or the unit's
    electronic seal put on by its head (decision 85), whose picture the mark keeps by key and hash. Append-only.
    """

    class Mark(models.TextChoices):
        APPLICANT = "applicant", _("applicant")
        VERIFIER = "verifier", _("verifier of the work unit")
        UNIT_HEAD = "unit_head", _("head of the work unit")
        SEAL = "seal", _("seal of the work unit")

    class Method(models.TextChoices):
        PASSWORD = "password", _("password entered again")
        SCAN = "scan", _("sealed on paper and scanned")
        E_SEAL = "e_seal", _("electronic seal put on by the head of the work unit")

    undertaking = models.ForeignKey(Undertaking, models.PROTECT, related_name="signatures")
    mark = models.CharField(max_length=10, choices=Mark.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    method = models.CharField(max_length=10, choices=Method.choices, default=Method.PASSWORD)
    upload = models.ForeignKey(Upload, models.PROTECT, null=True, blank=True, related_name="+")
    seal = models.ForeignKey(UnitSeal, models.PROTECT, null=True, blank=True, related_name="+")
    seal_sha256 = models.CharField(max_length=64, blank=True)  # of the picture, as it was put on
    text_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)
    from_address = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["undertaking", "mark"], name="signature_once"),
            models.CheckConstraint(
                condition=~Q(method="scan") | Q(upload__isnull=False), name="signature_scan_has_file"
            ),
            models.CheckConstraint(
                condition=~Q(mark="seal") | Q(method__in=["scan", "e_seal"]), name="signature_seal_is_a_seal"
            ),
            models.CheckConstraint(
                condition=Q(method="e_seal", mark="seal", seal__isnull=False, upload__isnull=False, seal_sha256__gt="")
                | (~Q(method="e_seal") & Q(seal__isnull=True, seal_sha256="")),
                name="signature_names_its_seal",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="signature_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="signature_three_people", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_THREE_PEOPLE
            ),
            pgtrigger.Trigger(
                name="signature_seal_in_use", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_SEAL_IN_USE
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_mark_display()} {self.at:%Y-%m-%d}"

    @property
    def use_number(self) -> str:
        """Number of this use of an electronic seal (用印编号), as 2-9 prints it."""
        return f"{self.seal.number}-{self.pk}" if self.seal else ""
