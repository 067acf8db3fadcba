"""The working-day calendar (工作日历): the bureau's own rows of a year, each year's completeness."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.models import CalendarDay, CalendarYear
from appraisal_portal.kernel.views import AccessMixin, FormPage
from committees.plans import access as who
from committees.plans import services
from committees.plans.forms import DayForm, YearForm


def _counted_anew(request: HttpRequest, changed: int) -> None:
    messages.success(request, _("The calendar has been changed."))
    if changed:
        text = ngettext("%(n)d open period was counted anew.", "%(n)d open periods were counted anew.", changed)
        messages.info(request, text % {"n": changed})


class CalendarPage(FormPage):
    """Rows of a year with the form to add or correct a day."""

    access = who.reads_bureau
    template_name = "plans/calendar.html"
    form_class = DayForm

    @property
    def year(self) -> int:
        """The year of the address, or the present one."""
        year = self.kwargs.get("year", clock.today().year)
        if not 2000 <= year <= 2100:
            raise Http404
        return year

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``days`` of the year, ``known``, the form of completeness."""
        year = self.year
        return super().get_context_data(
            year=year,
            known=calendar.is_known_year(year),
            entered=CalendarYear.objects.filter(year=year, complete=True).first(),
            days=CalendarDay.objects.filter(day__year=year).select_related("entered_by"),
            may_change=who.is_bureau_reviewer(self.request.user),
            year_form=kwargs.pop("year_form", None) or YearForm(prefix="year"),
            before=year - 1,
            after=year + 1,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add a day, or say that the year is complete."""
        refused = who.is_bureau_reviewer.why_not(request.user)
        if refused:
            raise PermissionDenied(" ".join(refused))
        if "complete" in request.POST:
            form = YearForm(request.POST, prefix="year")
            if not form.is_valid():
                context = self.get_context_data(form=DayForm(), year_form=form)
                return self.render_to_response(context, status=422)
            source = form.cleaned_data["source"]
            _counted_anew(request, services.set_year_complete(self.year, source, by=request.user))
            return redirect("plans:calendar-year", self.year)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: DayForm) -> HttpResponse:
        """Store the day and count open periods anew."""
        day: dt.date = form.cleaned_data["day"]
        changed = services.correct_day(
            day, form.cleaned_data["kind"], form.cleaned_data["source"], by=self.request.user
        )
        _counted_anew(self.request, changed)
        return redirect("plans:calendar-year", day.year)


class RemoveDay(AccessMixin, View):
    """Take a correction back."""

    access = who.is_bureau_reviewer

    def post(self, request: HttpRequest, day: str) -> HttpResponse:
        """Remove the row; the published calendar counts again."""
        try:
            wanted = dt.date.fromisoformat(day)
        except ValueError as error:
            raise Http404 from error
        get_object_or_404(CalendarDay, day=wanted)
        _counted_anew(request, services.remove_day(wanted))
        return redirect(reverse("plans:calendar-year", args=[wanted.year]))
