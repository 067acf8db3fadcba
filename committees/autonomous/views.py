"""Pages of independent appraisal: delegations, the plan of a year with its log, filed results."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views import View

from appraisal_portal.accounts.forms.fields import put_problems
from appraisal_portal.kernel import files
from appraisal_portal.kernel.files import UploadRefused
from appraisal_portal.kernel.views import FormPage, VisibleDetail, VisibleList, VisibleObjectMixin
from appraisal_portal.kernel.workflow import NotAllowed, Refused
from committees.autonomous import access, services
from committees.autonomous.forms import BatchForm, DelegationForm, LogForm, OpenPlanForm, PlanForm
from committees.autonomous.models import AutonomousPlan, Delegation, FiledBatch
from committees.autonomous.workflow import AUTONOMOUS_PLAN, DELEGATION, FILED_BATCH


class DelegationList(VisibleList):
    """Delegations with their plans."""

    access = access.reads
    model = Delegation
    template_name = "autonomous/list.html"

    def get_queryset(self) -> Any:
        """With names and plans, two queries whatever their number."""
        rows = super().get_queryset().select_related("unit", "series", "authority")
        return rows.prefetch_related("plans").order_by("-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the reader delegates."""
        return super().get_context_data(prepares=access.prepares(self.request.user), **kwargs)


class _Writing(FormPage):
    """A form whose problems come from the service."""

    def store(self, form: Any) -> Any:
        """Write it and return the row to go to; may raise Refused."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        """Store, or every reason at its field."""
        try:
            return redirect(self.store(form))
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Refused as error:
            put_problems(form, error.problems)
            return self.form_invalid(form)


class DelegationNew(_Writing):
    """Delegate titles of a series to a unit."""

    access = access.prepares
    form_class = DelegationForm
    template_name = "autonomous/delegation_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """For the reader's body."""
        return {**super().get_form_kwargs(), "user": self.request.user, "instance": Delegation()}

    def store(self, form: DelegationForm) -> Delegation:
        """The draft."""
        return services.keep_delegation(form.instance, user=self.request.user)


class DelegationChange(VisibleObjectMixin, DelegationNew):
    """Change it while it is a draft or came back."""

    model = Delegation

    def get_form_kwargs(self) -> dict[str, Any]:
        """The row to change."""
        rows = self.get_queryset().select_related("authority")
        row = get_object_or_404(rows, pk=self.kwargs["pk"], status__in=services.MENDABLE)
        return {**super().get_form_kwargs(), "instance": row}


class DelegationDetail(VisibleDetail):
    """One delegation with its plans and who acts next."""

    access = access.reads
    model = Delegation
    workflow = DELEGATION
    do_url = "autonomous:delegation-do"
    template_name = "autonomous/delegation_detail.html"

    def get_queryset(self) -> Any:
        """With names."""
        return super().get_queryset().select_related("unit", "series", "authority")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is delegated, the plans, what this reader may do beside the transitions."""
        row = self.object
        clerk = access.is_authority_clerk(self.request.user, row)
        return super().get_context_data(
            fields=[
                (_("Kind of unit"), capfirst(row.get_kind_display())),
                (_("Series"), row.series.name),
                (_("Levels"), capfirst(row.level_words)),
                (_("Number of the document"), row.document),
                (_("From"), row.starts_on.isoformat()),
                (_("Until"), row.ends_on.isoformat() if row.ends_on else _("until it is ended")),
                (_("Delegated by"), row.authority.name),
            ],
            plans=row.plans.all(),
            can_change=clerk and row.status in services.MENDABLE,
            can_open=clerk and row.status == Delegation.Status.IN_FORCE,
            **kwargs,
        )


class PlanNew(VisibleObjectMixin, _Writing):
    """Open the plan of a year for the unit."""

    access = access.prepares
    model = Delegation
    form_class = OpenPlanForm
    template_name = "autonomous/plan_open.html"

    @cached_property
    def delegation(self) -> Delegation:
        """The delegation, if the reader sees it."""
        found: Delegation = get_object_or_404(self.get_queryset().select_related("unit"), pk=self.kwargs["pk"])
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        """By the kind of unit."""
        return {**super().get_form_kwargs(), "delegation": self.delegation}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whose plan."""
        return super().get_context_data(delegation=self.delegation, **kwargs)

    def store(self, form: OpenPlanForm) -> AutonomousPlan:
        """The plan, told to the unit."""
        return services.open_plan(self.delegation, user=self.request.user, **form.cleaned_data)


class PlanDetail(VisibleDetail):
    """One plan: days, procedure, posts, log, results, and who acts next."""

    access = access.reads
    model = AutonomousPlan
    workflow = AUTONOMOUS_PLAN
    do_url = "autonomous:plan-do"
    template_name = "autonomous/plan_detail.html"

    def get_queryset(self) -> Any:
        """With names."""
        names = ("delegation__unit", "delegation__series", "delegation__authority", "standard")
        return super().get_queryset().select_related(*names)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Posts, log and batches; what the unit's clerk may do."""
        row = self.object
        clerk = access.is_unit_clerk(self.request.user, row)
        return super().get_context_data(
            posts=row.posts.all(),
            log=row.log.all(),
            batches=row.batches.all(),
            can_change=clerk and row.status in services.MENDABLE,
            can_log=clerk and row.status == AutonomousPlan.Status.CONSENTED,
            **kwargs,
        )


class _OfPlan(VisibleObjectMixin, _Writing):
    access = access.is_unit_clerk
    model = AutonomousPlan

    @cached_property
    def plan(self) -> AutonomousPlan:
        """The plan, if the reader sees it."""
        rows = self.get_queryset().select_related("delegation__unit", "delegation__series", "standard")
        found: AutonomousPlan = get_object_or_404(rows, pk=self.kwargs["pk"])
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which plan."""
        return super().get_context_data(plan=self.plan, **kwargs)


class PlanChange(_OfPlan):
    """The unit fills the plan in."""

    form_class = PlanForm
    template_name = "autonomous/plan_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """As it stands."""
        return {**super().get_form_kwargs(), "plan": self.plan}

    def store(self, form: PlanForm) -> AutonomousPlan:
        """Store what was typed; whether it is complete is asked when the head submits."""
        data = form.cleaned_data
        return services.keep_plan(
            self.plan, user=self.request.user, procedure=data["procedure"], posts=form.posts(),
            standard=data["standard"],
        )  # fmt: skip


class PlanLog(_OfPlan):
    """One more line of the process log."""

    form_class = LogForm
    template_name = "autonomous/log_form.html"

    def store(self, form: LogForm) -> AutonomousPlan:
        """Append it."""
        services.log(self.plan, user=self.request.user, **form.cleaned_data)
        return self.plan


class PlanFile(VisibleObjectMixin, View):
    """The unit's own standard."""

    access = access.reads
    model = AutonomousPlan

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Not scanned yet: its owner's eyes only. Infected: nobody's."""
        row = get_object_or_404(self.get_queryset().select_related("standard"), pk=pk, standard__isnull=False)
        return _served(row.standard, request)


def _served(upload: Any, request: HttpRequest) -> HttpResponseBase:
    if not upload.opens_for(request.user):
        raise Http404
    return files.serve(upload)


class EmptyList(VisibleObjectMixin, View):
    """The workbook to fill in."""

    access = access.is_unit_clerk
    model = AutonomousPlan

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """With its headings."""
        plan = get_object_or_404(self.get_queryset().select_related("delegation__unit"), pk=pk)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return files.attachment(services.empty_list(plan), f"自主评聘结果 {plan.year}.xlsx", kind)


class _Batch(_OfPlan):
    form_class = BatchForm
    template_name = "autonomous/batch_form.html"
    batch: FiledBatch | None = None
    faults: list[Any] = []

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the batch that is changed."""
        return {**super().get_form_kwargs(), "batch": self.batch}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is wrong with the list, row by row."""
        return super().get_context_data(faults=self.faults, batch=self.batch, **kwargs)

    def form_valid(self, form: BatchForm) -> HttpResponse:
        """Read the list; with any fault nothing is stored and every row that is wrong is named."""
        data = form.cleaned_data
        try:
            table = services.read_list(self.plan, data["workbook"].read(), self.batch)
        except UploadRefused as error:
            form.add_error("workbook", str(error))
            return self.form_invalid(form)
        try:
            self.photos = services.read_photos(data["photos"]) if data["photos"] else {}
        except UploadRefused as error:
            form.add_error("photos", str(error))
            return self.form_invalid(form)
        kept = self.batch.rows.values_list("person__id_number", flat=True) if self.batch else ()
        services.add_photo_faults(table, self.photos, set(kept))
        if table.faults:
            self.faults = table.faults
            form.add_error("workbook", _("Nothing was taken over. Correct the rows named below and send it again."))
            return self.form_invalid(form)
        self.table = table
        return super().form_valid(form)

    def store(self, form: BatchForm) -> FiledBatch:
        """The list, whole."""
        kept = services.keep_batch(
            self.plan, self.table, user=self.request.user, photos=self.photos, summary=form.cleaned_data["summary"],
            batch=self.batch,
        )  # fmt: skip
        messages.success(self.request, _("Read. Look through the list; the head of your unit files it."))
        return kept


class BatchNew(_Batch):
    """The results of a plan."""


class BatchChange(_Batch):
    """Another list or summary, while it is with the unit."""

    model = FiledBatch  # type: ignore[assignment]

    @cached_property
    def batch(self) -> FiledBatch:  # type: ignore[override]
        """The batch while it can be changed."""
        rows = self.get_queryset().select_related("plan__delegation__unit", "plan__delegation__series", "summary")
        found: FiledBatch = get_object_or_404(rows, pk=self.kwargs["pk"], status__in=services.MENDABLE)
        return found

    @property
    def plan(self) -> AutonomousPlan:  # type: ignore[override]
        """Its plan."""
        return self.batch.plan


class BatchDetail(VisibleDetail):
    """Filed results: everybody on the list, the work summary, who acts next."""

    access = access.reads
    model = FiledBatch
    workflow = FILED_BATCH
    do_url = "autonomous:batch-do"
    template_name = "autonomous/batch_detail.html"

    def get_queryset(self) -> Any:
        """With names."""
        names = ("plan__delegation__unit", "plan__delegation__series", "plan__delegation__authority", "summary")
        return super().get_queryset().select_related(*names)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The list, and whether the unit's clerk may change it."""
        row = self.object
        return super().get_context_data(
            rows=row.rows.select_related("person", "title"),
            can_change=access.is_unit_clerk(self.request.user, row) and row.status in services.MENDABLE,
            **kwargs,
        )


class BatchFile(VisibleObjectMixin, View):
    """The work summary."""

    access = access.reads
    model = FiledBatch

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """As uploaded."""
        return _served(get_object_or_404(self.get_queryset().select_related("summary"), pk=pk).summary, request)
