"""The public, append-only log (公开日志): its lines, the hashes of its Merkle tree, its state, its daily heads and what
signs them."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock


class LogEntry(models.Model):
    """One line. ``line`` is public and is what the leaf is hashed of; ``content`` and ``salt`` open its commitment.

    ``subject_id``: the row of the stage that made the fact public; its table follows from ``kind``.
    """

    place = models.BigIntegerField(primary_key=True)  # from 0, without a gap
    kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    line = models.TextField()
    salt = models.CharField(max_length=32)
    content = models.TextField()

    class Meta:
        verbose_name = _("entry of the public log")
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="log_once")]
        triggers = [pgtrigger.Protect(name="log_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.place} {self.kind}"


class LogNode(models.Model):
    """Hash over one complete part of the tree, hexadecimal; the number says which part (``publiclog/tree.py``)."""

    number = models.BigIntegerField(primary_key=True)
    hash = models.CharField(max_length=64)

    class Meta:
        triggers = [pgtrigger.Protect(name="log_node_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:12]}"


class LogState(models.Model):
    """How many lines there are, and up to which link of the hash chain they were taken; the single row writers lock."""

    id = models.SmallIntegerField(primary_key=True)
    size = models.BigIntegerField()
    chain_seq = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="log_state_single")]

    def __str__(self) -> str:
        return f"{self.size} after {self.chain_seq}"


class LogHead(models.Model):
    """Number of lines and root at 24:00 of a day (每日日志头), fixed before anything of the next day is added."""

    day = models.DateField(primary_key=True)
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    fixed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("daily head of the public log")
        ordering = ["day"]
        triggers = [pgtrigger.Protect(name="log_head_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.day} {self.size} {self.root[:12]}"


class PortalPublicKey(models.Model):
    """The public half of each key the portal ever signed with: what is signed is checked when the key is long gone."""

    kid = models.CharField(max_length=43, primary_key=True)  # thumbprint, RFC 7638
    jwk = models.JSONField()
    first_used = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("public key of the portal")
        ordering = ["first_used"]
        triggers = [pgtrigger.Protect(name="public_key_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.kid


class LogSignature(models.Model):
    """The portal's signature over a daily head (RFC 7515), made by the sweep that fixed it or, without a key, later."""

    head = models.OneToOneField(LogHead, models.PROTECT, primary_key=True, related_name="signature")
    key = models.ForeignKey(PortalPublicKey, models.PROTECT, related_name="+")
    jws = models.TextField()

    class Meta:
        triggers = [pgtrigger.Protect(name="log_signature_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.head_id} {self.key_id[:12]}"
