"""The office's pages of its pool of experts: list, single entries, import from Excel, export."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from appraisal_portal.kernel import clock, files
from appraisal_portal.kernel.files import UploadRefused
from appraisal_portal.kernel.models import Reveal
from appraisal_portal.kernel.views import AccessMixin, FormPage, VisibleList, VisibleObjectMixin
from appraisal_portal.kernel.workflow import NotAllowed, Refused
from committees.plans.models import Committee
from committees.reviews.access import expert as access
from committees.reviews.forms.expert import ExpertForm, PoolFilter, RosterForm
from committees.reviews.forms.meeting import add_refusal
from committees.reviews.models import Expert, ExpertImport
from committees.reviews.services import experts as services


class ExpertList(VisibleList):
    """The pool, by specialty and name."""

    access = access.reads_pool
    model = Expert
    template_name = "reviews/experts/list.html"

    def get_queryset(self) -> Any:
        """Narrowed to what was asked for; committee and account in the same query."""
        seen = super().get_queryset()
        specialties = sorted(set(seen.order_by().values_list("specialty", flat=True).distinct()))
        self.filter = PoolFilter(self.request.GET or None, specialties=specialties)
        rows = self.filter.narrowed(seen, clock.today()) if self.filter.is_bound else seen
        return rows.select_related("committee", "account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The filter, today, and who may write."""
        context = super().get_context_data(**kwargs)
        return {
            **context, "filter": self.filter, "today": clock.today(), "keeps": access.keeps_pool(self.request.user),
        }  # fmt: skip


class _Writing(FormPage):
    access = access.keeps_pool
    form_class = ExpertForm
    template_name = "plans/form.html"
    heading = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        """The committees and jurors of the user's office."""
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Heading and the way back."""
        return {
            **super().get_context_data(**kwargs), "heading": self.heading, "back_url": reverse("reviews:expert-list"),
        }  # fmt: skip

    def form_valid(self, form: ExpertForm) -> HttpResponse:
        """Store, or show every reason at its field."""
        try:
            services.save(form.instance, actor=self.request.user)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Refused as refused:
            add_refusal(form, refused)
            return self.form_invalid(form)
        messages.success(self.request, _("Stored."))
        return redirect("reviews:expert-list")


class ExpertNew(_Writing):
    """Somebody new in the pool."""

    @property
    def heading(self) -> str:  # type: ignore[override]
        """What the page is for."""
        return _("Add an expert")


class ExpertChange(VisibleObjectMixin, _Writing):
    """Change an entry; its earlier states are kept."""

    access = access.keeps_pool
    model = Expert

    @property
    def heading(self) -> str:  # type: ignore[override]
        """What the page is for."""
        return _("Change an expert")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Start from what is stored."""
        return {**super().get_form_kwargs(), "instance": get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])}


class ExpertImportNew(FormPage):
    """Read a roster: every fault with row and column, or a page to look through before it is taken."""

    access = access.keeps_pool
    form_class = RosterForm
    template_name = "reviews/experts/import.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The user's committees."""
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: RosterForm) -> HttpResponse:
        """Nothing is stored while there is a fault."""
        committee = form.cleaned_data["committee"]
        try:
            table = services.read_roster(committee, form.cleaned_data["file"].read())
        except UploadRefused as refused:
            form.add_error("file", str(refused))
            return self.form_invalid(form)
        if table.faults:
            form.add_error("file", _("Nothing was imported: mend the places named below and choose the file again."))
            return self.render_to_response(self.get_context_data(form=form, faults=table.faults), status=422)
        try:
            kept = services.keep(committee, table, actor=self.request.user)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        return redirect("reviews:expert-import", kept.pk)


class ExpertImportLook(AccessMixin, View):
    """What a roster would do, row by row; POST takes it whole."""

    access = access.keeps_pool

    @cached_property
    def kept(self) -> ExpertImport:
        """The import of one's own office."""
        rows = ExpertImport.objects.filter(committee__office=self.request.user.acting_organisation_id)
        return get_object_or_404(rows.select_related("committee"), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The rows."""
        rows = services.compared(self.kept)
        counts = [
            (label, sum(effect == key for _row, effect in rows))
            for key, label in (("new", _("New")), ("changed", _("Changed")), ("same", _("As before")))
        ]
        return render(request, "reviews/experts/look.html", {"kept": self.kept, "rows": rows, "counts": counts})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it, once."""
        try:
            done = services.take(self.kept, actor=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("reviews:expert-import", pk)
        words = _("Imported: {new} new, {changed} changed, {same} as before.")
        messages.success(request, words.format(new=done["new"], changed=done["changed"], same=done["same"]))
        return redirect("reviews:expert-list")


class ExpertExport(AccessMixin, View):
    """The pool as a workbook that can be read back; ``?empty=1`` only the form. A download of the pool is kept."""

    access = access.keeps_pool

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The first committee of the office, or the one named."""
        own = Committee.objects.filter(office=request.user.acting_organisation_id)
        wanted = request.GET.get("committee", "")
        committee = get_object_or_404(own, pk=wanted) if wanted.isdecimal() else own.first()
        if committee is None:
            raise PermissionDenied(_("Your office has no committee."))
        rows = Expert.objects.none()
        if "empty" not in request.GET:
            rows = Expert.objects.visible_to(request.user).filter(committee=committee).select_related("account")
        with transaction.atomic():
            listed = list(rows)
            data = services.roster(listed, committee)
            if listed:
                Reveal.objects.create(viewer=request.user, field="phone", reason="expert pool", count=len(listed))
        return files.attachment(data, f"{committee.name}专家库.xlsx", files.CONTENT_TYPES["xlsx"])
