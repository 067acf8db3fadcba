"""What must happen after a commit, kept in PostgreSQL until it has happened."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock


class Outbox(models.Model):
    """One delivery. ``key`` ("table:record_id" or "object:cause") makes it happen once; the only place a retry
    lives."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        DEAD = "dead", _("Given up")
        DROPPED = "dropped", _("Taken back before it was sent")

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=160)
    payload = models.JSONField(default=dict)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=clock.now)
    locked_until = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="outbox_key")]
        indexes = [models.Index(fields=["status", "not_before"], name="outbox_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
