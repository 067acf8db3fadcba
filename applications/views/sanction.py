"""Bans after falsification, at the bureau: list, new case, one case with its steps."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from applications.access import is_bureau, is_supervisor
from applications.forms.sanction import OpenForm
from applications.models import Sanction
from applications.services import sanctions
from applications.workflow import SANCTION
from appraisal_portal import law
from appraisal_portal.accounts.access import is_bureau_reviewer
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.views import FormPage, VisibleDetail, VisibleList, client_address
from appraisal_portal.kernel.workflow import Refused


class SanctionList(VisibleList):
    """All cases, newest first."""

    access = is_bureau | is_supervisor
    model = Sanction
    template_name = "applications/sanction/list.html"

    def get_queryset(self) -> Any:
        """With the persons."""
        return super().get_queryset().select_related("person")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the reader may open a case."""
        return super().get_context_data(can_open=is_bureau_reviewer(self.request.user), **kwargs)


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
        data = form.cleaned_data
        try:
            case = sanctions.open_case(
                data["number"].applicant,
                review_year=data["review_year"],
                ground=data["ground"],
                unit_responsible=data["unit_responsible"],
                actor=self.request.user,
                address=client_address(self.request),
            )
        except Refused as refused:
            for problem in refused.problems:
                form.add_error(problem.field if problem.field in form.fields else None, str(problem))
            return self.form_invalid(form)
        return redirect(case)


class SanctionDetail(VisibleDetail):
    """One case: for the bureau, and once it is in force for the person concerned."""

    access = SIGNED_IN
    model = Sanction
    workflow = SANCTION
    do_url = "applications:sanction-do"
    template_name = "applications/sanction/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the rule it rests on."""
        context = super().get_context_data(**kwargs)
        context["basis"] = law.cite("falsification.ban_years", clock.today())
        context["staff"] = (is_bureau | is_supervisor)(self.request.user)
        return context
