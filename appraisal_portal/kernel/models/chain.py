"""The hash chain over all transition records, and its head."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock


class ChainEntry(models.Model):
    """One link. Written at commit by the deferred trigger of each record table (see ``kernel/records.py``), never by
    Python.

    ``payload`` is the canonical text the hash was taken of, so that columns added later change nothing:
    ``hash = sha256(prev ‖ payload)``, hexadecimal.
    """

    seq = models.BigIntegerField(primary_key=True)
    table_name = models.CharField(max_length=80)
    record_id = models.BigIntegerField()
    payload = models.TextField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("chain entry")
        constraints = [models.UniqueConstraint(fields=["table_name", "record_id"], name="chain_once")]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"


class ChainHead(models.Model):
    """The last link; the single row (id = 1) that writers lock at commit."""

    id = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="chain_head_single")]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"


class DailyHead(models.Model):
    """Where the chain stood at 24:00 of a day (每日链头), fixed once the day is over: the anchor others can keep.

    ``seq`` and ``hash`` of the last entry whose act was made on that day or before.
    """

    day = models.DateField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    published_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("daily head of the chain")
        ordering = ["day"]
        triggers = [pgtrigger.Protect(name="daily_head_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.day} {self.seq} {self.hash[:12]}"
