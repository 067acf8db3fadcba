"""The inbox."""

from appraisal_portal.accounts.models import Message
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.views import VisibleDetail


class MessageDetail(VisibleDetail):
    """One message; opening it marks it read."""

    access = SIGNED_IN
    model = Message
    template_name = "accounts/message_detail.html"
