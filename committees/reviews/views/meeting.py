"""The office's pages of a meeting: list, new, readiness, papers, application."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views import View

from appraisal_portal.kernel import calendar, clock, documents
from appraisal_portal.kernel.access import SIGNED_IN, Predicate
from appraisal_portal.kernel.models import Reveal
from appraisal_portal.kernel.views import (
    DocumentView,
    FormPage,
    TransitionView,
    VisibleDetail,
    VisibleList,
    VisibleObjectMixin,
)
from appraisal_portal.kernel.workflow import Act, NotAllowed, Refused
from committees.reviews import exports
from committees.reviews.access import meeting as access
from committees.reviews.documents.meeting import letter_text
from committees.reviews.forms.meeting import MeetingForm, add_refusal
from committees.reviews.models import Meeting
from committees.reviews.querysets.conflict import known_among
from committees.reviews.rules import meeting as rules
from committees.reviews.rules import next_step
from committees.reviews.services import comparison
from committees.reviews.services import meeting as services
from committees.reviews.views.decided import pointless, results_of, still_voting, who_signs
from committees.reviews.workflow import MEETING

AHEAD = (Meeting.Status.APPROVED, Meeting.Status.IN_SESSION)
OVER = (Meeting.Status.DECIDED, Meeting.Status.VOID, Meeting.Status.CANCELLED)


def must(rule: Predicate, user: Any, obj: Any) -> None:
    """403 with the reason unless the rule holds for this object."""
    refused = rule.why_not(user, obj)
    if refused:
        raise PermissionDenied(" ".join(refused))


def meeting_for(request: HttpRequest, pk: int, rule: Predicate) -> Meeting:
    """The meeting this user may see (else 404) and act on (else 403)."""
    rows = Meeting.objects.visible_to(request.user).with_names()
    meeting: Meeting = get_object_or_404(rows, pk=pk)
    must(rule, request.user, meeting)
    return meeting


def papers_of(meeting: Meeting, user: Any) -> list[dict[str, Any]]:
    """All papers the user may read, the latest first, for components/document_list.html."""
    found = []
    for paper in meeting.papers.select_related("document").order_by("code", "-version"):
        kind = documents.registry.get(paper.code)
        if kind is None or not kind.readers(user, meeting):
            continue
        document = paper.document
        found.append(
            {
                "title": f"{paper.code} {document.title}" if paper.code in rules.PAPERS else document.title,
                "url": reverse("reviews:meeting-paper", args=[meeting.pk, paper.code, paper.version]),
                "number": document.number,
                "version": paper.version,
                "size": document.size,
                "sha256": document.sha256,
                "made_at": document.made_at,
                "superseded": document.superseded_by_id is not None,
            }
        )
    return found


def facts_of(meeting: Meeting) -> list[tuple[str, Any]]:
    """What was applied for, as label and value pairs."""
    snapshot = meeting.current_snapshot
    letter = snapshot.content["letter"] if snapshot else {}
    rows: list[tuple[str, Any]] = [
        (_("Committee"), meeting.committee),
        (_("Line of the plan"), f"{meeting.line.plan.year} · {meeting.line}"),
        (_("Day and beginning"), f"{meeting.meets_on:%Y-%m-%d} {meeting.meets_at:%H:%M}"),
        (_("Place"), meeting.place),
        (_("Method"), capfirst(meeting.get_method_display())),
        (_("Members expected to attend"), meeting.expected),
        (_("Contact"), f"{meeting.contact} · {meeting.phone}"),
    ]
    if letter:
        rows += [
            (_("Members of the committee"), letter["n_members"]),
            (_("Examined / qualified / not qualified"),
             f"{letter['n_declared']} / {letter['n_qualified']} / {letter['n_disqualified']}"),
        ]  # fmt: skip
    if meeting.applied_on and meeting.frozen:  # one that was returned is applied for on another day
        rows.append((_("Applied for on"), f"{meeting.applied_on:%Y-%m-%d}"))
    if meeting.reply_number:
        rows.append((_("Reply of the bureau"), f"{meeting.reply_number} · {meeting.approved_on:%Y-%m-%d}"))
    return rows


def roster_rows(meeting: Meeting, user: Any) -> list[dict[str, Any]]:
    """The frozen roster for a page: no document number, nobody from whose case the reader keeps away."""
    snapshot = meeting.current_snapshot
    if snapshot is None:
        return []
    known = known_among(user, [row["declaration"] for row in snapshot.content["roster"]])
    keys = (
        "seq",
        "name",
        "employer",
        "applied_title",
        "applied_specialty",
        "mode",
        "exam_result",
        "exam_reason",
        "number",
    )
    return [{key: row[key] for key in keys} for row in snapshot.content["roster"] if row["declaration"] in known]


class MeetingList(VisibleList):
    """Meetings of the committee, the latest first."""

    access = access.is_office | access.reads_all
    model = Meeting
    template_name = "reviews/meeting/list.html"

    def get_queryset(self) -> Any:
        """Names included; one query whatever the number."""
        return super().get_queryset().with_names()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who may prepare one, and the first day it could be held."""
        context = super().get_context_data(**kwargs)
        context["may_prepare"] = access.is_office_clerk(self.request.user)
        context["first_day"] = rules.earliest_meeting(clock.today())
        return context


class MeetingNew(FormPage):
    """Prepare a meeting."""

    access = access.is_office_clerk
    form_class = MeetingForm
    template_name = "reviews/meeting/form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The lines of the user's own committees."""
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The first day a meeting applied for today could be held."""
        return {**super().get_context_data(**kwargs), "first_day": rules.earliest_meeting(clock.today())}

    def form_valid(self, form: MeetingForm) -> HttpResponse:
        """Store the draft."""
        data = dict(form.cleaned_data)
        try:
            meeting = services.prepare(data.pop("line"), actor=self.request.user, **data)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Refused as refused:
            add_refusal(form, refused)
            return self.form_invalid(form)
        return redirect(meeting)


class MeetingChange(VisibleObjectMixin, FormPage):
    """Change a draft or a returned application."""

    access = access.is_office_clerk
    model = Meeting
    form_class = MeetingForm
    template_name = "reviews/meeting/form.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the meeting first."""
        if request.user.is_authenticated:
            self.meeting = meeting_for(request, kwargs["pk"], access.is_office_clerk)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Start from what is stored."""
        return {**super().get_form_kwargs(), "user": self.request.user, "instance": self.meeting}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The meeting and the first possible day."""
        first = rules.earliest_meeting(clock.today())
        return {**super().get_context_data(**kwargs), "meeting": self.meeting, "first_day": first}

    def form_valid(self, form: MeetingForm) -> HttpResponse:
        """Store it; papers made before no longer match and are made anew."""
        data = dict(form.cleaned_data)
        data.pop("line")
        try:
            services.change(self.meeting, actor=self.request.user, **data)
        except Refused as refused:
            add_refusal(form, refused)
            return self.form_invalid(form)
        return redirect(self.meeting)


def _nothing_to_press_next(meeting: Meeting) -> bool:
    """Whether the transitions open to the reader stand back: others act, or votes come first."""
    if meeting.status == "approved":
        return not next_step.may_be_opened(meeting, clock.today())
    return meeting.status in ("applied", "proposed") or still_voting(meeting)


class MeetingDetail(VisibleDetail):
    """The office's page of a meeting. The bureau and those called up are led to theirs."""

    access = SIGNED_IN
    model = Meeting
    workflow = MEETING
    do_url = "reviews:meeting-do"
    template_name = "reviews/meeting/detail.html"

    def get_queryset(self) -> Any:
        """With names."""
        return super().get_queryset().with_names()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page of the reader's own part."""
        self.object = self.get_object()
        if not access.is_office(request.user, self.object):
            bureau = access.reads_all(request.user)
            return redirect("reviews:bureau-meeting" if bureau else "reviews:call-up", self.object.pk)
        return self.render_to_response(self.get_context_data(object=self.object))

    def pointless(self) -> Collection[str]:
        """While nobody can sign, give up or open it."""
        return pointless(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Readiness while it is prepared; papers, roster and steps of the day afterwards."""
        context = super().get_context_data(**kwargs)
        meeting, user = self.object, self.request.user
        clerk = access.is_office_clerk(user, meeting)
        context |= {
            "facts": facts_of(meeting),
            "papers": papers_of(meeting, user),
            "roster": roster_rows(meeting, user),
            "clerk": clerk,
            "who_signs": who_signs(meeting, user),
            "may_prepare": clerk and not meeting.frozen,
            "returned": meeting.records.filter(transition="send_back").order_by("-pk").first(),
            "to_vote": still_voting(meeting),
            "quiet": _nothing_to_press_next(meeting),
            "day_steps": meeting.status in ("approved", "in_session"),
            "signs_in": clerk and meeting.status == "approved" and clock.today() == meeting.meets_on,
            "to_show": clerk
            and meeting.status == "approved"
            and meeting.line.pre_review_days > 0
            and meeting.admissions.filter(exam_result="qualified", live=True)
            .exclude(publicity_items__live=True)
            .exists(),
            "pre_review": meeting.publicities.filter(kind="pre_review").order_by("-pk").first(),
        }
        if meeting.status == "decided":
            passed = meeting.admissions.filter(declaration__status="passed").exists()
            lists, reports = meeting.publicities.exclude(kind="pre_review"), meeting.reports.order_by("pk")
            context |= {"to_publish": clerk and passed, "lists": lists.order_by("pk"), "reports": reports}
            context["next_step"] = next_step.after_the_meeting(meeting, to_list=passed)
        if meeting.status == "approved":
            context["next_step"] = next_step.to_open(meeting, clock.today())
        if not meeting.frozen:
            act = Act(user, MEETING.transitions["apply"], data={"signed": True})
            context["checks"] = rules.readiness(meeting, act)
            context["comparison"] = comparison.of_latest(meeting, user)
            context["being_made"] = exports.on_its_way(exports.OF_MEETING, meeting)
            context["latest"] = calendar.latest_application_day(meeting.meets_on, rules.lead_days(clock.today()))
            context["ruler_start"], context["lead"] = clock.today(), rules.lead_days(clock.today())
            ready = all(check.done for check in context["checks"])
            latest = context["latest"].ends_on
            context["next_step"] = next_step.to_apply(ready=ready, latest=latest, today=clock.today())
            context["quiet"] = not ready
        return context


class MeetingPapersMake(VisibleObjectMixin, View):
    """Have 3-1, 3-2 and 3-3 made of one frozen content (POST)."""

    access = access.is_office
    model = Meeting

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for them, and follow; they lead back to the meeting and to what differs from the version before."""
        meeting = meeting_for(request, pk, access.is_office)
        return redirect("kernel:export", exports.ask(exports.OF_MEETING, meeting, request.user).pk)


_WHOLE = ("apply", "propose", "approve")


class MeetingTransition(TransitionView):
    """The page of a transition; signing and deciding show the whole letter, its numbers and the roster."""

    access = SIGNED_IN
    template_name = "reviews/meeting/transition.html"

    def get_queryset(self) -> Any:
        """With names."""
        return super().get_queryset().with_names()

    def _summary(self, obj: Any, row: Any) -> list[tuple[str, str]]:
        if row.name in _WHOLE:
            return [("3-1", "\n".join(letter_text(obj))), *facts_of(obj)]
        return facts_of(obj) + (results_of(obj.admissions) if row.name == "lock_results" else [])

    def _more(self, obj: Any, row: Any) -> dict[str, Any]:
        return {"roster": roster_rows(obj, self.request.user) if row.name in _WHOLE else []}


class MeetingPaperView(DocumentView):
    """Download of a paper. The roster holds full document numbers: a download is kept as one reveal with its count."""

    access = SIGNED_IN
    model = Meeting

    def get(self, request: HttpRequest, pk: int, code: str, version: int | None = None) -> HttpResponseBase:
        """Serve it, and remember the reveal."""
        with transaction.atomic():
            response = super().get(request, pk, code, version)
            if code == "3-2":
                people = Meeting.objects.get(pk=pk).admissions.count()
                Reveal.objects.create(viewer=request.user, field="id_number", reason="3-2", count=max(people, 1))
        return response
