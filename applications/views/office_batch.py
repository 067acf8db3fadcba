"""Many declarations at once: preview with every refusal, then the batch with its minutes to take it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from applications.access import is_clerk_of_office
from applications.forms.office import BatchForm
from applications.services import batches
from applications.views.office import seen_by_office
from applications.workflow.declaration import DECLARATION
from appraisal_portal.kernel.models import BulkAction
from appraisal_portal.kernel.views import AccessMixin, client_address
from appraisal_portal.kernel.workflow import Blocked, NotAllowed


class OfficeBatch(AccessMixin, View):
    """What would happen to each chosen declaration; confirming does it for those that can be."""

    access = is_clerk_of_office
    template_name = "applications/office/batch.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The preview; without a choice back to the list with the reason."""
        return self._answer(request, self._form(request.GET))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Carry it out."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self._answer(request, form)
        chosen = form.cleaned_data
        try:
            action = batches.carry_out(
                chosen["pk"],
                chosen["do"],
                actor=request.user,
                handler=chosen["handler"],
                address=client_address(request),
            )
        except Blocked:
            return self._answer(request, form, status=422)
        return redirect("applications:office-batch-done", pk=action.pk)

    def _form(self, data: Any) -> BatchForm:
        seen = seen_by_office(self.request.user).select_related(
            "applicant", "unit", "title__series", "series", "subfield", "line__plan", "line__committee", "committee"
        )
        return BatchForm(data, seen=seen, staff=batches.office_staff(self.request.user), largest=batches.LARGEST)

    def _answer(self, request: HttpRequest, form: BatchForm, *, status: int = 200) -> HttpResponse:
        if not form.is_valid() and set(form.errors) == {"handler"} and form["handler"].value() in ("", None):
            form.fields["handler"].required = True  # here it is what is asked for
            context = {"row": DECLARATION.transitions["assign"], "asks": form, "chosen": form.cleaned_data["pk"]}
            return render(request, self.template_name, context, status=422)
        if not form.is_valid():
            for found in form.errors.values():
                messages.error(request, " ".join(found))
            return redirect("applications:office-list")
        chosen = form.cleaned_data
        lines = batches.preview(
            sorted(chosen["pk"], key=lambda row: row.number),
            chosen["do"],
            actor=request.user,
            handler=chosen["handler"],
        )
        context = {
            "row": DECLARATION.transitions[chosen["do"]],
            "handler": chosen["handler"],
            "fine": [line for line in lines if not line.refusal],
            "refused": [line for line in lines if line.refusal],
        }
        return render(request, self.template_name, context, status=status)


class OfficeBatchDone(AccessMixin, View):
    """What a batch of one's own did, what was refused and why, and until when it can be taken back."""

    access = is_clerk_of_office
    template_name = "applications/office/batch_done.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The batch."""
        return self._page(request, self._batch(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it back."""
        action = self._batch(pk)
        try:
            action = batches.take_back(action, actor=request.user, address=client_address(request))
        except (Blocked, NotAllowed) as refused:
            return self._page(request, action, problems=refused.problems, status=422)
        messages.success(request, _("The batch has been taken back. Nobody was told of it."))
        return redirect("applications:office-batch-done", pk=action.pk)

    def _batch(self, pk: int) -> BulkAction:
        mine = BulkAction.objects.filter(by=self.request.user.pk, kind=DECLARATION.label)
        found: BulkAction = get_object_or_404(mine, pk=pk)
        return found

    def _page(self, request: HttpRequest, action: BulkAction, *, problems: Any = (), status: int = 200) -> HttpResponse:
        seen = seen_by_office(request.user).select_related("applicant", "unit", "handler")
        people = seen.in_bulk([entry["object"] for entry in action.items])  # less what one keeps away from since
        context = {
            "action": action,
            "row": DECLARATION.transitions[action.transition],
            "problems": problems,
            "may_undo": action.can_be_undone(),
            "done": [(people[entry["object"]], entry) for entry in action.done if entry["object"] in people],
            "refused": [(people[entry["object"]], entry) for entry in action.refused if entry["object"] in people],
        }
        return render(request, self.template_name, context, status=status)
