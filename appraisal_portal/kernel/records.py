"""Append-only records of who decided what and why, each linked into one hash chain at commit."""

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from appraisal_portal.kernel import clock

# Hash a stored canonical UTC text: a hash of row_to_json changes with the session's time zone and after ADD COLUMN.
# The head is locked at commit only; locking it at the first record of a transaction deadlocks (measured).
_CHAIN = """
    INSERT INTO kernel_chainhead (id, seq, hash) VALUES (1, 0, '') ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM kernel_chainhead WHERE id = 1 FOR UPDATE;
    body := jsonb_build_object(
        'table', TG_TABLE_NAME, 'id', NEW.id, 'subject', NEW.subject_id, 'transition', NEW.transition,
        'source', NEW.source, 'target', NEW.target, 'actor', NEW.actor_id, 'acting_as', NEW.acting_as,
        'reason', NEW.reason, 'data', NEW.data, 'content_hash', NEW.content_hash,
        'cause', NEW.cause_table || ':' || coalesce(NEW.cause_id::text, ''),
        'at', to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text;
    digest := encode(sha256(convert_to(head.hash || body, 'UTF8')), 'hex');
    INSERT INTO kernel_chainentry (seq, table_name, record_id, payload, prev, hash)
        VALUES (head.seq + 1, TG_TABLE_NAME, NEW.id, body, head.hash, digest);
    UPDATE kernel_chainhead SET seq = head.seq + 1, hash = digest WHERE id = 1;
    RETURN NULL;
"""


class TransitionRecord(models.Model):
    """Who moved the subject from ``source`` to ``target``, in which capacity, why, and what caused it.

    Concrete classes add ``subject = ForeignKey(…, PROTECT, related_name="records")`` and inherit ``Meta``
    (``class Meta(TransitionRecord.Meta): abstract = False`` or simply no Meta of their own).
    """

    transition = models.CharField(max_length=40)
    source = models.CharField(max_length=30, blank=True)
    target = models.CharField(max_length=30)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # The membership is kept by number and in words as they stood: the kernel does not know accounts.
    acting_membership = models.PositiveBigIntegerField(null=True)
    acting_as = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    content_hash = models.CharField(max_length=64, blank=True)
    cause_table = models.CharField(max_length=80, blank=True)
    cause_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=clock.now)
    from_address = models.GenericIPAddressField(null=True)

    class Meta:
        abstract = True
        ordering = ["pk"]
        triggers = [
            pgtrigger.Protect(name="record_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="record_chained",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                declare=[("head", "kernel_chainhead%ROWTYPE"), ("body", "text"), ("digest", "text")],
                func=_CHAIN,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transition}: {self.source} → {self.target}"
