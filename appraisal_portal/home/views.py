"""The front page and the statements (ready bytes), the way to one's own work, the overviews of bureau and operator."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views import View

from appraisal_portal.home import access, querysets, services
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.access import PUBLIC, SIGNED_IN
from appraisal_portal.kernel.views import AccessMixin, PageView


class FrontPage(PageView):
    """What is open now and the three doors: declare (申报), publicity (公示), check a certificate (查证书)."""

    access = PUBLIC
    published = True
    template_name = "home/front.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything the page shows."""
        return super().get_context_data(**services.front_page(), **kwargs)


class Statement(PageView):
    """A page of words: help, accessibility, privacy, feedback."""

    access = PUBLIC
    published = True


class Work(AccessMixin, View):
    """Leads each acting role to its own home; somebody without a role today is told so."""

    access = SIGNED_IN
    homes = {
        "applicant": "applications:my-list",
        "unit_clerk": "applications:unit-dashboard",
        "unit_head": "applications:unit-dashboard",
        "forwarder": "applications:forwarder-list",
        "office_clerk": "applications:office-list",
        "committee_director": "applications:office-list",
        "juror": "reviews:call-up-list",
        "observer": "reviews:call-up-list",
        "bureau_reviewer": "home:bureau",
        "bureau_approver": "home:bureau",
        "supervisor": "home:bureau",
        "operator": "home:operator",
    }

    def get(self, request: HttpRequest) -> HttpResponse:
        """Onward at once."""
        acting = request.user.acting
        return redirect(self.homes[acting.role] if acting else "home:no-role")


class NoRole(PageView):
    """Signed in, but no role is valid today: what to do about it."""

    access = SIGNED_IN
    template_name = "home/no_role.html"


class Bureau(PageView):
    """The year at a glance for the bureau; the supervisor reads the same."""

    access = access.reads_overview
    template_name = "home/bureau.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Cards, the funnel of one series (``?series=``), the calendar of publicity."""
        user, year = self.request.user, clock.today().year
        rows = querysets.funnel_by_series(user, year)
        asked = self.request.GET.get("series", "")
        chosen = next((row for row in rows if str(row["series_id"]) == asked), rows[0] if rows else None)
        return super().get_context_data(
            year=year,
            cards=services.bureau_cards(user),
            planned=year in querysets.years_planned(),
            series=rows,
            chosen=chosen,
            steps=services.funnel(chosen) if chosen else [],
            calendar=services.publicity_calendar(user),
            **kwargs,
        )


class Operator(PageView):
    """How the deliveries of the portal stand; no business data."""

    access = access.runs_the_portal
    template_name = "home/operator.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counts and what was given up."""
        return super().get_context_data(**services.outbox_health(), **kwargs)


class DeliveryRetry(AccessMixin, View):
    """Lets a delivery that was given up be tried again."""

    access = access.runs_the_portal
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Back to the overview either way."""
        if services.try_again(pk):
            messages.success(request, _("The delivery will be tried again within a minute."))
        else:
            messages.warning(request, _("This delivery is not given up any more."))
        return redirect("home:operator")
