"""The working-day calendar (工作日历): a year's grid, the bureau's own rows, the yearly notice; no change before its
effect was read."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.models import CalendarDay, CalendarYear
from appraisal_portal.kernel.views import AccessMixin, PageView
from committees.plans import access as who
from committees.plans import services
from committees.plans.forms import DayForm, HolidayNoticeForm, YearForm


def _ask_or_change(request: HttpRequest, year: int, change: services.Change, notice: Any = None) -> HttpResponse:
    """Show what the change would do to running periods; store it once exactly that was read and confirmed."""
    effects = services.foresee_change(change)
    digest = services.fingerprint(effects)
    seen = request.POST.get("seen")
    if seen == digest:
        changed = services.change_calendar(change, by=request.user)
        messages.success(request, _("The calendar has been changed."))
        if changed:
            text = ngettext("%(n)d open period was counted anew.", "%(n)d open periods were counted anew.", changed)
            messages.info(request, text % {"n": changed})
        return redirect("plans:calendar-year", year)
    context = {
        "year": year,
        "change": change,
        "days": sorted(change.days.items()),
        "kinds": dict(CalendarDay.Kind.choices),
        "notice": notice,
        "effects": effects,
        "digest": digest,
        "outdated": seen is not None,
        "typed": [(name, value) for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "seen")],
    }
    return render(request, "plans/calendar_effect.html", context, status=409 if context["outdated"] else 200)


class CalendarPage(PageView):
    """The months of a year, the bureau's own days, and the three ways to change them."""

    access = who.reads_bureau
    template_name = "plans/calendar.html"

    @property
    def year(self) -> int:
        """The year of the address, or the present one."""
        year = self.kwargs.get("year", clock.today().year)
        if not 2000 <= year <= 2100:
            raise Http404
        return year

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``days`` of the year, ``known``, and the forms."""
        year = self.year
        return super().get_context_data(
            **{
                "year": year,
                "known": calendar.is_known_year(year),
                "entered": CalendarYear.objects.filter(year=year, complete=True).first(),
                "days": CalendarDay.objects.filter(day__year=year).select_related("entered_by"),
                "may_change": who.is_bureau_reviewer(self.request.user),
                "before": year - 1,
                "after": year + 1,
                **self.all_forms(None),
                **kwargs,
            }
        )

    def all_forms(self, data: Any) -> dict[str, forms.Form]:
        """The forms by the name of the button that sends them."""
        return {
            "day_form": DayForm(data, prefix="day"),
            "notice_form": HolidayNoticeForm(data, prefix="notice", year=self.year),
            "year_form": YearForm(data, prefix="year", year=self.year),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask about a day, the yearly notice or the completeness of the year."""
        refused = who.is_bureau_reviewer.why_not(request.user)
        if refused:
            raise PermissionDenied(" ".join(refused))
        name = request.POST.get("what", "")
        form: Any = self.all_forms(request.POST).get(name)
        if form is None:
            raise Http404
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(**{name: form}), status=422)
        change: services.Change = form.change()
        year = next(iter(change.days)).year if name == "day_form" else self.year
        return _ask_or_change(request, year, change, form.cleaned_data.get("text"))


class RemoveDay(AccessMixin, View):
    """Take a correction back: the published calendar counts again."""

    access = who.is_bureau_reviewer

    def post(self, request: HttpRequest, day: str) -> HttpResponse:
        """Ask, then remove the row."""
        try:
            wanted = dt.date.fromisoformat(day)
        except ValueError as error:
            raise Http404 from error
        get_object_or_404(CalendarDay, day=wanted)
        return _ask_or_change(request, wanted.year, services.Change(days={wanted: None}))
