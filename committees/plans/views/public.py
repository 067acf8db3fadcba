"""Public pages: neither session nor user is touched; ``published = True`` lets ``home.middleware`` keep their bytes."""

import datetime as dt
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import capfirst
from django.views import View, generic

from appraisal_portal.kernel import clock, files
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.views import AccessMixin
from committees.plans.forms import WhereForm
from committees.plans.models import (
    CommitteeScope,
    Deployment,
    Notice,
    PlanLine,
    ReviewPlan,
    Standard,
    StandardVersion,
)
from committees.plans.rules import where_to_apply

from .showing import conditions


class PublicPage(AccessMixin):
    """A page for everybody: the same bytes for all who read it in the same language with the same preferences."""

    access = PUBLIC
    published = True


class NoticeList(PublicPage, generic.ListView):
    """Published notices, the newest first."""

    template_name = "plans/notice_list.html"
    paginate_by = 20

    def get_queryset(self) -> Any:
        """With the committee of each, in one query."""
        return Notice.objects.public().select_related("committee").defer("body", "proposed_content")


class NoticeDetail(PublicPage, generic.DetailView):
    """A published notice with its attachments; one that has been replaced says by which."""

    template_name = "plans/notice_detail.html"

    def get_queryset(self) -> Any:
        """Published ones, and those superseded since."""
        return Notice.objects.filter(status__in=("published", "superseded"), published_on__isnull=False).select_related(
            "committee"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Attachments, and the notice that replaces this one."""
        attachments = self.object.attachments.select_related("upload", "document")
        newer = Notice.objects.public().filter(replaces=self.object).first()
        return super().get_context_data(attachments=attachments, newer=newer, **kwargs)


class NoticeFile(AccessMixin, View):
    """Download of an attachment of a published notice."""

    access = PUBLIC

    def get(self, request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
        """The file; 404 while the notice is not published."""
        notice = get_object_or_404(Notice.objects.filter(published_on__isnull=False), pk=pk)
        found = get_object_or_404(notice.attachments.select_related("upload", "document"), pk=attachment)
        return files.serve(found.stored, filename=found.filename)


class StandardList(PublicPage, generic.ListView):
    """Approved standards by committee; those without an approved version are not shown."""

    template_name = "plans/standard_list.html"

    def get_queryset(self) -> Any:
        """Standards with their version of today as ``current``."""
        current = StandardVersion.objects.effective_on(clock.today()).defer("proposed_content")
        return (
            Standard.objects.filter(versions__in=current)
            .select_related("committee", "series")
            .prefetch_related(Prefetch("versions", queryset=current, to_attr="current"))
            .distinct()
        )


class StandardDetail(PublicPage, generic.DetailView):
    """The version of a standard that holds today, with the earlier ones."""

    template_name = "plans/standard_detail.html"

    def get_queryset(self) -> Any:
        """Any standard; one without an approved version is not found."""
        return Standard.objects.select_related("committee", "series")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``version`` of today, ``others`` approved before or for later."""
        decided = ("approved", "published", "superseded")
        versions = list(self.object.versions.filter(status__in=decided).order_by("-effective_from"))
        today = clock.today()
        version = next((v for v in versions if v.holds_on(today)), None)
        if version is None:
            raise Http404
        others = [v for v in versions if v is not version]
        more = {"version": version, "others": others, "conditions": conditions(version)}
        return super().get_context_data(**more, **kwargs)


class PlanPage(PublicPage, generic.TemplateView):
    """The published plan of a year; without a year the newest one."""

    template_name = "plans/plan_public.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``plan``, its ``rows`` with ``state`` (open, later, closed), the ``years`` that have one."""
        today = clock.today()
        plans = ReviewPlan.objects.filter(published_on__isnull=False).defer("proposed_content")
        plans = list(plans.order_by("-year", "-version"))
        year = self.kwargs.get("year") or (plans[0].year if plans else today.year)
        plan = next((p for p in plans if p.year == year), None)
        if plan is None and "year" in self.kwargs:
            raise Http404
        lines = list(plan.lines.select_related("committee")) if plan else []
        years = sorted({p.year for p in plans}, reverse=True)
        counties = Deployment.objects.in_force().filter(plan__year=year).select_related("county").order_by("county")
        more = {"counties": counties.defer("body"), "year": year}
        return super().get_context_data(plan=plan, rows=_together(lines, today), years=years, **{**kwargs, **more})


def _together(lines: list[PlanLine], today: dt.date) -> list[dict[str, Any]]:
    """Lines of one committee and level with the same days as one row: ``line``, its ``state``, and by who decides the
    names of the channels. A plan has seven channels for each level, and mostly one window for all."""
    rows: dict[Any, dict[str, Any]] = {}
    for line in lines:
        days = (line.opens_on, line.closes_on, line.last_day, line.meeting_month)
        row = rows.setdefault((line.committee_id, line.level, days), {"line": line, "channels": {}})
        row["channels"].setdefault(capfirst(line.get_decided_by_display()), []).append(
            capfirst(line.get_channel_display())
        )
        row["state"] = "later" if today < line.opens_on else "closed" if today > line.last_day else "open"
    return list(rows.values())


class WhereToApply(PublicPage, generic.TemplateView):
    """Where do I apply? A question by GET; nothing is stored."""

    template_name = "plans/where.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``form``, and once it is filled the ``answer`` with the open lines of the committee."""
        asked = self.request.GET if "series" in self.request.GET else None
        form = WhereForm(asked)
        context = super().get_context_data(form=form, **kwargs)
        if asked is None or not form.is_valid():
            return context
        data, day = form.cleaned_data, clock.today()
        answer = where_to_apply(data["series"], data["subfield"], data["level"], data["employer"], day)
        context["answer"] = answer
        context["titles"] = data["series"].titles_on(day).filter(level=data["level"])
        if answer.committee:
            recommends = answer.action == CommitteeScope.Action.RECOMMEND
            lines = answer.committee.plan_lines.open_for(day, level=data["level"]).select_related("plan")
            lines = lines.filter(channel="recommend") if recommends else lines.exclude(channel="recommend")
            context["lines"] = lines
        return context
