"""What the portal tells people, codes that prove an address, and failed log-ins."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.querysets import MessageQuerySet
from appraisal_portal.kernel import clock


class Message(models.Model):
    """One message to one person, made by the outbox; ``outbox_key`` makes it happen once (站内信)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="inbox")
    outbox_key = models.CharField(max_length=160, unique=True)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    link = models.CharField(max_length=300, blank=True)
    act_by = models.DateField(_("by"), null=True)
    action_needed = models.BooleanField(default=False)
    sent_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["user", "-id"], name="message_inbox")]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        """Its page; opening it marks it read."""
        return reverse("accounts:message-detail", args=[self.pk])


class SentMail(models.Model):
    """An e-mail or text message as it left, kept only where nothing is really sent: demonstration and training."""

    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"


class ContactProof(models.Model):
    """A code sent to an e-mail address or telephone number: who types it in owns that address.

    ``user`` is empty while somebody registers. Only the hash of the code is stored; the code stands in the message.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("mobile number")

    class Purpose(models.TextChoices):
        REGISTER = "register", _("registration")
        CHANGE = "change", _("change of address")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="contact_proofs")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    address = models.CharField(max_length=254)
    from_address = models.GenericIPAddressField(null=True)
    code_hash = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["address", "asked_at"], name="proof_by_address"),
            models.Index(fields=["from_address", "asked_at"], name="proof_by_origin"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.channel} {self.asked_at:%Y-%m-%d %H:%M}"


class LoginAttempt(models.Model):
    """An attempt to log in, register or reset, counted per account and per address; the name only as a keyed hash.

    Written before anything is checked, so that a hundred guesses at once are counted as a hundred; a success wipes the
    account's rows.
    """

    account_hash = models.CharField(max_length=64)
    from_address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["account_hash", "at"], name="login_by_account"),
            models.Index(fields=["from_address", "at"], name="login_by_origin"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
