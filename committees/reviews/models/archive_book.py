"""The archive book of a meeting (评审档案): every document with its hash, and the checks of it ever since."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.models import StoredDocument
from appraisal_portal.kernel.records import TransitionRecord
from committees.reviews.querysets.archive_book import ArchiveBookQuerySet

from .meeting import Meeting

PDF, XLSX = "archive-index", "archive-index-table"
"""Codes of the index on paper and as a table."""


class ArchiveBook(models.Model):
    """One book: index as PDF and Excel, and as JSON, all from ``content``, whose hash is ``sha256``.

    ``content``: {"meeting": …, "documents": [entry, …]}; an entry's keys stand in ``services.archive_book``. Once made
    it stays; a later book of the same meeting is another version.
    """

    class Status(models.TextChoices):
        ORDERED = "ordered", _("Being made")
        MADE = "made", _("Made")
        FAILED = "failed", _("Failed")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="archive_books")
    version = models.PositiveSmallIntegerField()
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    content = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    index_pdf = models.ForeignKey(StoredDocument, models.PROTECT, null=True, related_name="+")
    index_xlsx = models.ForeignKey(StoredDocument, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ORDERED)

    objects = ArchiveBookQuerySet.as_manager()

    class Meta:
        verbose_name = _("archive book")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "version"], name="archive_book_version"),
            models.UniqueConstraint(fields=["meeting"], condition=Q(status="ordered"), name="archive_book_one_ordered"),
            models.CheckConstraint(
                condition=~Q(status="made")
                | (~Q(sha256="") & Q(index_pdf__isnull=False, index_xlsx__isnull=False, made_at__isnull=False)),
                name="archive_book_whole",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="archive_book_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status="made")
                & (
                    pgtrigger.Q(old__content__df=pgtrigger.F("new__content"))
                    | pgtrigger.Q(old__sha256__df=pgtrigger.F("new__sha256"))
                    | pgtrigger.Q(old__index_pdf__df=pgtrigger.F("new__index_pdf"))
                    | pgtrigger.Q(old__index_xlsx__df=pgtrigger.F("new__index_xlsx"))
                ),
            )
        ]

    def __str__(self) -> str:
        return str(_("Archive book {meeting}, version {version}").format(meeting=self.meeting, version=self.version))

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("reviews:archive-detail", args=[self.pk])


class ArchiveBookRecord(TransitionRecord):
    """Who ordered a book, and who had it checked."""

    subject = models.ForeignKey(ArchiveBook, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class ArchiveCheck(models.Model):
    """One check of a book: every file read again. ``differences``: list of {"no", "of", "name", "what"}."""

    book = models.ForeignKey(ArchiveBook, models.PROTECT, related_name="checks")
    asked = models.OneToOneField(ArchiveBookRecord, models.PROTECT, null=True, related_name="+")  # null: by the command
    checked_at = models.DateTimeField(default=clock.now)
    documents = models.PositiveIntegerField()
    differences = models.JSONField(default=list)

    class Meta:
        ordering = ["-pk"]
        triggers = [pgtrigger.Protect(name="archive_check_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.book} {self.checked_at:%Y-%m-%d %H:%M}"
