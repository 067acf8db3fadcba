"""County bureau or competent department: the queue, forward with an opinion, send back to the unit."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.forms.office import ForwardForm
from applications.forms.unit import SendBackForm
from applications.models import Declaration
from applications.rules.items import items_of
from applications.services import examination as service
from applications.views.unit_case import WITH_ALL, CasePage, with_labels
from applications.workflow.declaration import DECLARATION
from appraisal_portal.accounts.access import is_forwarder
from appraisal_portal.kernel.access import Predicate
from appraisal_portal.kernel.views import VisibleList
from committees.plans.models import PlanLine

Status = Declaration.Status
FORWARD = DECLARATION.transitions["forward"]
SEND_BACK = DECLARATION.transitions["send_back_to_unit"]
TABS = (("todo", _("To do"), (Status.RECOMMENDED,)), ("forwarded", _("Forwarded"), None), ("all", _("All"), ()))


def sister_lines(declaration: Any) -> Any:
    """Lines of the same plan, level and channel at other committees: where a declaration can be redirected to."""
    line = declaration.line
    return (
        PlanLine.objects.filter(plan=line.plan_id, level=line.level, channel=line.channel)
        .exclude(pk=line.pk)
        .select_related("committee")
        .order_by("committee__code")
    )


class ForwarderMixin:
    """What the units under this body have recommended."""

    access: Predicate = is_forwarder

    def get_queryset(self) -> Any:
        """Of the units it forwards for, from the recommendation on."""
        user = self.request.user  # type: ignore[attr-defined]
        return (
            Declaration.objects.visible_to(user)
            .filter(unit__forwarder=user.acting_organisation_id, recommended_on__isnull=False)
            .select_related(*WITH_ALL)
        )


class ForwarderList(ForwarderMixin, VisibleList):
    """The queue, oldest recommendation first."""

    template_name = "applications/forwarder/list.html"
    model = Declaration

    def get_queryset(self) -> Any:
        """By tab and search."""
        rows = super().get_queryset().order_by("recommended_on", "pk")
        self.tab = self.request.GET.get("tab", "todo")
        if self.tab == "todo":
            rows = rows.filter(status=Status.RECOMMENDED)
        elif self.tab == "forwarded":
            rows = rows.exclude(status__in=(Status.RECOMMENDED, Status.WITH_UNIT))
        asked = self.request.GET.get("q", "").strip()[:60]
        if asked:
            rows = rows.filter(
                Q(applicant__name__icontains=asked) | Q(number__icontains=asked) | Q(unit__name__icontains=asked)
            )
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The tabs with their counts."""
        context = super().get_context_data(**kwargs)
        statuses = list(ForwarderMixin.get_queryset(self).order_by().values_list("status", flat=True))
        counts = {
            "todo": statuses.count(Status.RECOMMENDED),
            "forwarded": sum(status not in (Status.RECOMMENDED, Status.WITH_UNIT) for status in statuses),
            "all": len(statuses),
        }
        context.update(
            tabs=[(key, label, counts[key]) for key, label, _statuses in TABS],
            tab=self.tab,
            q=self.request.GET.get("q", ""),
        )
        return context


class ForwarderDeclaration(ForwarderMixin, CasePage):
    """One declaration as the unit recommended it, with the form to forward it."""

    template_name = "applications/forwarder/declaration.html"
    done = _("Forwarded to the committee office.")

    def form(self, obj: Any, *, bound: bool) -> Any:
        """Opinion and, if need be, the right committee."""
        return ForwardForm(*self.posted(bound=bound), lines=sister_lines(obj))

    def act(self, obj: Any, form: Any) -> Any:
        """Forward."""
        service.forward(
            obj,
            actor=self.request.user,
            opinion=form.cleaned_data["opinion"],
            line=form.cleaned_data["line"],
            address=self.address,
        )

    def context(self, obj: Any) -> dict[str, Any]:
        """Claims, the unit's recommendation, what can be done."""
        open_to = {row.name for row in DECLARATION.open_to(obj, self.request.user)}
        return {
            "rows": [{"item": item} for item in items_of(obj)],
            "recommendation": getattr(obj, "recommendation", None),
            "opinions": list(obj.forwarding_opinions.select_related("forwarder", "by")),
            "transitions": open_to,
            "records": with_labels(obj.records.select_related("actor").order_by("-pk"), DECLARATION),
        }

    def back_url(self, obj: Any) -> str:
        """The queue."""
        return reverse("applications:forwarder-list")


class ForwarderSendBack(ForwarderMixin, CasePage):
    """Back to the unit with the reason."""

    template_name = "applications/forwarder/send_back.html"
    statuses = SEND_BACK.sources
    done = _("Sent back to the work unit.")

    def rule(self, obj: Any) -> Predicate:
        """As the table says."""
        return SEND_BACK.allowed

    def form(self, obj: Any, *, bound: bool) -> Any:
        """The reason."""
        return SendBackForm(*self.posted(bound=bound))

    def act(self, obj: Any, form: Any) -> Any:
        """Send back."""
        DECLARATION.fire(
            obj,
            "send_back_to_unit",
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
            address=self.address,
        )

    def back_url(self, obj: Any) -> str:
        """The queue."""
        return reverse("applications:forwarder-list")
