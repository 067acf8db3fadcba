"""Objections: raised and followed by anybody, handled by the office, seen by bureau and supervisor."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import generic

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.views import AccessMixin, FormPage, VisibleDetail, VisibleList, client_address
from appraisal_portal.kernel.workflow import Refused
from committees.reviews.access import results as access
from committees.reviews.forms.objection import ObjectionForm
from committees.reviews.models import Objection, ResultPublicity, ResultPublicityItem
from committees.reviews.services.objection import file_objection
from committees.reviews.views.results import SOURCE
from committees.reviews.workflow.objection import OBJECTION


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


class ObjectionList(VisibleList):
    """The register of objections, open ones first."""

    access = access.reads_results
    model = Objection
    template_name = "reviews/results/objection_list.html"

    def get_queryset(self) -> Any:
        """With names."""
        return (
            super()
            .get_queryset()
            .select_related(*(f"item__publicity__{name}" for name in SOURCE), "handler")
            .order_by("status", "ends_on", "-pk")
        )


class ObjectionDetail(VisibleDetail):
    """One objection; its author is shown to the handler's office and the supervisor only."""

    access = access.reads_results
    model = Objection
    workflow = OBJECTION
    do_url = "reviews:objection-do"
    template_name = "reviews/results/objection_detail.html"

    def get_queryset(self) -> Any:
        """With names."""
        source = (f"item__publicity__{name}" for name in SOURCE)
        return super().get_queryset().select_related(*source, "item__declaration", "handler")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the author may be named to this reader."""
        user = self.request.user
        return super().get_context_data(
            sees_author=access.is_clerk(user, self.object) or access.is_supervisor(user), **kwargs
        )
