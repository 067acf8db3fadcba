"""What the outbox delivers for this app."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from appraisal_portal.accounts.models import Message, User
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.models import Outbox
from appraisal_portal.kernel.outbox import handler


@handler("message")
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
        lines = [payload["body"]]
        if payload.get("by"):
            lines.append(_("By {day} at the latest.").format(day=payload["by"]))
        if payload.get("link"):
            lines.append(f"{settings.PORTAL_SITE_URL}{payload['link']}")
        lines.append(_("{site}. Please do not answer this e-mail.").format(site=settings.PORTAL_SITE_NAME))
        mail = EmailMessage(payload["subject"], "\n\n".join(lines), to=[user.email])
    # The key travels along: a mail server's log and a person with two copies can tell that they are one message.
    mail.extra_headers["Message-ID"] = f"<{row.kind}.{row.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2] or 'portal'}>"
    mail.send()
