"""What somebody called up finds: the own meetings, and of each when, where, which part and the next step."""

from typing import Any

from django.db.models import Case, F, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.views import VisibleList, VisibleObjectMixin
from committees.reviews.access import meeting as access
from committees.reviews.models import Attendee, BallotRound, Invitation, Meeting, PanelSeat, Recusal, RollMember
from committees.reviews.querysets.conflict import cases_of, others_of
from committees.reviews.rules import next_step
from committees.reviews.services import ballot_box as box
from committees.reviews.services.conflicts import undeclared_cases
from committees.reviews.services.panel_work import WORK, said_of
from committees.reviews.views.conflict import cases_for
from committees.reviews.views.meeting import AHEAD, meeting_for, papers_of


class CallUpList(VisibleList):
    """Meetings somebody is called up for: when and where, nothing about anybody else."""

    access = SIGNED_IN
    model = Meeting
    template_name = "reviews/meeting/call_up_list.html"

    def get_queryset(self) -> Any:
        """Own call-ups only: what is under way or comes next first, then what is over, the latest first."""
        mine = Attendee.objects.filter(user=self.request.user.pk).values("meeting")
        ahead = Case(When(Q(meets_on__gte=clock.today()) | Q(status="in_session"), then=F("meets_on")))
        rows = super().get_queryset().filter(pk__in=mine).with_names()
        return rows.order_by(ahead.asc(nulls_last=True), "-meets_on", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Invitations that may be answered."""
        mine = Invitation.objects.visible_to(self.request.user).exclude(status="declined")
        rows = mine.select_related("draw__meeting__committee", "expert").order_by("draw__meeting__meets_on", "pk")
        return {**super().get_context_data(**kwargs), "invitations": rows}


class CallUpDetail(VisibleObjectMixin, View):
    """One's own call-up: when, where, which part; the observer's and tellers' next step."""

    access = SIGNED_IN
    model = Meeting

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        meeting = meeting_for(request, pk, access.is_called_up)
        part = meeting.attendees.get(user=request.user.pk)
        box.settle(meeting)
        rounds = meeting.rounds.visible_to(request.user).order_by("number")
        verdicts: list[Any] = []
        if meeting.status == Meeting.Status.DECIDED and part.role == Attendee.Role.VOTER:
            rows = cases_of(part).filter(verdict__isnull=False)
            shown = ("verdict", "declaration__applicant", "declaration__standard_version")
            verdicts = list(rows.select_related(*shown).order_by("seq"))
        missed = next_step.day_is_missed(meeting, clock.today())
        ahead = part.member_id and meeting.status in AHEAD and not missed
        seat = PanelSeat.objects.filter(attendee=part).select_related("panel").first() if ahead else None
        context = {
            "object": meeting,
            "part": part,
            "panel": seat.panel if seat else None,
            "others": others_of(part).exists() if ahead else False,
            "cases": cases_for(part) if ahead else [],
            "opinions": said_of(cases_of(part).select_related(*WORK).order_by("seq"))
            if ahead and meeting.status == Meeting.Status.IN_SESSION
            else [],
            "rounds": rounds,
            "verdicts": verdicts,
            "papers": papers_of(meeting, request.user),
            "to_declare": undeclared_cases(part).count() if ahead else 0,
            "watches": access.is_observer(request.user, meeting),
            **_own_rounds(meeting, request.user),
            "missed": missed,
            "may_sign": access.is_observer(request.user, meeting) and meeting.status in AHEAD and not missed,
        }
        if context["watches"]:
            recusals = Recusal.objects.filter(admission__meeting=meeting, confirmed_by=None)
            context["to_confirm"] = recusals.exists() if meeting.status == Meeting.Status.IN_SESSION else False
        context["on_paper"] = (
            part.role == Attendee.Role.VOTER
            and meeting.rounds.filter(status="open", mode=BallotRound.Mode.PAPER, roll__member=part.member).exists()
        )
        context["waits"] = (
            part.role == Attendee.Role.VOTER
            and meeting.status == Meeting.Status.IN_SESSION
            and not context["to_declare"]
            and not context["to_vote"]
            and not context["voted"]
        )
        return render(request, "reviews/meeting/call_up.html", context)


def _own_rounds(meeting: Meeting, user: Any) -> dict[str, Any]:
    """Of the reader's own rounds: those with a sheet to cast, those cast and not closed yet, those to be announced."""
    own = {"status": "open", "mode": BallotRound.Mode.ELECTRONIC}
    voting = RollMember.objects.filter(round__meeting=meeting, member__user=user.pk)
    open_ones = meeting.rounds.filter(**own).order_by("number")
    sealed = meeting.rounds.filter(status="sealed", presided_by__user=user.pk).order_by("number")
    in_session = meeting.status == Meeting.Status.IN_SESSION
    return {
        "to_vote": open_ones.filter(pk__in=voting.filter(envelope=None).values("round")),
        "voted": open_ones.filter(pk__in=voting.filter(envelope__isnull=False).values("round")),
        "to_count": _rounds_to_count(meeting, user),
        "to_announce": [ballot for ballot in sealed if access.announces(user, ballot)] if in_session else [],
    }


def _rounds_to_count(meeting: Meeting, user: Any) -> list[BallotRound]:
    """Open rounds on paper of which the reader, a teller, has not counted everybody yet."""
    part = meeting.attendees.filter(user=user.pk, role=Attendee.Role.TELLER, signed_in_at__isnull=False).first()
    if part is None:
        return []
    rounds = meeting.rounds.filter(status="open", mode=BallotRound.Mode.PAPER).order_by("number")
    return [
        ballot
        for ballot in rounds
        if ballot.counts.filter(teller=part).count() < ballot.items.filter(void_reason="").count()
    ]
