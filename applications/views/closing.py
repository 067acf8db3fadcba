"""The end of the window: logged interruptions, extensions, last drafts kept as evidence, receipts and their check."""

import time
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View, generic
from django.views.decorators.csrf import csrf_exempt

from applications.access import is_bureau, is_supervisor
from applications.documents.declaration import blocks_of, for_a_page
from applications.forms.closing import ExtensionForm, OutageForm, ReceiptCheckForm
from applications.models import Declaration, DeclarationSnapshot, Extension, Outage, Receipt
from applications.models.content import for_other_readers
from applications.rules.closing import closing_day
from applications.services import closing, receipts
from applications.workflow import EXTENSION
from applications.workflow.writes import keep_last_draft
from appraisal_portal.accounts.access import is_bureau_reviewer, is_operator
from appraisal_portal.kernel import clock, files
from appraisal_portal.kernel.access import PUBLIC, SIGNED_IN
from appraisal_portal.kernel.views import (
    AccessMixin,
    FormPage,
    VisibleDetail,
    VisibleList,
    VisibleObjectMixin,
    client_address,
)
from appraisal_portal.kernel.workflow import Refused

FLOOR_SECONDS = 0.15  # genuine or not, the answer takes the same time


def _refuse(form: Any, refused: Refused) -> None:
    for problem in refused.problems:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))


class OutageList(VisibleList):
    """Every logged interruption, the newest first."""

    access = is_operator | is_bureau | is_supervisor
    model = Outage
    template_name = "applications/closing/outage_list.html"

    def get_queryset(self) -> Any:
        """With who logged it."""
        return super().get_queryset().select_related("logged_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the reader logs, or may propose an extension."""
        user = self.request.user
        return super().get_context_data(can_log=is_operator(user), can_extend=is_bureau_reviewer(user), **kwargs)


class OutageNew(FormPage):
    """Log an interruption."""

    access = is_operator
    form_class = OutageForm
    template_name = "applications/closing/outage_new.html"

    def form_valid(self, form: OutageForm) -> HttpResponse:
        """Log it, or say why not."""
        try:
            closing.log_outage(self.request.user, **form.cleaned_data)
        except Refused as refused:
            _refuse(form, refused)
            return self.form_invalid(form)
        return redirect("applications:outage-list")


class ExtensionList(VisibleList):
    """Every extension, the newest first."""

    access = is_bureau | is_supervisor
    model = Extension
    template_name = "applications/closing/extension_list.html"

    def get_queryset(self) -> Any:
        """With line and person."""
        return super().get_queryset().select_related("line__committee", "person")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the reader may propose one."""
        return super().get_context_data(can_open=is_bureau_reviewer(self.request.user), **kwargs)


class ExtensionNew(FormPage):
    """Propose an extension."""

    access = is_bureau_reviewer
    form_class = ExtensionForm
    template_name = "applications/closing/extension_new.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The user decides which interruptions can be named."""
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: ExtensionForm) -> HttpResponse:
        """Propose it, or say why not."""
        data = {name: form.cleaned_data[name] for name in ("line", "until", "reason", "person", "outage")}
        try:
            extension = closing.propose_extension(self.request.user, **data, address=client_address(self.request))
        except Refused as refused:
            _refuse(form, refused)
            return self.form_invalid(form)
        return redirect(extension)


class ExtensionDetail(VisibleDetail):
    """One extension with its steps; once in force also for the person concerned."""

    access = SIGNED_IN
    model = Extension
    workflow = EXTENSION
    do_url = "applications:extension-do"
    template_name = "applications/closing/extension_detail.html"

    def get_queryset(self) -> Any:
        """With what the page shows."""
        return super().get_queryset().select_related("line__committee", "line__plan", "person", "outage")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The day that holds now."""
        staff = (is_bureau | is_supervisor)(self.request.user)
        now = closing_day(self.object.line, self.object.person_id)
        return super().get_context_data(staff=staff, holds=now, **kwargs)


class LastDraftList(VisibleObjectMixin, generic.ListView):
    """Drafts that were not handed in when the window closed: evidence for the bureau."""

    access = is_bureau | is_supervisor
    model = DeclarationSnapshot
    paginate_by = 50
    template_name = "applications/closing/last_draft_list.html"

    def get_queryset(self) -> Any:
        """The newest first, each declaration once."""
        closing.sweep_last_drafts()  # whoever reads before the night's sweep sees the same
        rows = DeclarationSnapshot.objects.at_closing_for(self.request.user).defer("content")
        return rows.select_related(
            "declaration__applicant", "declaration__unit", "declaration__title", "declaration__line__committee"
        )


class LastDraft(AccessMixin, View):
    """One draft as it stood at 24:00 of the closing day; for the applicant and the bureau."""

    access = SIGNED_IN
    template_name = "applications/closing/last_draft.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What stood in it, in the order of the form."""
        own = Declaration.objects.own(request.user).filter(pk=pk).select_related("line", "applicant").first()
        if own is not None:
            keep_last_draft(own)
        snapshots = DeclarationSnapshot.objects.at_closing_for(request.user).filter(declaration=pk)
        snapshot = snapshots.select_related("declaration__line", "declaration__standard_version").first()
        if snapshot is None:
            raise Http404
        return self._page(request, snapshot, own is not None)

    def _page(self, request: HttpRequest, snapshot: DeclarationSnapshot, own: bool) -> HttpResponse:
        declaration = snapshot.declaration
        context = {
            "object": declaration,
            "snapshot": snapshot,
            "blocks": for_a_page(
                blocks_of(declaration, snapshot.content if own else for_other_readers(snapshot.content))
            ),
            "closed_on": closing_day(declaration),
            "back_url": reverse("applications:my-detail", args=[declaration.pk])
            if own
            else reverse("applications:last-draft-list"),
        }
        return render(request, self.template_name, context)


class ReceiptPaper(AccessMixin, View):
    """The paper of one of one's own receipts, the older ones too."""

    access = SIGNED_IN

    def get(self, request: HttpRequest, pk: int, version: int) -> HttpResponse:
        """Made when first asked for."""
        own = Receipt.objects.filter(declaration__applicant__user=request.user)
        receipt = get_object_or_404(own, declaration=pk, version=version)
        return files.serve(receipts.paper_of(receipt, actor=request.user))


class PrivateCheck(AccessMixin):
    """Public, and out of caches and search engines."""

    access = PUBLIC

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Add the headers."""
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    def answer(self, number: str, code: str) -> dict[str, Any]:
        """The one answer, after the same time; too many questions are not answered at all."""
        started = time.monotonic()
        address = client_address(self.request) or ""  # type: ignore[attr-defined]
        until = receipts.refused_until(address=address, number=number)
        if until:
            found = {
                "limited": {
                    "an_hour": settings.PORTAL_LOOKUPS_PER_ADDRESS,
                    "a_day": settings.PORTAL_LOOKUPS_PER_NUMBER,
                    "until": until,
                }
            }
        else:
            found = {"asked": True, "receipt": receipts.check(number, code), "checked_at": clock.now()}
        time.sleep(max(0.0, FLOOR_SECONDS - (time.monotonic() - started)))
        return found


@method_decorator(csrf_exempt, name="dispatch")  # reads only; a forged request learns and changes nothing
class ReceiptCheck(PrivateCheck, generic.FormView):
    """Is this receipt genuine? By number and code."""

    form_class = ReceiptCheckForm
    template_name = "applications/closing/receipt_check.html"

    def form_invalid(self, form: ReceiptCheckForm) -> HttpResponse:
        """Something was left empty."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def form_valid(self, form: ReceiptCheckForm) -> HttpResponse:
        """Yes or no."""
        answer = self.answer(form.cleaned_data["number"], form.cleaned_data["code"])
        return self.render_to_response(self.get_context_data(form=form, **answer))


class ReceiptCode(PrivateCheck, generic.TemplateView):
    """The same question by the QR code of the receipt."""

    template_name = "applications/closing/receipt_check.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Yes or no; the form stands below for another one."""
        answer = self.answer(kwargs["number"], kwargs["code"])
        return super().get_context_data(form=ReceiptCheckForm(), **answer, **kwargs)
