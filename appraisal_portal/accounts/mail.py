"""A mail backend that sends nothing and keeps everything readable: demonstration and training."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from appraisal_portal.accounts.models import SentMail
from appraisal_portal.kernel import clock


class StoredMailBackend(BaseEmailBackend):
    """Writes :class:`SentMail` rows, which ``accounts:sent-mail`` shows where ``PORTAL_SHOW_SENT_MAIL`` is on."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each message once per recipient."""
        rows = [
            SentMail(to=to, subject=mail.subject[:300], body=mail.body, sent_at=clock.now())
            for mail in email_messages
            for to in mail.recipients()
        ]
        SentMail.objects.bulk_create(rows)
        return len(email_messages)
