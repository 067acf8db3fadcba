"""Decided cases: outcome in words, its papers, reasons of the office, filing by the unit."""

from typing import Any

from django.contrib import messages
from django.db.models import Case, F, Q, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View, generic

from applications.models import Declaration
from appraisal_portal.kernel import files
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.documents import PaperNotMade
from appraisal_portal.kernel.views import AccessMixin, FormPage, client_address
from appraisal_portal.kernel.workflow import Refused
from committees.reviews.access import outcome as access
from committees.reviews.documents.outcome import facts_of, paragraphs_of
from committees.reviews.forms.outcome import FilingForm, ReasonsForm
from committees.reviews.models import EntrustmentLetter, PersonalFile
from committees.reviews.models.outcome import CODES
from committees.reviews.services import outcome
from committees.reviews.services.entrustment import entrusted
from committees.reviews.services.outcome import decided

UNEXPLAINED = Q(status="not_passed", line__decided_by="committee") & (
    Q(personal_file=None) | Q(personal_file__reasons="")
)
"""The letter of these says that they did not pass, and not yet why."""


class OutcomeList(AccessMixin, generic.ListView):
    """Decided cases: one's own, the unit's, the office's."""

    access = SIGNED_IN
    template_name = "reviews/outcome/list.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        """For an office those that wait for its reasons first, then what is not filed yet, the newest first."""
        rows = decided(self.request.user)
        waits = [Case(When(UNEXPLAINED, then=0), default=1)] if self._explains() else []
        return rows.order_by(*waits, F("personal_file__filed_on").desc(nulls_first=True), "-year", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the reader is one who gives reasons, and of how many."""
        unexplained = decided(self.request.user).filter(UNEXPLAINED).count() if self._explains() else 0
        return super().get_context_data(explains=self._explains(), unexplained=unexplained, **kwargs)

    def _explains(self) -> bool:
        return bool(self.request.user.acts_as("office_clerk"))  # type: ignore[union-attr]


class _OfCase(FormPage):
    """A page about one decided case; the form is only shown to whom it belongs."""

    access = SIGNED_IN
    template_name = "reviews/outcome/detail.html"

    @cached_property
    def case(self) -> Declaration:
        """The declaration, if the reader may see it and it is decided."""
        found: Declaration = get_object_or_404(decided(self.request.user), pk=self.kwargs["pk"])
        return found

    @cached_property
    def file(self) -> PersonalFile:
        """Its file, stored or not yet."""
        return getattr(self.case, "personal_file", None) or PersonalFile(declaration=self.case)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The outcome in words and which of the two forms this reader may use."""
        user, file = self.request.user, self.file
        context = super().get_context_data(**kwargs)
        facts = facts_of(self.case)
        open_ = file.status == PersonalFile.Status.OPEN
        context |= {"case": self.case, "file": file, "facts": facts, "paragraphs": paragraphs_of(self.case, facts)}
        own = access.is_not_ones_own(user, file)
        asked = context["form"]
        if own and access.is_clerk_of_the_case(user, file) and facts["outcome"] != "passed":
            context["reasons_form"] = asked if isinstance(asked, ReasonsForm) else ReasonsForm(instance=file)
        if open_ and own and access.keeps_the_file(user, file):
            context["filing_form"] = asked if isinstance(asked, FilingForm) else FilingForm(instance=file)
        context["codes"] = CODES
        context["entrusted"] = sent = entrusted(self.case)
        context["reads_letter"] = sent and EntrustmentLetter.objects.visible_to(user).filter(pk=sent.letter_id).exists()
        return context


class OutcomeDetail(_OfCase):
    """What was decided, in plain words, with its papers."""

    http_method_names = ["get", "head", "options"]
    form_class = FilingForm


class _Write(_OfCase):
    """One of the two forms of the page."""

    http_method_names = ["post"]
    done: Any = ""

    def transition_of(self, file: PersonalFile) -> str:
        """What is fired."""
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        """A copy of the row: what is typed must not change the page's own."""
        return {**super().get_form_kwargs(), "instance": PersonalFile(declaration_id=self.case.pk)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Fire it, or say why not."""
        try:
            outcome.write(
                self.case,
                self.transition_of(self.file),
                actor=self.request.user,
                address=client_address(self.request),
                **form.cleaned_data,
            )
        except Refused as error:
            for problem in error.problems:
                form.add_error(problem.field if problem.field in form.fields else None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return redirect("reviews:outcome-detail", self.case.pk)


class OutcomeExplain(_Write):
    """The office's reasons."""

    access = access.is_clerk_of_the_case
    form_class = ReasonsForm

    def transition_of(self, file: PersonalFile) -> str:
        """A unit that has filed already does not close the person's way to the reasons."""
        return "explain_later" if file.status == PersonalFile.Status.FILED else "explain"

    @property
    def done(self) -> str:
        """What the clerk reads afterwards."""
        return _("Stored. The decision letter contains the reasons from now on.")


class OutcomeFile(_Write):
    """The unit's confirmation that the papers are filed."""

    access = access.keeps_the_file
    form_class = FilingForm

    def transition_of(self, file: PersonalFile) -> str:
        """Once."""
        return "file"

    @property
    def done(self) -> str:
        """What the clerk reads afterwards."""
        return _("The filing is confirmed. Nothing more is to be done in this case.")


class OutcomePaper(AccessMixin, View):
    """The completed 2-1 or the decision letter, for everybody who sees the case."""

    access = SIGNED_IN

    def get(self, request: HttpRequest, pk: int, code: str) -> HttpResponse:
        """Made when first asked for."""
        case = get_object_or_404(decided(request.user), pk=pk)
        try:
            return files.serve(outcome.paper(case, code, actor=request.user))
        except KeyError as error:
            raise Http404 from error
        except PaperNotMade as error:
            messages.error(request, str(error))
            return redirect("reviews:outcome-detail", case.pk)
