"""Certificates, their printed versions, revocations, and the attempts of the public look-up."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.models import StoredDocument
from appraisal_portal.kernel.records import TransitionRecord
from certificates.querysets import CertificateQuerySet, RevocationQuerySet


class Certificate(models.Model):
    """An e-certificate of a professional title (电子证书). The row stays for ever; numbers are never used again."""

    class Status(models.TextChoices):
        VALID = "valid", _("Valid")
        REVOKED = "revoked", _("Revoked")

    class Source(models.TextChoices):
        ISSUED = "issued", _("issued after appraisal")
        FILED = "filed", _("filed by an autonomous unit")
        EXAM = "exam", _("registered examination certificate")
        ARCHIVE = "archive", _("entered from the archive")

    number = models.CharField(max_length=22, unique=True)
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="certificates")
    title = models.ForeignKey("plans.Title", models.PROTECT, related_name="certificates")
    declaration = models.ForeignKey("applications.Declaration", models.PROTECT, null=True, related_name="certificates")
    claim = models.OneToOneField("certificates.Claim", models.PROTECT, null=True, related_name="certificate")
    filed_row = models.OneToOneField("autonomous.FiledRow", models.PROTECT, null=True, related_name="certificate")
    acquired_by = models.CharField(max_length=20)
    # Nobody appraised what an examination decided.
    committee = models.ForeignKey("plans.Committee", models.PROTECT, null=True, related_name="certificates")
    qualified_on = models.DateField()
    issuing_body = models.CharField(max_length=100)
    issued_on = models.DateField()
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.ISSUED)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.VALID)
    revoked_on = models.DateField(null=True)
    revoke_class = models.CharField(max_length=20, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "title"], condition=Q(status="valid"), name="one_live"),
            models.UniqueConstraint(
                fields=["declaration"], condition=Q(declaration__isnull=False), name="certificate_per_declaration"
            ),
            models.CheckConstraint(
                condition=~Q(status="revoked") | Q(revoked_on__isnull=False), name="revoked_has_date"
            ),
            models.CheckConstraint(
                condition=~Q(source="issued") | Q(declaration__isnull=False, committee__isnull=False),
                name="issued_has_declaration",
            ),
            models.CheckConstraint(
                condition=Q(source="exam", claim__isnull=False, declaration__isnull=True, committee__isnull=True)
                | Q(source="archive", declaration__isnull=True)
                | (~Q(source__in=["exam", "archive"]) & Q(claim__isnull=True)),
                name="exam_has_claim",
            ),
            models.CheckConstraint(
                condition=Q(source="filed", filed_row__isnull=False, declaration__isnull=True, committee__isnull=True)
                | (~Q(source="filed") & Q(filed_row__isnull=True)),
                name="filed_has_row",
            ),
        ]
        triggers = [pgtrigger.Protect(name="certificate_stays", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("certificates:certificate-detail", args=[self.pk])

    @property
    def current(self) -> "CertificateVersion":
        """The version in force."""
        return self.versions.get(superseded_at__isnull=True)


class CertificateRecord(TransitionRecord):
    """Issue, correction and revocation of a certificate."""

    subject = models.ForeignKey(Certificate, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


def _first_octets(column: str) -> "models.GeneratedField":
    """The first eight octets of a hexadecimal hash as one number: an index of numbers is a third as large as one of
    hashes and compared in one step. PostgreSQL reckons it, so it cannot differ from the hash."""
    number = Func(column, template="('x' || substr(%(expressions)s, 1, 16))::bit(64)::bigint")
    return models.GeneratedField(expression=number, output_field=models.BigIntegerField(), db_persist=True)


class CertificateVersion(models.Model):
    """What was printed, frozen. Each version has its own token and check code: an old sheet says it is superseded.

    ``token_sha256``: hash of the 128 random bits in the QR code. ``lookup_hmac``: keyed hash of number, name and check
    code for the look-up by hand; neither secret is stored. ``token_key``, ``lookup_key``: how either is found.
    """

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField(default=1)
    snapshot = models.JSONField()
    document = models.ForeignKey(StoredDocument, models.PROTECT, related_name="+")
    token_sha256 = models.CharField(max_length=64)
    lookup_hmac = models.CharField(max_length=64)
    token_key = _first_octets("token_sha256")
    lookup_key = _first_octets("lookup_hmac")
    reason = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    signed_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "version"], name="certificate_version_once"),
            models.UniqueConstraint(
                fields=["certificate"], condition=Q(superseded_at__isnull=True), name="certificate_one_current"
            ),
            # With the row's key inside the public check finds it without a look at the table, which holds snapshots.
            # Two of a million hashes that begin alike come once in forty million registers: the second is refused,
            # its item tried again, and then it has another token.
            models.UniqueConstraint(fields=["token_key"], include=["id"], name="version_token_key_once"),
            models.UniqueConstraint(fields=["lookup_key"], include=["id"], name="version_lookup_key_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="version_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="version_as_printed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "certificate", "version", "snapshot", "document", "token_sha256", "lookup_hmac"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate} v{self.version}"


class Revocation(TwoPerson):
    """The decision to revoke a certificate (撤销): the number stays, the public check says "revoked on …"."""

    class Class(models.TextChoices):
        FALSIFICATION = "falsification", _("Falsification")
        ERROR = "error", _("Issued in error")
        OTHER = "other", _("Other ground")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed for decision")
        DECIDED = "decided", _("Revoked")
        DROPPED = "dropped", _("Dropped")

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="revocations")
    # The ban it follows from, where one was decided first.
    sanction = models.ForeignKey(
        "applications.Sanction", models.PROTECT, null=True, blank=True, related_name="revocations"
    )
    revoke_class = models.CharField(_("ground"), max_length=20, choices=Class.choices)
    evidence = models.TextField(_("evidence"))
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)

    objects = RevocationQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        ordering = ["-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.UniqueConstraint(
                fields=["certificate"], condition=Q(status__in=["draft", "proposed", "decided"]), name="revocation_live"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate} {self.get_revoke_class_display()}"

    def get_absolute_url(self) -> str:
        return reverse("certificates:revocation-detail", args=[self.pk])

    def decision_content(self) -> dict[str, Any]:
        """Which certificate, on what ground, with what evidence."""
        return {"certificate": self.certificate.number, "ground": self.revoke_class, "evidence": self.evidence}


class RevocationRecord(TransitionRecord):
    """Who opened, proposed and decided a revocation."""

    subject = models.ForeignKey(Revocation, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class Lookup(models.Model):
    """Attempts of the public look-up, counted per address and hour and per number and day; no names are stored."""

    scope = models.CharField(max_length=8)  # "address" or "number"
    key_hash = models.CharField(max_length=64)
    window_key = models.CharField(max_length=13)  # "2026-11-25" or "2026-11-25T09", Asia/Shanghai
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key_hash", "window_key"], name="lookup_window_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.window_key}: {self.attempts}"
