"""The front page and the statements (ready bytes), the way to one's own work, the overviews of bureau and operator."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views import View

from appraisal_portal.accounts.middleware import SESSION_KEY
from appraisal_portal.home import access, column, county, overview, querysets, services
from appraisal_portal.home.forms import SearchForm
from appraisal_portal.kernel import clock, files
from appraisal_portal.kernel.access import PUBLIC, SIGNED_IN
from appraisal_portal.kernel.rendering import Column, render_roster
from appraisal_portal.kernel.views import AccessMixin, PageView


class FrontPage(PageView):
    """What is open now and the three doors: declare (申报), publicity (公示), check a certificate (查证书)."""

    access = PUBLIC
    published = True
    template_name = "home/front.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything the page shows."""
        return super().get_context_data(**services.front_page(), **kwargs)


class Search(PageView):
    """The search over the public column: notices, lists in their term, results, standards, the plan."""

    access = PUBLIC
    template_name = "home/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``form``, and once a word is asked for ``found`` by kind."""
        asked = "q" in self.request.GET
        form = SearchForm(self.request.GET if asked else None)
        if asked and form.is_valid():
            kwargs |= {"asked": True, "found": column.search(form.cleaned_data["q"])}
        return super().get_context_data(form=form, **kwargs)


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
        """Onward at once; whoever has several roles and has chosen none since the log-in chooses first."""
        acting = request.user.acting
        if acting and SESSION_KEY not in request.session and len(request.user.memberships_today()) > 1:
            return redirect("home:roles")
        return redirect(self.homes[acting.role] if acting else "home:no-role")


class Roles(PageView):
    """In which role do you work now? Asked once after the log-in of whoever has several; the switch stands above."""

    access = SIGNED_IN
    template_name = "home/roles.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``memberships`` with a sentence each, ``waiting``: messages nobody has read that ask for an act."""
        user: Any = self.request.user
        kwargs["memberships"] = [(row, services.ROLES[row.role]) for row in user.memberships_today()]
        kwargs["waiting"] = user.inbox.filter(read_at=None, action_needed=True).count()
        return super().get_context_data(**kwargs)


class NoRole(PageView):
    """Signed in, but no role is valid today: what to do about it."""

    access = SIGNED_IN
    template_name = "home/no_role.html"


class Bureau(PageView):
    """A year at a glance for the bureau; the supervisor reads the same."""

    access = access.reads_overview
    template_name = "home/bureau.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Cards (today's), of the year (``?year=``) the funnel of one series (``?series=``) and how often people had to
        come and how long the steps took, the calendar of publicity."""
        user, today, planned = self.request.user, clock.today().year, querysets.years_planned()
        years = sorted({today, *planned}, reverse=True)
        year = year_asked(self.request, years)
        rows = querysets.funnel_by_series(year)
        asked = self.request.GET.get("series", "")
        chosen = next((row for row in rows if str(row["series_id"]) == asked), rows[0] if rows else None)
        times = [row for row in querysets.step_times(year) if chosen and row.series_id == chosen["series_id"]]
        return super().get_context_data(
            year=year,
            years=years,
            times=times,
            longest=max((row.days for row in times), default=0),
            cards=overview.bureau_cards(user),
            planned=year in planned,
            series=rows,
            chosen=chosen,
            steps=overview.funnel(chosen) if chosen else [],
            runs=overview.runs(year, sum(row["submitted"] for row in rows)) if rows else [],
            calendar=overview.publicity_calendar(user),
            **kwargs,
        )


def year_asked(request: HttpRequest, years: list[int]) -> int:
    """The year of the address where there is one to show, else this one."""
    asked = request.GET.get("year", "")
    return int(asked) if asked in {str(year) for year in years} else clock.today().year


class BureauFigures(AccessMixin, View):
    """The numbers behind a picture of the overview as a workbook; no person stands in it.

    Made in the request: a row is a series, a step or a list of two weeks, so it is as small as the page itself. What
    has a row for each person is made by the worker and followed (decision 37).
    """

    access = access.reads_overview

    def get(self, request: HttpRequest, picture: str) -> HttpResponseBase:
        """Of all series in the year of the address."""
        year = year_asked(request, [clock.today().year, *querysets.years_planned()])
        try:
            title, columns, rows = overview.table(picture, request.user, year)
        except KeyError:
            raise Http404 from None
        return workbook(title, columns, rows)


def workbook(title: str, columns: list[Column], rows: list[dict[str, Any]]) -> HttpResponse:
    """A table of numbers as a file to keep."""
    made = render_roster(columns, rows, title=title)
    return files.attachment(made.content, f"{title}.xlsx", files.CONTENT_TYPES["xlsx"])


class County(PageView):
    """A year at a glance for a county bureau: what waits for it, how far the people of its units have come."""

    access = access.acts_for_county
    template_name = "home/county.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Cards (today's), of the year (``?year=``) the steps of all series together and unit by unit."""
        body = self.request.user.acting.organisation  # type: ignore[union-attr]
        years = sorted({clock.today().year, *querysets.years_planned()}, reverse=True)
        year, labels = year_asked(self.request, years), overview.step_labels()
        rows = county.figures(body, year, "unit__name", "series__name")
        total = {name: sum(row[name] for row in rows) for name in labels}
        units = [
            {
                "unit": row["unit__name"],
                "series": row["series__name"],
                "numbers": [(label, row[name]) for name, label in labels.items()],
            }
            for row in rows
        ]
        return super().get_context_data(
            county=body,
            year=year,
            years=years,
            cards=county.cards(self.request.user),
            series=bool(rows),
            steps=overview.funnel(total),
            labels=labels.values(),
            units=units,
            **kwargs,
        )


class CountyFigures(AccessMixin, View):
    """The county's figures as a workbook; no person stands in it."""

    access = access.acts_for_county

    def get(self, request: HttpRequest, picture: str) -> HttpResponseBase:
        """Of the year of the address."""
        year = year_asked(request, [clock.today().year, *querysets.years_planned()])
        try:
            title, columns, rows = county.table(picture, request.user.acting.organisation, year)
        except KeyError:
            raise Http404 from None
        return workbook(title, columns, rows)


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
