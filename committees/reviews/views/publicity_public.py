"""The public side of the lists. Touches neither session nor user."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views import generic

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.views import AccessMixin
from committees.reviews.models import ResultPublicity


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
        """The rows of the page."""
        context = super().get_context_data(**kwargs)
        items = self.object.items.filter(live=True).order_by("seq")
        context["page_obj"] = Paginator(items, 50).get_page(self.request.GET.get("page"))
        context["over"] = self.object.is_over()
        return context

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """After the term the list is not to be found by searching any more."""
        response = super().render_to_response(context, **kwargs)
        if context["over"]:
            response["X-Robots-Tag"] = "noindex"
        return response
