"""Pages of the bureau's spot checks: announced in public, drawn, checked case by case, run again by anybody."""

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from applications import access
from applications.forms.spot_check import AnnounceForm
from applications.forms.unit import CheckForm
from applications.models import ItemCheck, SpotCheck, SpotCheckItem
from applications.rules.items import items_of
from applications.rules.spot_check import runs_again
from applications.services import spot_checks as service
from applications.views.unit_case import WITH_ALL, CasePage, checks_of
from applications.workflow import SPOT_CHECK, SPOT_CHECK_ITEM
from applications.workflow.spot_check import REPORT
from appraisal_portal.accounts.access import is_bureau, is_bureau_reviewer, is_forwarder, is_office, is_supervisor
from appraisal_portal.kernel import documents, files
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.views import (
    FormPage,
    PageView,
    VisibleDetail,
    VisibleList,
    VisibleObjectMixin,
    client_address,
)
from appraisal_portal.kernel.workflow import Refused

READERS = is_bureau | is_supervisor | is_office | is_forwarder
ALL = is_bureau | is_supervisor


def with_counts(rows: Any) -> Any:
    """Each check with how many cases were drawn, found clear, found with a defect."""
    return rows.annotate(
        cases=Count("items"),
        clear=Count("items", filter=Q(items__status="clear")),
        pending=Count("items", filter=Q(items__status="pending")),
    ).order_by("-year", "-number")  # counting forgets the order


class SpotCheckPublic(PageView):
    """What anybody may know: rule, size and hash of the population before the draw, the seed after it. No person."""

    access = PUBLIC
    template_name = "applications/spot_checks/public.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The latest hundred."""
        rows = list(with_counts(SpotCheck.objects.prefetch_related("lines__committee"))[:100])
        for row in rows:
            row.defects = row.cases - row.clear - row.pending
            row.size = len(row.population)
            row.first_seed_day = service.first_seed_day(row)
        return super().get_context_data(rows=rows, **kwargs)


class SpotCheckList(VisibleList):
    """Spot checks, the newest first; an office sees those in which a case of its own was drawn."""

    access = READERS
    model = SpotCheck
    template_name = "applications/spot_checks/list.html"

    def get_queryset(self) -> Any:
        """With counts; numbers over other bodies' cases are for the bureau."""
        return with_counts(super().get_queryset()) if ALL(self.request.user) else super().get_queryset()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the reader announces."""
        user = self.request.user
        return super().get_context_data(may_announce=is_bureau_reviewer(user), sees_all=ALL(user), **kwargs)


class SpotCheckNew(FormPage):
    """Announce rule and population."""

    access = is_bureau_reviewer
    form_class = AnnounceForm
    template_name = "applications/spot_checks/new.html"

    def form_valid(self, form: AnnounceForm) -> HttpResponse:
        """Announce, or say why not."""
        try:
            check = service.announce(**form.cleaned_data, actor=self.request.user, address=client_address(self.request))
        except Refused as refused:
            for problem in refused.problems:
                form.add_error(problem.field if problem.field in form.fields else None, str(problem))
            return self.form_invalid(form)
        return redirect(check)


class SpotCheckDetail(VisibleDetail):
    """One check: rule, population, seed, the draw run again, the cases with their findings, the next step."""

    access = READERS
    model = SpotCheck
    workflow = SPOT_CHECK
    do_url = "applications:spotcheck-do"
    template_name = "applications/spot_checks/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The reader's cases; the draw is run again each time the page is read."""
        check, user = self.object, self.request.user
        items = SpotCheckItem.objects.visible_to(user).filter(spot_check=check)
        return super().get_context_data(
            items=items.select_related("declaration__applicant", "declaration__unit", "declaration__series"),
            lines=check.lines.select_related("committee", "plan").order_by("pk"),
            size=len(check.population),
            drawn=bool(check.seed),
            same=bool(check.seed) and runs_again(check),
            in_chain=bool(check.seed) and service.seed_in_chain(check),
            first_seed_day=service.first_seed_day(check),
            sees_all=ALL(user),
            report=documents.current(check, REPORT),
            **kwargs,
        )


class SpotCheckFile(VisibleObjectMixin, View):
    """The file the draw is run again from (``manage.py rerun_spot_check``): numbers only, no names."""

    access = ALL
    model = SpotCheck

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """JSON, once the sample is drawn."""
        check = get_object_or_404(self.get_queryset(), pk=pk)
        if not check.seed:
            raise Http404
        answer = JsonResponse(service.file_of(check), json_dumps_params={"ensure_ascii": False, "indent": 1})
        answer["Content-Disposition"] = f'attachment; filename="spot-check-{check}.json"'
        return answer


class SpotCheckReport(VisibleObjectMixin, View):
    """The report (抽查报告), once the check is closed."""

    access = ALL
    model = SpotCheck

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The stored PDF."""
        document = documents.current(get_object_or_404(self.get_queryset(), pk=pk), REPORT)
        if document is None:
            raise Http404
        return files.serve(document)


class SpotCheckCase(CasePage):
    """One sampled case: each item beside its file, what unit and office judged, the bureau's judgement, the steps."""

    access = READERS
    model = SpotCheckItem
    template_name = "applications/spot_checks/case.html"
    done = _("The judgements have been saved.")

    def get_queryset(self) -> Any:
        """With the whole case."""
        case = [f"declaration__{name}" for name in WITH_ALL]
        return super().get_queryset().select_related("spot_check", "found_by", *case)

    def form(self, obj: Any, *, bound: bool) -> Any:
        """The bureau's judgements, the office's beside them."""
        case = obj.declaration
        return CheckForm(
            *self.posted(bound=bound),
            items=items_of(case),
            checks=checks_of(case, ItemCheck.Stage.SPOT_CHECK),
            before=checks_of(case, ItemCheck.Stage.OFFICE),
        )

    def act(self, obj: Any, form: Any) -> Any:
        """Store the judgements."""
        service.check_items(obj, form.judged(), actor=self.request.user)

    def context(self, obj: Any) -> dict[str, Any]:
        """The case, the steps open to the reader, the history."""
        user = self.request.user
        return {
            "item": obj,
            "object": obj.declaration,
            "recommendation": getattr(obj.declaration, "recommendation", None),
            "opinions": list(obj.declaration.forwarding_opinions.select_related("forwarder", "by")),
            "may_check": obj.status == SpotCheckItem.Status.PENDING and access.checks_sampled_case(user, obj),
            "actions": [
                {"url": reverse("applications:spotcheckitem-do", args=[obj.pk, row.name]), "label": row.label}
                for row in SPOT_CHECK_ITEM.open_to(obj, user)
            ],
            "history": SPOT_CHECK_ITEM.history(obj),
            "back_url": reverse("applications:spotcheck-detail", args=[obj.spot_check_id]),
        }
