"""The bureau's desk of entrusted appraisal: letters, and the register of what higher committees decided."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views import View

from appraisal_portal.accounts.forms.fields import put_problems
from appraisal_portal.kernel import files
from appraisal_portal.kernel.views import FormPage, VisibleDetail, VisibleList, VisibleObjectMixin
from appraisal_portal.kernel.workflow import Refused
from committees.reviews.access import results as access
from committees.reviews.forms.entrustment import LetterForm, ResultForm
from committees.reviews.models import EntrustmentLetter, ExternalResult, ResultReport
from committees.reviews.services import entrustment as service
from committees.reviews.workflow.entrustment import ENTRUSTMENT, EXTERNAL_RESULT

reads = access.is_bureau | access.is_supervisor


class EntrustmentList(VisibleList):
    """Reports with people to entrust, and the letters."""

    access = reads
    model = EntrustmentLetter
    template_name = "reviews/entrustment/list.html"

    def get_queryset(self) -> Any:
        """With how many people and how many of them still wait."""
        return super().get_queryset().with_names().order_by("-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whoever prepares letters sees what there is to prepare."""
        prepares = access.is_bureau_reviewer(self.request.user)
        return super().get_context_data(waiting=list(service.reports_waiting()) if prepares else [], **kwargs)


class _Letter(FormPage):
    access = access.is_bureau_reviewer
    form_class = LetterForm
    template_name = "reviews/entrustment/form.html"

    def store(self, values: dict[str, str]) -> EntrustmentLetter:
        """Write it; may raise Refused."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        """Store, or every reason at its field."""
        try:
            return redirect(self.store(form.cleaned_data))
        except Refused as error:
            put_problems(form, error.problems)
            return self.form_invalid(form)


class EntrustmentNew(VisibleObjectMixin, _Letter):
    """A letter over the people of one decided report."""

    model = ResultReport

    @cached_property
    def report(self) -> ResultReport:
        """A decided report."""
        found: ResultReport = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"], status="decided")
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who will be on it."""
        people = service.free_items().filter(report=self.report).order_by("seq")
        return super().get_context_data(report=self.report, people=[row.data_3_6 for row in people], **kwargs)

    def store(self, values: dict[str, str]) -> EntrustmentLetter:
        """A new draft."""
        return service.prepare(self.report, user=self.request.user, **values)


class EntrustmentChange(VisibleObjectMixin, _Letter):
    """Other words, the people taken again; while it is a draft or came back."""

    model = EntrustmentLetter

    @cached_property
    def letter(self) -> EntrustmentLetter:
        """The letter while it can be changed."""
        found: EntrustmentLetter = get_object_or_404(
            self.get_queryset(), pk=self.kwargs["pk"], status__in=service.MENDABLE
        )
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        """As it stands; a copy, for what is typed must not change the page's own."""
        row = self.letter
        return {**super().get_form_kwargs(), "initial": {n: getattr(row, n) for n in ("addressee", "contact", "phone")}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who is on it."""
        people = [item.report_item.data_3_6 for item in self.letter.people()]
        return super().get_context_data(report=self.letter.report, people=people, letter=self.letter, **kwargs)

    def store(self, values: dict[str, str]) -> EntrustmentLetter:
        """The same letter."""
        service.change(self.letter, user=self.request.user, **values)
        return self.letter


class EntrustmentDetail(VisibleDetail):
    """One letter: who is on it, what the higher committee said, who acts next."""

    access = reads
    model = EntrustmentLetter
    workflow = ENTRUSTMENT
    do_url = "reviews:entrustment-do"
    template_name = "reviews/entrustment/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """People with their outcomes, results, and what this reader may do beside the transitions."""
        row = self.object
        prepares = access.is_bureau_reviewer(self.request.user)
        items = list(row.people().select_related("outcome__result"))
        return super().get_context_data(
            items=items,
            results=row.results.all(),
            can_change=prepares and row.status in service.MENDABLE,
            can_register=prepares
            and any(i.declaration.status == "entrusted" and not hasattr(i, "outcome") for i in items),
            **kwargs,
        )


class _Result(FormPage):
    access = access.is_bureau_reviewer
    form_class = ResultForm
    template_name = "reviews/entrustment/result_form.html"
    result: ExternalResult | None = None

    @property
    def letter(self) -> EntrustmentLetter:
        """The letter it answers."""
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the people it can be about."""
        items = service.open_items(self.letter, self.result)
        return {**super().get_form_kwargs(), "items": items, "result": self.result}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which letter."""
        return super().get_context_data(letter=self.letter, result=self.result, **kwargs)

    def form_valid(self, form: ResultForm) -> HttpResponse:
        """Store the draft, or every reason at its field."""
        try:
            row = service.keep(
                self.letter, form.outcomes(), user=self.request.user, values=form.values(), result=self.result,
                file=form.cleaned_data["file"],
            )  # fmt: skip
        except Refused as error:
            put_problems(form, error.problems)
            return self.form_invalid(form)
        return redirect(row)


class ExternalNew(VisibleObjectMixin, _Result):
    """Enter what the higher committee decided."""

    model = EntrustmentLetter

    @cached_property
    def letter(self) -> EntrustmentLetter:
        """An issued letter."""
        found: EntrustmentLetter = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"], status="issued")
        return found

    def get_initial(self) -> dict[str, Any]:
        """Whoever was entrusted decides, as a rule."""
        return {"authority": self.letter.addressee}


class ExternalChange(VisibleObjectMixin, _Result):
    """Other outcomes while it is a draft or came back."""

    model = ExternalResult

    @cached_property
    def result(self) -> ExternalResult:  # type: ignore[override]
        """The result while it can be changed."""
        rows = self.get_queryset().select_related("letter", "file")
        found: ExternalResult = get_object_or_404(rows, pk=self.kwargs["pk"], status__in=service.MENDABLE)
        return found

    @property
    def letter(self) -> EntrustmentLetter:
        """The letter it answers."""
        return self.result.letter

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        return {name: getattr(self.result, name) for name in ("authority", "reference", "dated")}


class ExternalDetail(VisibleDetail):
    """One result from outside beside its document."""

    access = reads
    model = ExternalResult
    workflow = EXTERNAL_RESULT
    do_url = "reviews:external-do"
    template_name = "reviews/entrustment/result_detail.html"

    def get_queryset(self) -> Any:
        """With what the page names."""
        return super().get_queryset().select_related("letter", "file")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The outcomes, and whether this reader may change them."""
        row = self.object
        return super().get_context_data(
            items=row.items.select_related("item__report_item", "item__declaration").order_by("item__seq"),
            can_change=access.is_bureau_reviewer(self.request.user) and row.status in service.MENDABLE,
            **kwargs,
        )


class ExternalFile(VisibleObjectMixin, View):
    """The uploaded document."""

    access = reads
    model = ExternalResult

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Not scanned yet: its owner's eyes only. Infected: nobody's."""
        row = get_object_or_404(self.get_queryset().select_related("file"), pk=pk)
        if not row.file.opens_for(request.user):
            raise Http404
        return files.serve(row.file)
