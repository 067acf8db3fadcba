"""Publicity inside the unit: post several declarations, follow the days, objections and their outcome."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from applications.documents.unit import POSTING_SHEET
from applications.forms.unit import PublicityForm
from applications.forms.unit_objection import ObjectionForm, ObjectionOutcomeForm
from applications.models import Declaration, UnitObjection, UnitPublicity, UnitPublicityItem
from applications.rules.progress import publicity_heading
from applications.services import unit as service
from applications.services import unit_objections
from applications.services.sealing import UNIT_MAY_SEAL
from applications.views.office import EXAMINERS
from applications.views.unit import UnitMixin, of_my_unit
from applications.views.unit_case import CasePage, with_labels
from applications.workflow.unit_publicity import UNIT_PUBLICITY, working_days_of
from appraisal_portal.accounts.access import acts_for_agency, is_bureau, is_supervisor, is_unit, is_unit_clerk
from appraisal_portal.accounts.models import Organisation
from appraisal_portal.kernel import calendar, clock, files
from appraisal_portal.kernel.access import Predicate
from appraisal_portal.kernel.days import last_day_said
from appraisal_portal.kernel.views import (
    DocumentView,
    FormPage,
    VisibleDetail,
    VisibleList,
    VisibleObjectMixin,
    client_address,
)
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem, WrongState

Status = Declaration.Status
READERS = is_unit | is_bureau | is_supervisor
KNOWS_AUTHORS = is_unit | is_supervisor
"""Whoever raised an objection inside the unit is not known to the bureau, which may halt the list."""


class UnitPublicityNew(FormPage):
    """Choose verified declarations, say where they are posted; the end is computed and announced."""

    access = is_unit_clerk
    template_name = "applications/unit/publicity_new.html"

    def ready(self) -> list[Declaration]:
        """Verified, not one's own, and not publicised yet as it is now."""
        rows = of_my_unit(self.request.user).filter(status=Status.VERIFIED).exclude(applicant__user=self.request.user)
        return list(rows.order_by("pk"))

    def get_form(self, form_class: Any = None) -> Any:
        """All that are ready come ticked."""
        queryset = Declaration.objects.filter(pk__in=[row.pk for row in self.ready()]).select_related(
            "applicant", "title", "line"
        )
        if self.request.method == "POST":
            return PublicityForm(self.request.POST, queryset=queryset)
        lists = UnitPublicity.objects.filter(unit_id=self.request.user.acting_organisation_id)
        last = lists.order_by("-pk").values("place", "contact").first()  # mostly the same again
        return PublicityForm(queryset=queryset, initial=last)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The end it would have if started today, day by day."""
        context = super().get_context_data(**kwargs)
        ready = self.ready()
        days, today = working_days_of(ready), clock.today()
        context.update(
            ready=ready, days=days, today=today, end=calendar.add_working_days(today, days) if days else None,
            heading=publicity_heading(by_agency=acts_for_agency(self.request.user)),
        )  # fmt: skip
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        """Start it, or show every reason why not."""
        user = self.request.user
        try:
            publicity = service.start_publicity(
                user.acting.organisation,
                form.cleaned_data["declarations"].select_related(
                    *("line", "applicant", "title", "unit", "series", "committee")
                ),
                place=form.cleaned_data["place"],
                contact=form.cleaned_data["contact"],
                actor=user,
                address=client_address(self.request),
            )
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except (Blocked, WrongState) as error:
            return self.render_to_response(self.get_context_data(form=form, refused=error.problems), status=422)
        messages.success(
            self.request,
            _("The publicity has started and runs until {day}, 24:00.").format(day=last_day_said(publicity.ends_on)),
        )
        return redirect(publicity.get_absolute_url())


class UnitPublicityList(VisibleList):
    """All publicity inside the unit, newest first."""

    access = READERS
    model = UnitPublicity
    template_name = "applications/unit/publicity_list.html"

    def get_queryset(self) -> Any:
        """With the number of persons."""
        rows = super().get_queryset().select_related("unit").annotate(people=Count("items"))
        return rows.order_by(F("starts_on").desc(nulls_first=True), "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the reader's body calls it."""
        return super().get_context_data(
            heading=publicity_heading(by_agency=acts_for_agency(self.request.user)), **kwargs
        )


class UnitPublicityDetail(VisibleDetail):
    """The list, its days, its papers, objections and what comes next."""

    access = READERS
    model = UnitPublicity
    workflow = UNIT_PUBLICITY
    do_url = "applications:unitpublicity-do"
    template_name = "applications/unit/publicity.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Items with objections, papers of both kinds."""
        publicity = self.object
        objections = UnitObjection.objects.filter(item__publicity=publicity)
        papers = publicity.papers.filter(document__superseded_by=None).select_related("document").order_by("pk")
        may = self.request.user.acts_as("unit_clerk", "unit_head")
        over = publicity.is_over()
        unsettled = over and objections.filter(outcome="").exists()
        items = list(publicity.items.select_related("declaration__applicant", "declaration__title"))
        return super().get_context_data(
            heading=publicity_heading(by_agency=publicity.unit.kind == Organisation.Kind.AGENCY),
            items=items,
            waiting=any(item.declaration.status == Status.UNIT_PUBLICITY for item in items),
            objections=UnitObjection.objects.visible_to(self.request.user)
            .filter(item__publicity=publicity)
            .select_related("item__declaration__applicant", "item__publicity", "recorded_by", "handler")
            if KNOWS_AUTHORS(self.request.user)
            else (),
            documents=[
                {
                    "title": paper.document.title,
                    "url": reverse("applications:unitpublicity-paper", args=[publicity.pk, paper.code]),
                    "version": paper.version,
                    "made_at": paper.document.made_at,
                    "size": paper.document.size,
                    "sha256": paper.document.sha256,
                }
                for paper in papers
            ],
            sheet=any(paper.code == POSTING_SHEET for paper in papers)
            and reverse("applications:unitpublicity-paper", args=[publicity.pk, POSTING_SHEET]),
            over=over,
            unsettled=unsettled,
            may_certify=may and over and not unsettled,
            may_record=may,
            records=with_labels(publicity.records.select_related("actor").order_by("-pk"), UNIT_PUBLICITY),
            **kwargs,
        )


class UnitPublicityPaper(DocumentView):
    """Download of posting sheet or certificate."""

    access = READERS
    model = UnitPublicity


class UnitPublicityCertificate(VisibleObjectMixin, View):
    """Make the publicity certificate."""

    access = is_unit
    model = UnitPublicity

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make it, or say why not."""
        publicity = get_object_or_404(self.get_queryset(), pk=pk)
        try:
            service.make_certificate(publicity, actor=request.user)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Blocked as error:
            context = {"object": publicity, "refused": error.problems, "back_url": publicity.get_absolute_url()}
            return render(request, "409.html", context, status=409)
        messages.success(request, _("The publicity certificate has been made."))
        return redirect(publicity.get_absolute_url())


@contextmanager
def taken_up(user: Any, data: Mapping[str, Any], field: str) -> Iterator[dict[str, Any]]:
    """What a form says, with the chosen file of that field as an upload: both are stored, or neither."""
    file = data[field]
    try:
        with transaction.atomic():
            yield {**data, field: files.accept_upload(file, owner=user) if file else None}
    except files.UploadRefused as error:
        raise Blocked(Problem(str(error), field=field)) from error


class UnitObjectionNew(UnitMixin, CasePage):
    """Record an objection raised inside the unit; it holds this one person."""

    access = is_unit
    template_name = "applications/unit/objection_new.html"
    statuses = (Status.UNIT_PUBLICITY,)
    done = gettext_lazy("The objection is recorded. This person cannot be recommended before its outcome.")

    def rule(self, obj: Any) -> Predicate:
        """Clerk or head, never the person concerned."""
        return UNIT_MAY_SEAL

    def form(self, obj: Any, *, bound: bool) -> Any:
        """Name and content."""
        return ObjectionForm(*self.posted(bound=bound))

    def act(self, obj: Any, form: Any) -> Any:
        """Store it with what came with it; a refused file is a problem in words."""
        item = UnitPublicityItem.objects.filter(declaration=obj, voided_at=None).select_related("publicity").first()
        if item is None:
            raise WrongState(_("The material has not been publicised yet."))
        with taken_up(self.request.user, form.cleaned_data, "evidence") as said:
            unit_objections.receive(item, actor=self.request.user, **said)

    def back_url(self, obj: Any) -> str:
        """The declaration in the unit."""
        return reverse("applications:unit-declaration", args=[obj.pk])


class UnitObjectionOutcome(CasePage):
    """Record what the unit's check found."""

    access = is_unit
    model = UnitObjection
    template_name = "applications/unit/objection_outcome.html"
    done = gettext_lazy("The outcome is recorded.")

    def get_queryset(self) -> Any:
        """Objections about declarations of the acting unit, never about oneself."""
        return (
            super()
            .get_queryset()
            .filter(item__declaration__unit=self.request.user.acting_organisation_id)
            .select_related("item__declaration__applicant")
        )

    def rule(self, obj: Any) -> Predicate:
        """Clerk or head, never the person concerned."""
        return UNIT_MAY_SEAL

    def judged(self, obj: Any) -> Any:
        """The declaration it is about."""
        return obj.item.declaration

    def stale(self, obj: Any) -> HttpResponse | None:
        """409 once it has its outcome, before anybody writes a report."""
        return self._told(obj, WrongState(unit_objections.CONCLUDED)) if obj.outcome else None

    def form(self, obj: Any, *, bound: bool) -> Any:
        """Outcome and report."""
        return ObjectionOutcomeForm(*self.posted(bound=bound))

    def act(self, obj: Any, form: Any) -> Any:
        """Store it with its papers, once; a refused file is a problem in words."""
        with taken_up(self.request.user, form.cleaned_data, "report_file") as said:
            unit_objections.conclude(obj, actor=self.request.user, **said)

    def back_url(self, obj: Any) -> str:
        """The declaration in the unit."""
        return reverse("applications:unit-declaration", args=[obj.item.declaration_id])


class UnitObjectionReport(VisibleObjectMixin, View):
    """The papers of a check, for the unit, the supervisor and whoever examines; never for the person concerned."""

    access = KNOWS_AUTHORS | EXAMINERS
    model = UnitObjection
    field = "report_file"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file."""
        rows = self.get_queryset().select_related(self.field).exclude(**{self.field: None})
        upload = getattr(get_object_or_404(rows, pk=pk), self.field)
        if not upload.opens_for(request.user):
            raise Http404
        return files.serve(upload)


class UnitObjectionEvidence(UnitObjectionReport):
    """What was handed in with an objection; it may tell who raised it, so it stays with unit and supervisor."""

    access = KNOWS_AUTHORS
    field = "evidence"
