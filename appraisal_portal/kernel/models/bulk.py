"""Many decisions at once (批量操作), and taking them back."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models

from appraisal_portal.kernel import clock


class BulkAction(models.Model):
    """One batch: the same transition of one table for many objects, by one person.

    ``items``: one entry an object, {"object": key, "record": key of its record or null, "refusal": why not, in words,
    "before": what taking it back needs, "kept": why it could not be taken back}. Its messages wait in the outbox until
    ``undo_until``.
    """

    kind = models.CharField(max_length=60)  # label of the workflow
    transition = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    undo_until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    items = models.JSONField(default=list)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["by", "undo_until"], name="bulk_action_open")]

    def __str__(self) -> str:
        return f"{self.kind}.{self.transition} {self.at:%Y-%m-%d %H:%M}"

    @property
    def done(self) -> list[dict[str, Any]]:
        """The entries that were carried out."""
        return [entry for entry in self.items if entry["record"] is not None]

    @property
    def refused(self) -> list[dict[str, Any]]:
        """The entries that were not."""
        return [entry for entry in self.items if entry["record"] is None]

    def can_be_undone(self, moment: dt.datetime | None = None) -> bool:
        """Whether its time has not run out and nobody has taken it back yet."""
        return self.undone_at is None and bool(self.done) and (moment or clock.now()) < self.undo_until
