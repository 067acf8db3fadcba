"""The inbox, and the mail of a demonstration."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.views import generic

from appraisal_portal.accounts.models import Message, SentMail
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.access import PUBLIC, SIGNED_IN
from appraisal_portal.kernel.views import AccessMixin, VisibleDetail, VisibleList


class MessageList(VisibleList):
    """What the portal told me, newest first."""

    access = SIGNED_IN
    model = Message
    template_name = "accounts/message_list.html"


class MessageDetail(VisibleDetail):
    """One message; opening it marks it read."""

    access = SIGNED_IN
    model = Message
    template_name = "accounts/message_detail.html"

    def get_object(self, queryset: Any = None) -> Message:
        """Read from now on; the first time counts."""
        row: Message = super().get_object(queryset)
        if row.read_at is None:
            row.read_at = clock.now()
            Message.objects.filter(pk=row.pk, read_at__isnull=True).update(read_at=row.read_at)
        return row


class SentMailList(AccessMixin, generic.ListView):
    """What would have been sent, where nothing really is (demonstration, training). Elsewhere there is no such page."""

    access = PUBLIC
    model = SentMail
    paginate_by = 20
    template_name = "accounts/sent_mail.html"

    def get_queryset(self) -> Any:
        """All of it, or what went to one address."""
        if not settings.PORTAL_SHOW_SENT_MAIL:
            raise Http404
        self.asked = self.request.GET.get("to", "").strip()[:254]
        rows = SentMail.objects.all()
        return rows.filter(to__icontains=self.asked) if self.asked else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was asked."""
        return super().get_context_data(asked=self.asked, **kwargs)
