"""Determination and confirmation at the county bureau and the bureau: cases, outcomes, letter, publicity, report."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from appraisal_portal.kernel.views import FormPage, VisibleDetail, VisibleList, VisibleObjectMixin
from appraisal_portal.kernel.workflow import NotAllowed, Refused
from committees.plans.models import PlanLine
from committees.reviews.access import determination as access
from committees.reviews.forms.determination import DeterminationForm
from committees.reviews.forms.results import PublicityForm, ReportForm
from committees.reviews.models import Determination
from committees.reviews.rules.determination import units_of
from committees.reviews.services import determination as service
from committees.reviews.services import reports
from committees.reviews.services.results import publicise_determination
from committees.reviews.workflow.determination import DETERMINATION

ON_ONE_LETTER = 100


class DeterminationList(VisibleList):
    """What waits for a determination, by line of the plan, and the determinations made."""

    access = access.reads_determinations
    model = Determination
    template_name = "reviews/determination/list.html"

    def get_queryset(self) -> Any:
        """With names and numbers of people, the newest first."""
        return super().get_queryset().with_names().order_by("-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The cases of whoever prepares."""
        context = super().get_context_data(**kwargs)
        user = self.request.user
        if access.prepares(user):
            rows, units = list(service.waiting(user)[:500]), units_of(user)
            mine = [row for row in rows if row.unit_id not in units]
            context["waiting"] = [(line, list(group)) for line, group in groupby(mine, key=lambda row: row.line)]
            context["of_own_unit"] = len(rows) - len(mine)
        return context


class _Writing(FormPage):
    access = access.prepares
    form_class = DeterminationForm
    template_name = "reviews/determination/form.html"
    before: dict[int, tuple[str, str]] = {}

    def people(self) -> list[Any]:
        """Who can be on the list."""
        raise NotImplementedError

    def store(self, form: DeterminationForm) -> Determination:
        """Write it; may raise Refused."""
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the people and what was written about them before."""
        return {**super().get_form_kwargs(), "people": self.people(), "before": self.before}

    def form_valid(self, form: DeterminationForm) -> HttpResponse:
        """Store, or show every reason at its field."""
        try:
            determination = self.store(form)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Refused as error:
            for problem in error.problems:
                form.add_error(problem.field if problem.field in form.fields else None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("Stored. Look through it, then propose it; a second person decides."))
        return redirect(determination)


class DeterminationNew(_Writing):
    """Outcome and reason for everybody of one line who waits."""

    @cached_property
    def line(self) -> PlanLine:
        """The line of the plan."""
        found: PlanLine = get_object_or_404(
            PlanLine.objects.select_related("committee", "plan").exclude(decided_by="committee"), pk=self.kwargs["pk"]
        )
        return found

    def people(self) -> list[Any]:
        """The cases of the line, the longest waiting first."""
        return list(service.cases(self.request.user).filter(line=self.line)[:ON_ONE_LETTER])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which line."""
        return super().get_context_data(line=self.line, **kwargs)

    def store(self, form: DeterminationForm) -> Determination:
        """A new draft."""
        return service.prepare(self.line, form.outcomes(), user=self.request.user, **form.letter())


class _OfDetermination(VisibleObjectMixin):
    model = Determination
    access = access.prepares

    @cached_property
    def determination(self) -> Determination:
        """The determination, if the reader sees it and prepares for its body."""
        user = self.request.user  # type: ignore[attr-defined]
        rows = self.get_queryset().select_related("line__committee", "authority")
        found: Determination = get_object_or_404(rows, pk=self.kwargs["pk"])  # type: ignore[attr-defined]
        refused = access.is_preparer.why_not(user, found)
        if refused:
            raise PermissionDenied(" ".join(refused))
        return found


class DeterminationChange(_OfDetermination, _Writing):
    """Other outcomes while it is a draft or came back."""

    def people(self) -> list[Any]:
        """Who is on it."""
        items = self.determination.items.select_related(
            "declaration__applicant", "declaration__unit", "declaration__title"
        )
        return [item.declaration for item in items.order_by("seq")]

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        row = self.determination
        self.before = {item.declaration_id: (item.outcome, item.reason) for item in row.items.all()}
        return {"reference": row.reference, "contact": row.contact, "phone": row.phone}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which line."""
        return super().get_context_data(line=self.determination.line, **kwargs)

    def store(self, form: DeterminationForm) -> Determination:
        """The same determination."""
        service.change(self.determination, form.outcomes(), user=self.request.user, **form.letter())
        return self.determination


class DeterminationDetail(VisibleDetail):
    """One determination: everybody with outcome and reason, what comes next, papers, lists and reports."""

    access = access.reads_determinations
    model = Determination
    workflow = DETERMINATION
    do_url = "reviews:determination-do"
    template_name = "reviews/determination/detail.html"

    def get_queryset(self) -> Any:
        """With names."""
        return super().get_queryset().select_related("line__committee", "line__plan", "authority", "prepared_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """People, papers, what this reader may do beside the transitions."""
        context = super().get_context_data(**kwargs)
        row, prepares = self.object, access.is_preparer(self.request.user, self.object)
        items = row.items.select_related("declaration__applicant", "declaration__unit", "declaration__title")
        items = list(items.order_by("seq"))
        decided = prepares and row.status == "decided"
        papers = list(row.papers.select_related("document").order_by("code", "-version"))
        context.update(
            items=items,
            granted=any(item.outcome == "granted" for item in items),
            papers=papers,
            lists=row.publicities.all(),
            reports=row.reports.all(),
            can_change=prepares and row.status in service.MENDABLE,
            can_make=decided,
            can_publicise=decided and papers and any(item.declaration.status == "passed" for item in items),
            can_report=decided and any(item.declaration.status == "result_publicity" for item in items),
        )
        return context


MADE = gettext_lazy("Letter and register are made. The letter names nobody who was refused; the register stays here.")
MADE_WITH_GRANTED = gettext_lazy(
    "Letter and register are made. The letter names nobody who was refused; the register stays here. "
    "Make the list of those granted next."
)


class DeterminationLetter(_OfDetermination, View):
    """Make letter and register of a decided determination."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make it, or say why not."""
        try:
            service.make_papers(self.determination, user=request.user)
        except Refused as error:
            messages.error(request, str(error))
        else:
            granted = self.determination.items.filter(outcome="granted").exists()
            messages.success(request, MADE_WITH_GRANTED if granted else MADE)
        return redirect(self.determination)


class _AfterDecision(_OfDetermination, FormPage):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which determination; the pages are those of a meeting."""
        return super().get_context_data(meeting=self.determination, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """Its own contact."""
        return {"contact": self.determination.contact, "phone": self.determination.phone}

    def make(self, **given: Any) -> Any:
        """Make it; may raise Refused."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        """Store, or show every reason at the form."""
        try:
            made = self.make(user=self.request.user, **form.cleaned_data)
        except Refused as error:
            for problem in error.problems:
                form.add_error(problem.field or None, str(problem))
            return self.form_invalid(form)
        return redirect(made)


class DeterminationPublicity(_AfterDecision):
    """Make the list of those granted."""

    form_class = PublicityForm
    template_name = "reviews/results/publicity_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How long the list will be public."""
        return super().get_context_data(days=self.determination.line.result_publicity_days, **kwargs)

    def make(self, **given: Any) -> Any:
        """The draft list."""
        return publicise_determination(self.determination, **given)


class DeterminationReport(_AfterDecision):
    """Prepare the report to the bureau."""

    form_class = ReportForm
    template_name = "reviews/results/report_form.html"

    def make(self, **given: Any) -> Any:
        """The draft report."""
        return reports.prepare_report(self.determination, **given)
