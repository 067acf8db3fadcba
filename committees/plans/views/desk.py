"""The desk of the bureau and the committee offices: queues, detail pages, transitions of four kinds of decisions."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views import View

from appraisal_portal.kernel import clock, files
from appraisal_portal.kernel.views import TransitionView, VisibleDetail, VisibleList, VisibleObjectMixin
from appraisal_portal.kernel.workflow import Transition
from committees.plans import access as who
from committees.plans import words
from committees.plans.models import Committee, CommitteeTerm, Notice, ReviewPlan, StandardVersion
from committees.plans.services import suggested_lines
from committees.plans.workflow import COMMITTEE, COMMITTEE_TERM, NOTICE, REVIEW_PLAN, STANDARD_VERSION

from . import showing, standing

TABS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("work", _("To be decided"), ("submitted", "proposed")),
    ("drafts", _("Drafts and returned"), ("draft", "returned")),
    ("decided", _("In force"), ("approved", "published")),
    ("past", _("Superseded"), ("superseded",)),
)


class Queue(VisibleList):
    """A list of one kind of rows by tab; ``heading``, ``new_url`` and the columns come from the subclass."""

    access = who.reads_decisions
    template_name = "plans/queue.html"
    heading: Any = ""
    new_url: Any = ""
    new_label: Any = ""
    may_draft = who.is_office
    related: tuple[str, ...] = ()
    also_url: Any = ""
    also_label: Any = ""

    def get_queryset(self) -> Any:
        """The rows of the chosen tab the user may see."""
        rows = super().get_queryset().select_related(*self.related).defer("proposed_content").order_by("-pk")
        chosen = next((statuses for key, _label, statuses in TABS if key == self.tab()), None)
        return rows.filter(status__in=chosen) if chosen else rows

    def tab(self) -> str:
        """The key of the chosen tab; "all" shows everything."""
        asked = self.request.GET.get("tab", "")
        return asked if asked in {key for key, *_rest in TABS} else "all"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tabs with their counts."""
        rows = super().get_queryset().order_by()
        counts = dict(rows.values_list("status").annotate(Count("pk")))
        tabs = [
            {"key": key, "label": label, "count": sum(counts.get(status, 0) for status in statuses)}
            for key, label, statuses in TABS
        ]
        tabs.append({"key": "all", "label": _("All"), "count": sum(counts.values())})
        may_draft = type(self).may_draft(self.request.user)
        return super().get_context_data(
            tabs=tabs,
            tab=self.tab(),
            heading=self.heading,
            new_url=self.new_url if may_draft else "",
            new_label=self.new_label,
            also_url=self.also_url,
            also_label=self.also_label,
            **kwargs,
        )


class PlanQueue(Queue):
    """Review plans by year."""

    access = who.reads_decisions
    model = ReviewPlan
    heading = _("Review plans")
    new_url = reverse_lazy("plans:plan-new")
    new_label = _("New plan")
    may_draft = who.is_bureau_reviewer


class TermQueue(Queue):
    """Terms of committees."""

    access = who.reads_decisions
    model = CommitteeTerm
    heading = _("Committee terms")
    new_url = reverse_lazy("plans:term-new")
    new_label = _("New term")
    also_url = reverse_lazy("plans:committee-list")
    also_label = _("All committees and what they review")
    related = ("committee",)


class VersionQueue(Queue):
    """Versions of standards."""

    access = who.reads_decisions
    model = StandardVersion
    heading = _("Evaluation standards")
    new_url = reverse_lazy("plans:version-new")
    new_label = _("New version")
    related = ("standard__committee", "standard__series")


class NoticeQueue(Queue):
    """Notices in the making and published."""

    access = who.reads_decisions
    model = Notice
    heading = _("Notices")
    new_url = reverse_lazy("plans:notice-new")
    new_label = _("New notice")
    may_draft = who.drafts_notices
    related = ("committee",)


class DecisionDetail(VisibleDetail):
    """One row with its content, its changes and its history."""

    access = who.reads_decisions
    edit_url = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Changes since proposal and version before; whether the user may edit."""
        row = self.object
        may_edit = row.is_editable and who.may_edit(self.request.user, row)
        return super().get_context_data(
            facts=showing.facts(row), may_edit=may_edit, changes=showing.changes(row), **kwargs
        )


class PlanDetail(DecisionDetail):
    """A plan with its lines."""

    access = who.reads_decisions
    model = ReviewPlan
    workflow = REVIEW_PLAN
    do_url = "plans:plan-do"
    template_name = "plans/plan_detail.html"

    def get_queryset(self) -> Any:
        """With the two persons."""
        return super().get_queryset().select_related("proposed_by", "decided_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The lines."""
        lines = list(self.object.lines.select_related("committee"))
        unconfirmed = any(line.dates_to_confirm for line in lines)
        proposed = suggested_lines(self.object, lines) if self.object.is_editable else []
        return super().get_context_data(lines=lines, unconfirmed=unconfirmed, suggestions=proposed, **kwargs)


class TermDetail(DecisionDetail):
    """A term with its members; their names are for the office and the bureau only."""

    access = who.reads_decisions
    model = CommitteeTerm
    workflow = COMMITTEE_TERM
    do_url = "plans:term-do"
    template_name = "plans/term_detail.html"

    def get_queryset(self) -> Any:
        """With the committee and the two persons."""
        return super().get_queryset().select_related("committee", "proposed_by", "decided_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Members for those who may know them."""
        sees = who.sees_members(self.request.user, self.object)
        members = self.object.members.select_related("user") if sees else None
        context = super().get_context_data(members=members, **kwargs)
        if not sees:
            context["changes"] = None
        return context


class VersionDetail(DecisionDetail):
    """A version of a standard."""

    access = who.reads_decisions
    model = StandardVersion
    workflow = STANDARD_VERSION
    do_url = "plans:version-do"
    template_name = "plans/version_detail.html"

    def get_queryset(self) -> Any:
        """With the standard and the two persons."""
        related = ("standard__committee", "standard__series", "proposed_by", "decided_by")
        return super().get_queryset().select_related(*related)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Relief and classes in words."""
        return super().get_context_data(conditions=showing.conditions(self.object), **kwargs)


class NoticeDesk(DecisionDetail):
    """A notice for those who work on it."""

    access = who.reads_decisions
    model = Notice
    workflow = NOTICE
    do_url = "plans:notice-do"
    template_name = "plans/notice_desk.html"

    def get_queryset(self) -> Any:
        """With the committee and the two persons."""
        return super().get_queryset().select_related("committee", "replaces", "proposed_by", "decided_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The attachments."""
        attachments = self.object.attachments.select_related("upload", "document")
        return super().get_context_data(attachments=attachments, **kwargs)


class NoticeAttachmentFile(VisibleObjectMixin, View):
    """Download of an attachment for those who work on the notice."""

    access = who.reads_decisions
    model = Notice

    def get(self, request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
        """The file; 404 when the notice is invisible."""
        notice = get_object_or_404(self.get_queryset(), pk=pk)
        found = get_object_or_404(notice.attachments.select_related("upload", "document"), pk=attachment)
        return files.serve(found.stored, filename=found.filename)


class Decide(TransitionView):
    """The page of a transition, with everything the deciding person must have seen."""

    template_name = "plans/decide.html"

    def _more(self, obj: Any, row: Transition) -> dict[str, Any]:
        return {"changes": showing.changes(obj), "content": words.between(None, obj.decision_content())}


class CommitteeList(VisibleList):
    """All committees with their offices."""

    access = who.reads_decisions
    model = Committee
    template_name = "plans/committee_list.html"

    def get_queryset(self) -> Any:
        """With the office of each."""
        return super().get_queryset().select_related("office")


class CommitteeDetail(VisibleDetail):
    """A committee: its scopes, its terms, its standards."""

    access = who.reads_decisions
    model = Committee
    workflow = COMMITTEE
    do_url = "plans:committee-do"
    template_name = "plans/committee_detail.html"

    def get_queryset(self) -> Any:
        """With the office."""
        return super().get_queryset().select_related("office")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Scopes in force today, terms the user may see."""
        scopes = self.object.scopes.valid_on(clock.today()).as_read()
        user = self.request.user
        terms = CommitteeTerm.objects.visible_to(user).filter(committee=self.object)
        return super().get_context_data(
            scopes=scopes,
            terms=terms,
            kinds=standing.shown(self.object) if who.sees_members(user, self.object) else None,
            may_name=who.is_own_office(user, self.object),
            **kwargs,
        )
