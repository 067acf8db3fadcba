"""What supervisors looked at: for the bureau and the operator; a supervisor reads the own records."""

import datetime as dt
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appraisal_portal.accounts import access
from appraisal_portal.accounts.models import Look
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.views import VisibleList


class LookList(VisibleList):
    """The newest first, by day and name when asked. The operator reads who, when and where, not the name of the page:
    it may name a person."""

    access = access.is_bureau | access.is_operator | access.is_supervisor
    model = Look
    template_name = "accounts/look_list.html"

    def get_queryset(self) -> Any:
        """Of one day, of one person."""
        self.asked, self.day = self.request.GET.get("q", "").strip()[:100], self.request.GET.get("day", "").strip()
        rows = super().get_queryset().select_related("user")
        try:
            start = clock.at(dt.date.fromisoformat(self.day), 0) if self.day else None
        except ValueError:
            return rows.none()
        if start is not None:
            rows = rows.filter(at__gte=start, at__lt=start + dt.timedelta(days=1))
        return rows.filter(user__full_name__icontains=self.asked) if self.asked else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The table."""
        context = super().get_context_data(**kwargs)
        contents = not access.is_operator(self.request.user)
        own = access.is_supervisor(self.request.user)  # whoever reads less than a supervisor would be led to refusals
        columns = [_("When"), _("Who"), _("Page"), pgettext("of a look", "Object"), _("From the address")]
        context["columns"] = [{"label": label} for label in columns]
        context["rows"] = [
            [
                f"{clock.local(row.at):%Y-%m-%d %H:%M:%S}",
                str(row.user),
                {"text": row.page or row.path, "url": row.path if own else ""} if contents else row.path,
                subject_words(row.subject),
                row.from_address or "—",
            ]
            for row in context["page_obj"]
        ]
        return {**context, "asked": self.asked, "day": self.day}


def subject_words(subject: str) -> str:
    """``reviews.Meeting 12`` → the model's name and the number."""
    label, _space, number = subject.rpartition(" ")
    try:
        return f"{apps.get_model(label)._meta.verbose_name} {number}"
    except (LookupError, ValueError):
        return number or "—"
