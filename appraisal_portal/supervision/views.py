"""The supervision campaign: the picture committee × item, a new check, one check with its evidence."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from appraisal_portal import law
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.statuses import StatusTag
from appraisal_portal.kernel.views import FormPage, VisibleDetail, VisibleList, VisibleObjectMixin, client_address
from appraisal_portal.kernel.workflow import Refused
from appraisal_portal.supervision import access, rules, services
from appraisal_portal.supervision.forms import JudgeForm, OpenForm
from appraisal_portal.supervision.models import SupervisionCheck, SupervisionItem
from appraisal_portal.supervision.workflow import SUPERVISION_CHECK

BASIS = "supervision.five_questions"
_TONES = {"ok": "green", "bad": "red", "look": "orange", "none": "grey", "conforms": "green", "defect": "red"}


def tag(item: SupervisionItem) -> StatusTag:
    """What stands for an item: the finding, before that what the records say."""
    if item.finding:
        return StatusTag(item.finding, item.get_finding_display(), _TONES[item.finding])
    return StatusTag(item.computed, item.get_computed_display(), _TONES[item.computed])


class CheckList(VisibleList):
    """The campaign as a picture: a row for each committee and year, a column for each item of the checklist."""

    access = access.reads_checks
    model = SupervisionCheck
    template_name = "supervision/check_list.html"

    def get_queryset(self) -> Any:
        """With committees and items, two queries whatever their number."""
        return super().get_queryset().select_related("committee").prefetch_related("items")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The columns in the order of the five questions, and each row's marks in that order."""
        context = super().get_context_data(**kwargs)
        rows = []
        for check in context["object_list"]:
            marks = {item.code: tag(item) for item in check.items.all()}
            rows.append((check, [(item.label, marks.get(code)) for code, item in rules.ITEMS.items()]))
        counted = [
            (label, sum(item.question == question for item in rules.ITEMS.values()))
            for question, label in rules.QUESTIONS.items()
        ]
        user = self.request.user
        return {
            **context,
            "rows": rows,
            "questions": counted,
            "columns": [item.label for item in rules.ITEMS.values()],
            "may_open": access.is_bureau_reviewer(user),
            "basis": law.cite(BASIS, clock.today()),
        }


class CheckNew(FormPage):
    """Open the check of a committee's year."""

    access = access.is_bureau_reviewer
    form_class = OpenForm
    template_name = "supervision/check_new.html"

    def form_valid(self, form: OpenForm) -> HttpResponse:
        """Open it with the evidence of the records, or say why not."""
        given = form.cleaned_data
        try:
            check = services.open_check(
                given["committee"], given["year"], actor=self.request.user, address=client_address(self.request)
            )
        except Refused as refused:
            for problem in refused.problems:
                form.add_error(problem.field if problem.field in form.fields else None, str(problem))
            return self.form_invalid(form)
        return redirect(check)


class CheckDetail(VisibleDetail):
    """One check: item by item what the records say and what was found, the answer, the next step."""

    access = access.reads_checks
    model = SupervisionCheck
    workflow = SUPERVISION_CHECK
    do_url = "supervision:check-do"
    template_name = "supervision/check_detail.html"

    def get_queryset(self) -> Any:
        """With the committee."""
        return super().get_queryset().select_related("committee")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The items by question, each with its sentences."""
        items = {item.code: item for item in self.object.items.all()}
        questions = [
            (
                label,
                [
                    {"label": item.label, "tag": tag(items[code]), "note": items[code].note,
                     "lines": [rules.words(line) for line in items[code].evidence]}
                    for code, item in rules.ITEMS.items()
                    if item.question == question and code in items
                ],
            )
            for question, label in rules.QUESTIONS.items()
        ]  # fmt: skip
        user = self.request.user
        return super().get_context_data(
            questions=questions,
            staff=access.reads_all(user),
            may_judge=access.is_bureau_reviewer(user) and self.object.status == "open",
            basis=law.cite(BASIS, clock.today()),
            **kwargs,
        )


class CheckJudge(VisibleObjectMixin, FormPage):
    """Judge each item beside what the records say."""

    access = access.is_bureau_reviewer
    model = SupervisionCheck
    form_class = JudgeForm
    template_name = "supervision/check_judge.html"

    @cached_property
    def check(self) -> SupervisionCheck:
        """The check, if the reader may see it."""
        found: SupervisionCheck = get_object_or_404(
            self.get_queryset().select_related("committee"), pk=self.kwargs["pk"]
        )
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        """The items in the order of the checklist."""
        items = {item.code: item for item in self.check.items.all()}
        return {**super().get_form_kwargs(), "items": [items[code] for code in rules.ITEMS if code in items]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each item with its sentences and its two controls."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        context["check"] = self.check
        context["rows"] = [
            (
                rules.ITEMS[item.code].label,
                [rules.words(line) for line in item.evidence],
                form[f"finding_{item.code}"],
                form[f"note_{item.code}"],
            )
            for item in form.items
        ]
        return context

    def form_valid(self, form: JudgeForm) -> HttpResponse:
        """Store the findings, or say what is missing."""
        try:
            services.judge(self.check, form.judged())
        except Refused as refused:
            for problem in refused.problems:
                form.add_error(problem.field if problem.field in form.fields else None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("The findings have been saved."))
        return redirect(self.check)


class CheckAnew(VisibleObjectMixin, View):
    """Take the evidence of the records anew."""

    access = access.is_bureau_reviewer
    model = SupervisionCheck
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Back to the check either way."""
        check = get_object_or_404(self.get_queryset(), pk=pk)
        try:
            services.take_anew(check)
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("The evidence has been taken from the records of now."))
        return redirect(check)
