"""The register of paper originals: what lies where, hand-overs, what should be back already."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import View

from applications import access
from applications.documents.originals import CODE
from applications.forms.originals import TakeInForm
from applications.models import Declaration, Originals
from applications.rules.originals import due_on, over_and_late
from applications.services import originals
from applications.workflow.originals import ORIGINALS
from appraisal_portal.accounts.access import is_bureau, is_forwarder, is_office, is_supervisor, is_unit
from appraisal_portal.kernel import clock, documents, files
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.views import FormPage, VisibleDetail, VisibleList, VisibleObjectMixin, client_address
from appraisal_portal.kernel.workflow import Refused

TABS = (("here", _("With us")), ("late", _("Overdue")), ("out", _("Not given back yet")), ("all", _("All")))


def with_due(bundle: Any) -> Any:
    """The bundle (of ``with_case``) with ``due``: the last day to give it back, None while the case goes on."""
    bundle.due = None if bundle.status == Originals.Status.RETURNED else due_on(bundle.over_at)
    bundle.is_late = bundle.due is not None and not bundle.due.provisional and bundle.due.ends_on < clock.today()
    return bundle


class OriginalsList(VisibleList):
    """Bundles the reader's body sees, longest held first."""

    access = is_unit | is_forwarder | is_office | is_bureau | is_supervisor
    model = Originals
    template_name = "applications/originals/list.html"

    def get_queryset(self) -> Any:
        """By tab and search."""
        rows = super().get_queryset().with_case().order_by("since", "pk")
        asked = self.request.GET.get("q", "").strip()[:60]
        if asked:
            rows = rows.filter(Q(declaration__number=asked) | Q(declaration__applicant__name__icontains=asked))
        tab = self.tab
        if tab == "late":
            return rows.late(over_and_late(clock.today()))
        if tab == "here":
            return rows.filter(holder=self.request.user.acting_organisation_id)
        return rows.exclude(status=Originals.Status.RETURNED) if tab == "out" else rows

    @property
    def tab(self) -> str:
        """The chosen tab; a search looks everywhere."""
        asked = self.request.GET.get("tab", "all" if self.request.GET.get("q") else "here")
        return asked if asked in dict(TABS) else "here"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Rows with their last days."""
        context = super().get_context_data(tabs=TABS, tab=self.tab, q=self.request.GET.get("q", ""), **kwargs)
        context["object_list"] = [with_due(row) for row in context["object_list"]]
        return context


class OriginalsDetail(VisibleDetail):
    """One bundle: what, where, every hand-over with its receipt, the next step."""

    access = SIGNED_IN
    model = Originals
    workflow = ORIGINALS
    do_url = "applications:originals-do"
    template_name = "applications/originals/detail.html"

    def get_queryset(self) -> Any:
        """With case and holder."""
        return super().get_queryset().with_case()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The hand-overs."""
        bundle = with_due(self.object)
        return super().get_context_data(
            hand_overs=bundle.hand_overs.select_related("from_body", "to_body"),
            own=bundle.declaration.applicant.user_id == self.request.user.pk,
            **kwargs,
        )


class OriginalsNew(FormPage):
    """The unit takes originals in."""

    access = access.is_clerk_of_unit
    form_class = TakeInForm
    template_name = "applications/originals/new.html"

    @cached_property
    def case(self) -> Declaration:
        """A declaration of the unit."""
        seen = Declaration.objects.visible_to(self.request.user).select_related("unit__forwarder", "applicant", "line")
        found: Declaration = get_object_or_404(
            seen, pk=self.kwargs["pk"], unit=self.request.user.acting_organisation_id
        )
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The case."""
        return super().get_context_data(object=self.case, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Enter them, or say why not."""
        try:
            bundle = originals.take_in(
                self.case, actor=self.request.user, address=client_address(self.request), **form.cleaned_data
            )
        except Refused as refused:
            for problem in refused.problems:
                form.add_error(problem.field if problem.field in form.fields else None, str(problem))
            return self.form_invalid(form)
        return redirect(bundle)


class OriginalsReceipt(VisibleObjectMixin, View):
    """The receipt of one hand-over, to print and to sign by both sides."""

    access = SIGNED_IN
    model = Originals

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Made of a row that never changes, each time it is asked for."""
        bundle = get_object_or_404(self.get_queryset(), pk=pk)
        sides = ("from_body", "to_body", "originals__declaration__applicant")
        hand_over = get_object_or_404(bundle.hand_overs.select_related(*sides), number=number)
        made = documents.render(CODE, hand_over)
        return files.attachment(made.content, f"{bundle.declaration.number}-{number}.pdf", files.CONTENT_TYPES["pdf"])
