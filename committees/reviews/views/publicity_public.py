"""The public side of the lists. Touches neither session nor user."""

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View, generic
from icalendar import Alarm, Calendar, Event

from appraisal_portal.kernel import calendar, clock, publiclog
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.publiclog.views import proof_file
from appraisal_portal.kernel.views import AccessMixin
from committees.reviews.models import ResultPublicity
from committees.reviews.services import public_log

REMINDED_AT = dt.timedelta(hours=9)
"""After the beginning of the last day, which is how RFC 5545 counts for an event of a whole day."""


class PublicityList(AccessMixin, generic.ListView):
    """Lists that are public today: those still running first."""

    access = PUBLIC
    published = True
    template_name = "reviews/public/publicity_list.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        """Running and recently ended lists."""
        return ResultPublicity.objects.public(clock.today()).with_names().order_by("-ends_on", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Running and ended apart, and the periods for the calendar picture."""
        context = super().get_context_data(**kwargs)
        today = clock.today()
        rows = list(context["page_obj"])
        context["running"] = [row for row in rows if not row.is_over(today)]
        context["ended"] = [row for row in rows if row.is_over(today)]
        return context


class PublicityPage(AccessMixin, generic.DetailView):
    """One list, fifty people a page; never an identity number. Out of search engines after the term."""

    access = PUBLIC
    published = True
    template_name = "reviews/public/publicity_detail.html"

    def get_queryset(self) -> Any:
        """Only lists that are public today."""
        return ResultPublicity.objects.public(clock.today()).with_names()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows of the page, and of each day why it counts or does not."""
        context = super().get_context_data(**kwargs)
        items = self.object.items.filter(live=True).order_by("seq")
        context["page_obj"] = Paginator(items, 50).get_page(self.request.GET.get("page"))
        context["over"] = self.object.is_over()
        context["days"] = days = calendar.period_days(self.object.starts_on, self.object.working_days)
        context["moved"] = self.object.ends_on != days[-1].day
        context["logged"] = publiclog.entry_of(public_log.LIST, self.object.pk)
        if _is_as_published(self.object):
            context["proof_url"] = reverse("reviews:public-publicity-proof", args=[self.object.pk])
        else:
            context["withheld"] = _(
                "Its proof names everybody who stood here on the first day; one has been taken off."
            )
        return context

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """After the term the list is not to be found by searching any more."""
        response = super().render_to_response(context, **kwargs)
        if context["over"]:
            response["X-Robots-Tag"] = "noindex"
        return response


def _is_as_published(row: ResultPublicity) -> bool:
    """Whether everybody of the first day still stands on the list. A proof names them all, also whoever was taken off
    after an objection; so it is not given any more then."""
    return not row.items.filter(live=False).exists()


class PublicityProof(AccessMixin, View):
    """The inclusion proof of a list, for ``check_log.py proof``."""

    access = PUBLIC

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Only while the list is public as it was published; 404 in the minute before it is logged."""
        row = get_object_or_404(ResultPublicity.objects.public(clock.today()), pk=pk)
        logged = publiclog.entry_of(public_log.LIST, row.pk)
        if logged is None or not _is_as_published(row):
            raise Http404
        return proof_file(publiclog.proof(logged))


class LastDay(AccessMixin, generic.DetailView):
    """The last day for objections as a calendar file, with a reminder in the morning of that day."""

    access = PUBLIC

    def get_queryset(self) -> Any:
        """Only lists that are public today; a provisional end is no appointment yet."""
        return ResultPublicity.objects.public(clock.today()).with_names().filter(provisional=False)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """One all-day event (RFC 5545); a later change of the end makes the same event newer."""
        row = self.object
        event = Event()
        event.add("uid", f"publicity-{row.pk}@{self.request.get_host()}")
        event.add("dtstamp", row.signed_at)
        event.add("sequence", row.records.filter(transition="resume").count())
        event.add("summary", _("Last day for objections: {list}").format(list=row.source.body))
        event.add("dtstart", row.ends_on)
        event.add("dtend", row.ends_on + dt.timedelta(days=1))
        event.add("url", self.request.build_absolute_uri(reverse("reviews:public-publicity", args=[row.pk])))
        event.add("description", _("Objections are in time until 24:00 of this day."))
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", REMINDED_AT)
        alarm.add("description", event["summary"])
        event.add_component(alarm)
        found = Calendar()
        found.add("prodid", "-//title appraisal portal//publicity//")
        found.add("version", "2.0")
        found.add_component(event)
        response = HttpResponse(found.to_ical(), content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="publicity-{row.pk}.ics"'
        return response
