"""Bans after falsification: list, new case, one case for everybody concerned, files, decision, lifting."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View

from applications import access
from applications.forms.sanction import AskForm, OpenForm
from applications.models import Lifting, Sanction, SanctionFile
from applications.services import sanctions
from applications.workflow import LIFTING, SANCTION
from appraisal_portal import law
from appraisal_portal.accounts.access import is_bureau_reviewer, is_unit
from appraisal_portal.kernel import clock, files
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.views import FormPage, VisibleDetail, VisibleList, VisibleObjectMixin, client_address
from appraisal_portal.kernel.workflow import Refused

STAFF = access.is_bureau | access.is_supervisor


class SanctionList(VisibleList):
    """The cases the reader may see, newest first: all at the bureau, one's own, those of the unit's material."""

    access = STAFF | access.is_applicant | is_unit
    model = Sanction
    template_name = "applications/sanction/list.html"

    def get_queryset(self) -> Any:
        """With the persons and units."""
        return super().get_queryset().select_related("person", "declaration__unit")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the reader may open a case."""
        user = self.request.user
        return super().get_context_data(can_open=is_bureau_reviewer(user), staff=STAFF(user), **kwargs)


class SanctionNew(FormPage):
    """A new case."""

    access = is_bureau_reviewer
    form_class = OpenForm
    template_name = "applications/sanction/new.html"

    def get_initial(self) -> dict[str, Any]:
        """The declaration another page leads here for; the year is never guessed."""
        return {"number": self.request.GET.get("number", "")}

    def form_valid(self, form: OpenForm) -> HttpResponse:
        """Open it, or say why not."""
        given = dict(form.cleaned_data)
        try:
            case = sanctions.open_case(
                given.pop("number"), **given, actor=self.request.user, address=client_address(self.request)
            )
        except Refused as refused:
            for problem in refused.problems:
                form.add_error(problem.field if problem.field in form.fields else None, str(problem))
            return self.form_invalid(form)
        return redirect(case)


class SanctionDetail(VisibleDetail):
    """One case: for the bureau, for the person concerned from the opening on, for the unit that vouched."""

    access = SIGNED_IN
    model = Sanction
    workflow = SANCTION
    do_url = "applications:sanction-do"
    template_name = "applications/sanction/detail.html"

    def get_queryset(self) -> Any:
        """With person, declaration and unit."""
        names = ("person", "declaration__unit", "declaration__title", "decided_document")
        return super().get_queryset().select_related(*names)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the rule it rests on, the files, what is asked about lifting it, and who acts next."""
        context = super().get_context_data(**kwargs)
        case, user = self.object, self.request.user
        staff = STAFF(user)
        own = case.person.user_id == user.pk
        sent = list(SanctionFile.objects.visible_to(user).filter(sanction=case).select_related("upload"))
        liftings = Lifting.objects.visible_to(user).filter(sanction=case)
        context |= {
            "basis": law.cite("falsification.ban_years", clock.today()),
            "staff": staff,
            "own": own,
            "files": [(row, row.upload.opens_for(user)) for row in sent],
            "liftings": [self._lifting(lifting) for lifting in liftings],
            "may_ask": case.status == "in_force"
            and LIFTING.transitions["ask"].allowed(user, Lifting(sanction=case))
            and not case.liftings.filter(status__in=("asked", "heard", "proposed")).exists(),
            "events": self._events(context["history"]) if not staff else [],
        }
        return context

    def _events(self, history: list[Any]) -> list[tuple[Any, Any]]:
        """What the person concerned and the unit read of the history: each step that has words for them."""
        rows = SANCTION.transitions
        return [(record, rows[record.transition].public_label) for record in history if
                record.transition in rows and rows[record.transition].public_label]  # fmt: skip

    def _lifting(self, lifting: Lifting) -> dict[str, Any]:
        lifting.sanction = self.object
        actions = [
            {"url": reverse("applications:lifting-do", args=[lifting.pk, row.name]), "label": row.label}
            for row in LIFTING.open_to(lifting, self.request.user)
        ]
        return {"lifting": lifting, "actions": actions, "history": LIFTING.history(lifting)}


class SanctionFileView(VisibleObjectMixin, View):
    """A file in a case."""

    access = SIGNED_IN
    model = SanctionFile

    def get(self, request: HttpRequest, pk: int, upload: Any) -> HttpResponse:
        """Deliver it as an attachment."""
        found = get_object_or_404(self.get_queryset().select_related("upload"), sanction=pk, upload=upload)
        if not found.upload.opens_for(request.user):
            raise Http404
        return files.serve(found.upload)


class SanctionLetter(VisibleObjectMixin, View):
    """The decision in writing (处理决定书)."""

    access = SIGNED_IN
    model = Sanction

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The stored PDF, once it is decided."""
        case = get_object_or_404(self.get_queryset().select_related("decided_document"), pk=pk)
        if case.decided_document is None:
            raise Http404
        return files.serve(case.decided_document)


class LiftingNew(VisibleObjectMixin, FormPage):
    """Ask for a new decision about a ban in force."""

    access = access.is_person_concerned | access.is_bureau_reviewer
    model = Sanction
    form_class = AskForm
    template_name = "applications/sanction/lifting.html"

    @cached_property
    def sanction(self) -> Sanction:
        """The ban, if the reader may see it and ask."""
        found: Sanction = get_object_or_404(self.get_queryset().select_related("person"), pk=self.kwargs["pk"])
        if not LIFTING.transitions["ask"].allowed(self.request.user, Lifting(sanction=found)):
            raise Http404
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        """About which ban."""
        return {**super().get_form_kwargs(), "sanction": self.sanction}

    def form_valid(self, form: AskForm) -> HttpResponse:
        """Ask, or say why not."""
        try:
            sanctions.ask_for_lifting(
                self.sanction,
                reason=form.cleaned_data["reason"],
                actor=self.request.user,
                address=client_address(self.request),
            )
        except Refused as refused:
            for problem in refused.problems:
                form.add_error(problem.field if problem.field in form.fields else None, str(problem))
            return self.form_invalid(form)
        return redirect(self.sanction)
