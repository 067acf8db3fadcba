"""The public side: lists, raising an objection, following it by its code. Touches neither session nor user."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import generic

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.views import AccessMixin, FormPage, client_address
from appraisal_portal.kernel.workflow import Refused
from committees.reviews.forms.results import ObjectionForm
from committees.reviews.models import Objection, ResultPublicity, ResultPublicityItem
from committees.reviews.services.results import file_objection


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


class ObjectionNew(FormPage):
    """Raise an objection against one person on a public list (``?p=`` is the item)."""

    access = PUBLIC
    form_class = ObjectionForm
    template_name = "reviews/public/objection_form.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the item on a public list, else 404."""
        super().setup(request, *args, **kwargs)
        lists = ResultPublicity.objects.public(clock.today())
        asked = request.GET.get("p", "")
        self.item = get_object_or_404(
            ResultPublicityItem.objects.select_related(
                "publicity__meeting__committee", "publicity__determination__authority"
            ),
            pk=int(asked) if asked.isdecimal() else 0,
            live=True,
            publicity__in=lists,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The person and the list."""
        return super().get_context_data(item=self.item, publicity=self.item.publicity, **kwargs)

    def form_valid(self, form: ObjectionForm) -> HttpResponse:
        """Take it in and lead to its page by code."""
        given = form.cleaned_data
        try:
            objection = file_objection(self.item, address=client_address(self.request), **given)
        except Refused as error:
            for problem in error.problems:
                form.add_error(problem.field or None, str(problem))
            return self.form_invalid(form)
        return redirect(reverse("reviews:objection-follow", args=[objection.code]))


class ObjectionFollow(AccessMixin, generic.TemplateView):
    """Where an objection stands, for whoever holds its code; says nothing about persons."""

    access = PUBLIC
    template_name = "reviews/public/objection_follow.html"

    def get(self, request: HttpRequest, code: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The same answer for every unknown code."""
        objection = Objection.objects.filter(code=code.strip().upper()).select_related("item__publicity").first()
        steps = [_("Received"), _("Under investigation"), _("Reported to the bureau"), _("Decided")]
        reached = {"received": 0, "investigating": 1, "reported_late": 3, "concluded": 2, "unfounded": 3, "upheld": 3}
        context = self.get_context_data(objection=objection, code=code)
        if objection:
            context["steps"] = [
                {
                    "label": label,
                    "state": "done"
                    if place < reached[objection.status]
                    else "now"
                    if place == reached[objection.status]
                    else "",
                }
                for place, label in enumerate(steps)
            ]
        response = self.render_to_response(context, status=200 if objection else 404)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response
