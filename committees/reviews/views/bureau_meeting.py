"""The bureau's desk of meeting applications: the queue and the page that shows what is decided, with its hash."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.views import VisibleDetail, VisibleList
from appraisal_portal.kernel.workflow import Act
from committees.reviews.access import meeting as access
from committees.reviews.models import Meeting
from committees.reviews.rules import meeting as rules
from committees.reviews.services import comparison
from committees.reviews.workflow import MEETING

from .meeting import facts_of, papers_of, roster_rows


class BureauMeetings(VisibleList):
    """What waits for the bureau, the soonest meeting first; ``?all=1`` shows every application."""

    access = access.reads_all
    model = Meeting
    template_name = "reviews/bureau/meeting_list.html"

    def get_queryset(self) -> Any:
        """The queue, or everything."""
        rows = super().get_queryset().with_names()
        return rows.order_by("-meets_on", "-pk") if self.request.GET.get("all") else rows.waiting_for_bureau()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which of the two lists it is."""
        return {**super().get_context_data(**kwargs), "everything": bool(self.request.GET.get("all"))}


class BureauMeeting(VisibleDetail):
    """One application: what is asked, the frozen roster, the papers, what the guards say, the hash of the content."""

    access = access.reads_all
    model = Meeting
    workflow = MEETING
    do_url = "reviews:meeting-do"
    template_name = "reviews/bureau/meeting_detail.html"

    def get_queryset(self) -> Any:
        """With names."""
        return super().get_queryset().with_names()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A draft of an office is not the bureau's concern."""
        self.object = self.get_object()
        if access.is_office(request.user, self.object):
            return redirect(self.object)
        return self.render_to_response(self.get_context_data(object=self.object))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything a decision needs."""
        context = super().get_context_data(**kwargs)
        meeting, user = self.object, self.request.user
        waiting = meeting.status in ("applied", "proposed")
        context |= {
            "facts": facts_of(meeting),
            "papers": papers_of(meeting, user),
            "roster": roster_rows(meeting, user),
            "content_hash": meeting.content_hash(),
            "waiting": waiting,
            "returned": meeting.records.filter(transition="send_back").order_by("-pk").first(),
            "jury": meeting.attendees.select_related("user") if access.sees_jury(user, meeting) else [],
            "comparison": comparison.of_latest(meeting, user),
        }
        if meeting.applied_on:
            context["lead_end"] = calendar.add_working_days(meeting.applied_on, rules.lead_days(meeting.applied_on))
            context["lead"] = rules.lead_days(meeting.applied_on)
        if waiting:
            act = Act(user, MEETING.transitions["propose"])
            guards = (rules.snapshot_current, rules.before_the_meeting_day, rules.in_scope, rules.standard_approved,
                      rules.term_valid_on_day, rules.quorum_possible)  # fmt: skip
            context["problems"] = [problem for guard in guards for problem in guard(meeting, act)]
            context["days_left"] = calendar.working_days_left(clock.today(), meeting.meets_on)
        return context
