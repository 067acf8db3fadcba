"""The office's pages of specialty panels (专业组): how the meeting is divided and how far each panel is."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.views import VisibleObjectMixin
from appraisal_portal.kernel.workflow import NotAllowed, Refused
from committees.reviews.access import meeting as access
from committees.reviews.forms.panel import PanelForm
from committees.reviews.models import Meeting, Panel
from committees.reviews.querysets.conflict import known_to
from committees.reviews.services import panels as services
from committees.reviews.views.meeting import meeting_for
from committees.reviews.views.meeting_day import MeetingForm


class MeetingPanels(VisibleObjectMixin, View):
    """All panels of a meeting. Persons the reader may not know of stand in no row and in no total (P11)."""

    access = SIGNED_IN
    model = Meeting

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        meeting = meeting_for(request, pk, access.is_office | access.reads_all)
        people = known_to(request.user, meeting).select_related("declaration__applicant", "panel_opinion", "defence")
        by_panel: dict[int | None, list[Any]] = {}
        for case in people.order_by("seq"):
            by_panel.setdefault(case.panel_id, []).append(case)
        panels = meeting.panels.prefetch_related("seats__attendee__user").order_by("pk")
        context = {
            "object": meeting,
            "rows": [
                {"panel": panel, "seats": list(panel.seats.all()), "cases": by_panel.get(panel.pk, [])}
                for panel in panels
            ],
            "without": by_panel.get(None, []),
            "may_divide": access.divides_panels(request.user, meeting) and meeting.status == Meeting.Status.APPROVED,
        }
        return render(request, "reviews/panels/list.html", context)


class PanelNew(MeetingForm):
    """Make a panel of members and persons that have none yet."""

    rule = access.divides_panels
    template_name = "reviews/panels/form.html"
    panel: Panel | None = None

    @property
    def done(self) -> str:  # type: ignore[override]
        """What was done."""
        return _("The panel is stored.")

    def form(self, meeting: Meeting, data: Any = None) -> forms.Form:
        """Name, members, head, persons."""
        return PanelForm(data, meeting_row=meeting, panel=self.panel)

    def act(self, meeting: Meeting, data: dict[str, Any]) -> None:
        """Store it."""
        services.save(
            meeting, self.panel, actor=self.request.user, name=data["name"], members=list(data["members"]),
            head=data["head"], cases=list(data["cases"]),
        )  # fmt: skip

    def more(self, meeting: Meeting) -> dict[str, Any]:
        """The panel that is changed, if any."""
        return {"panel": self.panel}

    def back(self, meeting: Meeting) -> Any:
        """To the list: there may be more."""
        return redirect("reviews:meeting-panels", meeting.pk)


class PanelChange(PanelNew):
    """Change a panel."""

    @cached_property
    def panel(self) -> Panel:  # type: ignore[override]
        """The panel of this meeting."""
        rows = Panel.objects.filter(meeting__in=self.get_queryset())
        return get_object_or_404(rows, meeting=self.kwargs["pk"], pk=self.kwargs["panel"])

    def get(self, request: HttpRequest, pk: int, panel: int = 0) -> HttpResponse:
        """The form with what is stored."""
        return super().get(request, pk)

    def post(self, request: HttpRequest, pk: int, panel: int = 0) -> HttpResponse:
        """Store what is changed."""
        return super().post(request, pk)


class PanelRemove(VisibleObjectMixin, View):
    """Dissolve a panel (POST)."""

    access = access.is_office_clerk
    model = Meeting

    def post(self, request: HttpRequest, pk: int, panel: int) -> HttpResponse:
        """Its persons and members are free again."""
        meeting = meeting_for(request, pk, access.divides_panels)
        row = get_object_or_404(Panel, meeting=meeting, pk=panel)
        try:
            services.remove(row, actor=request.user)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The panel is dissolved."))
        return redirect("reviews:meeting-panels", meeting.pk)
