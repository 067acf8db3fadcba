"""Files: what people upload, what the portal makes, and exports on their way."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock


class StoredDocument(models.Model):
    """A paper as it was made: never made again, only superseded. The bytes lie in Django storage under their hash."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Excel"
        ZIP = "zip", "ZIP"
        PHOTO = "photo", _("photograph")

    code = models.CharField(max_length=40)  # "3-2", "2-9", "certificate"
    title = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=200)  # content-addressed name in the storage
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    snapshot = models.JSONField(default=dict)
    snapshot_sha256 = models.CharField(max_length=64, blank=True)
    number = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001 - null keeps *doc_number* out of the way
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="supersedes")

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="document_by_sha256")]  # a file somebody was given
        constraints = [
            models.UniqueConstraint(
                fields=["code", "number"], condition=models.Q(number__isnull=False), name="doc_number"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="document_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="document_as_made",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "code", "title", "version", "kind", "name", "sha256", "size", "snapshot_sha256", "number", "made_at"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Upload(models.Model):
    """A file somebody uploaded, checked by content and stored under a random name outside the web root.

    A visitor who sends something in with an objection is nobody's account: such a file has no owner.
    """

    class Scan(models.TextChoices):
        UNSCANNED = "unscanned", _("not scanned yet")
        CLEAN = "clean", _("clean")
        INFECTED = "infected", _("infected")
        WAIVED = "waived", _("scan waived by policy")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    original_name = models.CharField(max_length=100)
    content_type = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    pages = models.PositiveIntegerField(null=True)
    scan = models.CharField(max_length=10, choices=Scan.choices, default=Scan.UNSCANNED)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="uploads")
    uploaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="upload_as_sent",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("id", "original_name", "content_type", "sha256", "size", "owner"),
            )
        ]

    def __str__(self) -> str:
        return self.original_name

    def opens_for(self, user: Any) -> bool:
        """What the scanner allows: a file not scanned yet only its owner opens, an infected one nobody.

        Whether this reader may see the matter it belongs to, the calling view has judged.
        """
        if self.scan == self.Scan.UNSCANNED:
            return self.owner_id is not None and self.owner_id == user.pk
        return self.scan in (self.Scan.CLEAN, self.Scan.WAIVED)


class KeptFile(models.Model):
    """A good file of a form that was refused, for the next try (``kernel/kept.py``): of an account, or of the browser
    (``visitor``) of somebody without one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    visitor = models.CharField(max_length=64, blank=True)
    address = models.GenericIPAddressField(null=True)
    original_name = models.CharField(max_length=100)
    content_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    kept_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["kept_at"], name="kept_file_age")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(owner=None) ^ models.Q(visitor=""), name="kept_file_of_account_or_browser"
            )
        ]

    def __str__(self) -> str:
        return self.original_name


class Export(models.Model):
    """Papers made in the worker (导出): asked for once, followed by its counts, failed in words.

    `key` names what is made ("meeting-papers:12"): only one of a key is on its way at a time. The files are papers of
    their subject, read by its own rules at each delivery.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=40)
    subject = models.PositiveBigIntegerField()
    key = models.CharField(max_length=80)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports")
    membership = models.PositiveBigIntegerField(null=True)  # accounts.Membership, one layer above: in which capacity
    requested_at = models.DateTimeField(default=clock.now)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    done_rows = models.PositiveIntegerField(default=0)
    total_rows = models.PositiveIntegerField(default=0)
    told = models.TextField(blank=True)  # what came of it, in words for the person who asked

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(status__in=["waiting", "running"]), name="export_on_its_way_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.status in (self.Status.DONE, self.Status.FAILED)


class FormToken(models.Model):
    """Makes a POST idempotent: five equal posts give one object and lead to the same page."""

    token = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    purpose = models.CharField(max_length=60)
    result_url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="form_token_age")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.token}"


class Reveal(models.Model):
    """Somebody looked at a full identity number (or exported many): who, whose, why. Append-only."""

    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reveals_made")
    person_id = models.PositiveBigIntegerField(null=True)  # accounts.Person, one layer above
    field = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)
    count = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["person_id", "-at"], name="reveal_of_person")]
        triggers = [pgtrigger.Protect(name="reveal_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.viewer_id} {self.field} {self.at:%Y-%m-%d}"
