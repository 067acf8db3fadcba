"""What the outbox delivers for this app: messages, codes that prove an address, links to set a password."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.accounts.models import ContactProof, Message, User
from appraisal_portal.accounts.services.registration import code_hash, new_code
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.days import day_said
from appraisal_portal.kernel.models import Outbox
from appraisal_portal.kernel.outbox import handler


def _mail(row: Outbox, to: str, subject: str, paragraphs: Sequence[str]) -> None:
    # The key travels along: a mail server's log, and a person with two copies, can tell that they are one message.
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "portal.invalid"
    closing = _("{site}. Please do not answer this e-mail.").format(site=settings.PORTAL_SITE_NAME)
    EmailMessage(
        subject,
        "\n\n".join([*paragraphs, closing]),
        to=[to],
        headers={"Message-ID": f"<{row.kind}.{row.pk}@{domain}>"},
    ).send()


@handler("message", gettext_lazy("Messages"))
def deliver_message(row: Outbox) -> None:
    """Inbox row and e-mail for one person; a second delivery of the same key adds nothing to the inbox."""
    payload = row.payload
    user = User.objects.get(pk=payload["user"])
    Message.objects.get_or_create(
        outbox_key=row.key,
        defaults={
            "user": user,
            "subject": payload["subject"][:200],
            "body": payload["body"],
            "link": payload.get("link", ""),
            "act_by": payload.get("by"),
            "action_needed": payload.get("action_needed", False),
            "sent_at": clock.now(),
        },
    )
    if not user.email or not user.is_active:
        return
    with translation.override(user.language):
        # A third of people miss a demand that the subject does not name (ui.md §2).
        subject = _("[Please act] {subject}") if payload.get("action_needed") else "{subject}"
        paragraphs = [payload["body"]]
        if payload.get("by") and payload.get("action_needed"):  # others only read of a day
            paragraphs.append(_("By {day} at the latest.").format(day=day_said(dt.date.fromisoformat(payload["by"]))))
        if payload.get("link"):
            paragraphs.append(f"{settings.PORTAL_SITE_URL}{payload['link']}")
        _mail(row, user.email, subject.format(subject=payload["subject"]), paragraphs)


@handler("contact_code", gettext_lazy("Codes that prove an e-mail address or number"))
def deliver_code(row: Outbox) -> None:
    """Make the code, keep its hash, send it to the address to be proved. A retry sends a fresh code."""
    proof = ContactProof.objects.select_related("user").get(pk=row.payload["proof"])
    if proof.used_at is not None:
        return
    code = new_code()
    proof.code_hash, proof.sent_at = code_hash(proof, code), clock.now()
    proof.save(update_fields=["code_hash", "sent_at"])
    with translation.override(proof.user.language if proof.user else settings.LANGUAGE_CODE):
        text = _("Your code is {code}. It is valid for {minutes} minutes. Tell it to nobody.").format(
            code=code, minutes=settings.PORTAL_CODE_MINUTES
        )
        if proof.channel == ContactProof.Channel.PHONE:
            import_string(settings.PORTAL_SMS_SENDER)(proof.address, text)
        else:
            _mail(row, proof.address, _("Your code: {code}").format(code=code), [text])


@handler("password_reset", gettext_lazy("Links for a forgotten password"))
def deliver_reset(row: Outbox) -> None:
    """A link to set a password; for nobody (an unknown name was typed) nothing at all."""
    user = User.objects.active().filter(pk=row.payload["user"] or 0).first()
    if user is None or not user.email:
        return
    token = {"uidb64": urlsafe_base64_encode(force_bytes(user.pk)), "token": default_token_generator.make_token(user)}
    link = f"{settings.PORTAL_SITE_URL}{reverse('accounts:password-reset-confirm', kwargs=token)}"
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    with translation.override(user.language):
        if row.payload.get("welcome"):
            subject = _("Your account: set a password")
            text = _("An account has been made for you. Your login name is {name}. Set a password with this link:")
        else:
            subject = _("Set a new password")
            text = _("You asked for a new password for {name}. Set it with this link; if it was not you, do nothing:")
        paragraphs = [text.format(name=user.username), link, _("The link is valid for {n} hours.").format(n=hours)]
        _mail(row, user.email, subject, paragraphs)
