"""Publicity lists and reports for the office, the bureau and the supervisor."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.templatetags.portal import iso_weekday
from appraisal_portal.kernel.views import FormPage, TransitionView, VisibleDetail, VisibleList, VisibleObjectMixin
from appraisal_portal.kernel.workflow import Refused, Transition, WrongState
from committees.reviews import exports
from committees.reviews.access import results as access
from committees.reviews.forms.results import DecisionsForm, PublicityForm, ReportForm
from committees.reviews.models import Meeting, Objection, ResultPublicity, ResultReport
from committees.reviews.models.report import CODES
from committees.reviews.querysets.conflict import known_items
from committees.reviews.rules import next_step
from committees.reviews.rules.results import after_the_last_day, pointless, to_be_made
from committees.reviews.services import reports
from committees.reviews.services.results import prepare_pre_review, prepare_publicity
from committees.reviews.views.decided import who_signs
from committees.reviews.workflow.report import RESULT_REPORT
from committees.reviews.workflow.results import RESULT_PUBLICITY

SOURCE = ("meeting__committee__office", "determination__authority", "determination__line")


class PublicityDesk(VisibleList):
    """The office's lists and the decided meetings that still need one."""

    access = access.reads_results
    model = ResultPublicity
    template_name = "reviews/results/publicity_list.html"

    def get_queryset(self) -> Any:
        """With committee and number of people."""
        return super().get_queryset().with_names(self.request.user).order_by("-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Meetings with passed persons on no list yet; ``prepares``: whether the reader makes it."""
        context = super().get_context_data(prepares=access.is_office_clerk(self.request.user), **kwargs)
        if access.is_office(self.request.user):
            context["waiting"] = (
                Meeting.objects.visible_to(self.request.user)
                .filter(status="decided", admissions__declaration__status="passed")
                .select_related("committee")
                .distinct()
            )
        return context


class _OfMeeting(VisibleObjectMixin, FormPage):
    """A form about one visible meeting."""

    model = Meeting

    @cached_property
    def meeting(self) -> Meeting:
        """The meeting, if the reader may see it; asked for only after ``access``."""
        found: Meeting = get_object_or_404(self.get_queryset().with_names(), pk=self.kwargs["pk"])
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which meeting."""
        return super().get_context_data(meeting=self.meeting, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """The meeting's own contact."""
        return {"contact": self.meeting.contact, "phone": self.meeting.phone}

    def refused(self, form: Any, error: Refused) -> HttpResponse:
        """Every reason at the form, everything typed kept."""
        for problem in error.problems:
            form.add_error(problem.field or None, str(problem))
        return self.form_invalid(form)


class PublicityNew(_OfMeeting):
    """Make the list of a decided meeting."""

    make: Any = staticmethod(prepare_publicity)
    before_review = False
    access = access.is_office_clerk
    form_class = PublicityForm
    template_name = "reviews/results/publicity_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How long, as the plan says."""
        line = self.meeting.line
        days = line.pre_review_days if self.before_review else line.result_publicity_days
        return super().get_context_data(days=days, before_review=self.before_review, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """Where the committee made its last list public, too."""
        last = ResultPublicity.objects.filter(meeting__committee=self.meeting.committee_id).order_by("-pk").first()
        return {**super().get_initial(), "how": last.how if last else ""}

    def form_valid(self, form: PublicityForm) -> HttpResponse:
        """Store the draft."""
        try:
            publicity = self.make(self.meeting, user=self.request.user, **form.cleaned_data)
        except Refused as error:
            return self.refused(form, error)
        messages.success(self.request, _("The list is made. The director signs it next."))
        return redirect(publicity)


class PreReviewNew(PublicityNew):
    """Make the list of those who go to an approved meeting."""

    make = staticmethod(prepare_pre_review)
    before_review = True


class PublicityDetail(VisibleDetail):
    """One list with its period day by day and its objections."""

    access = access.reads_results
    model = ResultPublicity
    workflow = RESULT_PUBLICITY
    do_url = "reviews:publicity-do"
    template_name = "reviews/results/publicity_detail.html"

    def get_queryset(self) -> Any:
        """With the meeting's names."""
        return super().get_queryset().select_related(*SOURCE, "meeting__line", "determination__line__committee")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The people and the objections the reader may see."""
        context = super().get_context_data(**kwargs)
        items = known_items(self.request.user, self.object.items.select_related("declaration"))
        context["items"] = items.order_by("seq")
        context["after"] = after_the_last_day(self.object)
        context["who_signs"] = who_signs(self.object, self.request.user)
        context["objections"] = Objection.objects.visible_to(self.request.user).filter(item__publicity=self.object)
        return context


class PublicityTransition(TransitionView):
    """The page of a list's step: what is signed, and until when it will be public."""

    def get_queryset(self) -> Any:
        """With the line of the plan."""
        return super().get_queryset().select_related(*SOURCE, "meeting__line", "determination__line")

    def _summary(self, obj: Any, row: Transition) -> list[tuple[str, str]]:
        if row.name not in ("sign", "start"):
            return []
        days = obj.days_of_the_plan
        told = [
            (_("How many are on the list"), str(obj.items.filter(live=True).count())),
            (_("Where it is made public"), obj.how),
            (_("Working days of the publicity"), str(days)),
        ]
        if row.name == "start":
            told.append((_("Last day"), iso_weekday(calendar.add_working_days(clock.today(), days).ends_on)))
        return told


class ReportList(VisibleList):
    """Reports, and for the office the meetings that can be reported."""

    access = access.reads_results
    model = ResultReport
    template_name = "reviews/results/report_list.html"

    def get_queryset(self) -> Any:
        """With names."""
        return super().get_queryset().select_related(*SOURCE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Meetings with persons ready to be reported; ``prepares``: whether the reader makes the report."""
        context = super().get_context_data(prepares=access.is_office_clerk(self.request.user), **kwargs)
        if access.is_office(self.request.user):
            decided = Meeting.objects.visible_to(self.request.user).filter(status="decided")
            context["waiting"] = reports.to_be_reported(decided, clock.today()).select_related("committee")
        return context


class ReportNew(_OfMeeting):
    """Prepare the report of a meeting."""

    access = access.is_office_clerk
    form_class = ReportForm
    template_name = "reviews/results/report_form.html"

    def form_valid(self, form: ReportForm) -> HttpResponse:
        """Store the draft with everybody who is ready."""
        try:
            report = reports.prepare_report(self.meeting, user=self.request.user, **form.cleaned_data)
        except Refused as error:
            return self.refused(form, error)
        return redirect(report)


class ReportDetail(VisibleDetail):
    """One report: people, photographs, papers; the bureau's decisions."""

    access = access.reads_results
    model = ResultReport
    workflow = RESULT_REPORT
    do_url = "reviews:report-do"
    template_name = "reviews/results/report_detail.html"

    def get_queryset(self) -> Any:
        """With names."""
        return super().get_queryset().select_related(*SOURCE)

    def pointless(self) -> Collection[str]:
        """As the rules say of it."""
        return pointless(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Items, papers, what this reader may do."""
        context = super().get_context_data(**kwargs)
        user, report = self.request.user, self.object
        can_decide = access.is_bureau_reviewer(user) and report.status == "sent"
        form = kwargs.get("form") or (DecisionsForm(items=reports.decidable(report)) if can_decide else None)
        items = known_items(user, report.items.select_related("declaration", "photo")).order_by("seq")
        context["rows"] = [(item, form.of(item) if form else {}) for item in items]
        context["form"] = form
        knows = access.knows_everybody(user, report)
        context["kept_away"] = _("You keep away from somebody on this list: a colleague reads it.") if not knows else ""
        papers = report.papers if knows else report.papers.none()
        context["papers"] = papers.select_related("document").order_by("code", "-version")
        context["codes"] = CODES
        making = report.status in reports.MENDABLE and to_be_made(report)
        context["who_signs"] = None if making else who_signs(report, user)
        context["next_step"] = next_step.of_report(report)
        context["can_make"] = access.is_clerk(user, report) and report.status in reports.MENDABLE
        context["being_made"] = exports.on_its_way(exports.OF_REPORT, report)
        return context


class ReportTransition(TransitionView):
    """The page of a report's step: whoever sends it reads what it holds."""

    def get_queryset(self) -> Any:
        """With names."""
        return super().get_queryset().select_related(*SOURCE)

    def _summary(self, obj: Any, row: Transition) -> list[tuple[str, str]]:
        told = [(_("People in this report"), str(obj.items.count()))]
        if row.name == "send":
            return [*told, (_("Decided on"), iso_weekday(obj.source.held_on))]
        if row.name not in ("propose", "decide"):
            return []
        refused = obj.items.filter(decision="rejected").order_by("seq")
        told.append((_("Approved"), str(obj.items.filter(decision="approved").count())))
        return told + [(_("Not approved: {name}").format(name=item.data_3_6["name"]), item.reason) for item in refused]


class ReportMake(VisibleObjectMixin, View):
    """Have the four papers made from the present state (POST)."""

    access = access.is_clerk
    model = ResultReport

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for them, and follow."""
        report = get_object_or_404(self.get_queryset(), pk=pk)
        return redirect("kernel:export", exports.ask(exports.OF_REPORT, report, request.user).pk)


class ReportDecide(ReportDetail):
    """The reviewer's decision on each person, stored before the proposal; the same page, with a form."""

    access = access.is_bureau_reviewer

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """``decision-<item>`` and ``reason-<item>`` for each person; what is wrong comes back with everything typed."""
        self.object = report = get_object_or_404(self.get_queryset(), pk=pk)
        form = DecisionsForm(request.POST, items=reports.decidable(report))
        if form.is_valid():
            try:
                reports.propose_decisions(report, form.decisions(), user=request.user)
            except WrongState as error:
                stale = {"object": report, "refused": error.problems, "back_url": report.get_absolute_url()}
                return render(request, "409.html", stale, status=409)
            except Refused as error:
                for problem in error.problems:
                    form.add_error(problem.field or None, str(problem))
            else:
                messages.success(request, _("Stored. Propose the decision so that a second person can confirm it."))
                return redirect(report)
        return self.render_to_response(self.get_context_data(form=form), status=422)
