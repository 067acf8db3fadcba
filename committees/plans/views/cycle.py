"""Taking last year's cycle over into a new one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.views import PageView
from appraisal_portal.kernel.workflow import Blocked
from committees.plans import access as who
from committees.plans import services
from committees.plans.models import ReviewPlan
from committees.plans.rules.cycle import overview


class CyclePage(PageView):
    """What was taken over, what can be, what must be filled anew and what lapsed; the button copies as drafts."""

    access = who.reads_decisions
    template_name = "plans/cycle.html"

    @property
    def year(self) -> int:
        """The year of the address; else the next one, once this year has its plan."""
        now = clock.today().year
        asked = self.request.GET.get("year", "")
        if not asked:
            return now + 1 if ReviewPlan.objects.of_year(now) else now
        if not asked.isdecimal() or not 2019 <= int(asked) <= now + 1:
            raise Http404
        return int(asked)

    def _reader(self) -> dict[str, Any]:
        """What this reader sees and copies: an office its own committees, the bureau all of them and the plan."""
        user = self.request.user
        office = user.acting_organisation_id if who.is_office(user) else None  # type: ignore[union-attr]
        return {"bureau": bool(who.reads_bureau(user)), "office": office}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The overview, and whether the button has something to do for this reader."""
        found = overview(self.year, **self._reader())
        user = self.request.user
        may = (who.is_bureau_reviewer(user) and found.plan is not None) or (
            who.is_office(user) and bool(found.terms or found.versions)
        )
        return super().get_context_data(overview=found, year=self.year, may_take_over=may, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Copy, and come back to the page."""
        user = request.user
        if not (who.is_bureau_reviewer(user) or who.is_office(user)):
            return self.http_method_not_allowed(request)
        year = self.year
        try:
            made = services.take_over(year, **self._reader())
        except Blocked as refused:
            messages.error(request, str(refused))
        else:
            done = ngettext("{n} draft was made.", "{n} drafts were made.", made).format(n=made)
            messages.success(request, done if made else _("Everything was taken over already; nothing was made."))
        return redirect(f"{reverse('plans:cycle')}?year={year}")
