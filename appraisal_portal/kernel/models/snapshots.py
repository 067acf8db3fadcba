"""What was handed over, frozen: later stages read the snapshot, never the live draft."""

import pgtrigger
from django.conf import settings
from django.db import models

from appraisal_portal.kernel import clock


class Snapshot(models.Model):
    """Canonical content of a hand-over. ``sha256`` is :func:`appraisal_portal.kernel.approvals.content_sha256` of
    ``content``."""

    schema = models.PositiveSmallIntegerField(default=1)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField(default=clock.now)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        triggers = [pgtrigger.Protect(name="snapshot_stays", operation=pgtrigger.Update | pgtrigger.Delete)]
