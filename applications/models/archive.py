"""The personal archive (个人业绩库): what a person has achieved, kept over the years and reused in declarations."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.querysets import ArchiveQuerySet
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.models import Upload

from .blocks import Achievement


@pghistory.track()
class ArchivedAchievement(models.Model):
    """One version of an achievement, owned by the person. Once a unit has verified it, it never changes: a change is a
    new version that names the one before, and is verified anew.
    """

    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="archive")
    previous = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="next")
    kind = models.CharField(_("Kind"), max_length=10, choices=Achievement.Kind.choices)
    title = models.CharField(_("Title"), max_length=150)
    role = models.CharField(_("Own part"), max_length=60, blank=True)
    rank = models.CharField(_("Rank among authors"), max_length=30, blank=True)
    reached_on = models.DateField(_("Date"), null=True, blank=True)
    level = models.CharField(_("Level"), max_length=60, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    verified_unit = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    # of the one file it was compared with; of several: of their sorted hashes, one a line
    verified_sha256 = models.CharField(max_length=64, blank=True)

    objects = ArchiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("achievement in the archive")
        ordering = ["-reached_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verified_at__isnull=True)
                | models.Q(verified_by__isnull=False, verified_unit__isnull=False),
                name="archive_verified_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="archive_verified_stands",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__verified_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ArchiveFile(models.Model):
    """A file that proves an archived achievement; declarations use the same stored file."""

    entry = models.ForeignKey(ArchivedAchievement, models.PROTECT, related_name="files")
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["entry", "upload"], name="archive_file_once")]

    def __str__(self) -> str:
        return str(self.upload)
