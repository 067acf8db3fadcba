"""Pages of the meeting day: who is called up, attendance, recusals, the observer's confirmation, minutes."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from applications.querysets_recusal import known_rows
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.access import SIGNED_IN, Predicate
from appraisal_portal.kernel.days import day_said
from appraisal_portal.kernel.views import VisibleObjectMixin
from appraisal_portal.kernel.workflow import NotAllowed, Refused
from committees.reviews.access import meeting as access
from committees.reviews.forms.meeting import AttendanceForm, CallUpForm, PasswordForm, RecusalForm, add_refusal
from committees.reviews.models import Attendee, Invitation, Meeting, Recusal, RecusalProposal
from committees.reviews.rules import ballot as arithmetic
from committees.reviews.rules import next_step
from committees.reviews.services import draws
from committees.reviews.services import meeting as services

from .meeting import AHEAD, meeting_for


class MeetingForm(VisibleObjectMixin, View):
    """A form about a meeting: GET shows it, POST does ``act`` and leads back; refusals stand beside their fields."""

    rule: Predicate = access.is_office_clerk  # before ``access``, which hides the module in the rest of the class
    access: Predicate = access.is_office_clerk
    model = Meeting
    template_name = ""
    done: Any = ""
    fills: Sequence[str] = Meeting.Status.values
    """Statuses of the meeting in which there is a form; in the others the page says why nothing can be changed."""

    def is_open(self, meeting: Meeting) -> bool:
        """Whether there is anything to fill in now."""
        return meeting.status in self.fills and not next_step.day_is_missed(meeting, clock.today())

    def form(self, meeting: Meeting, data: Any = None) -> forms.Form:
        """The form, bound when there is data."""
        raise NotImplementedError

    def act(self, meeting: Meeting, data: dict[str, Any]) -> None:
        """What the POST does."""
        raise NotImplementedError

    def more(self, meeting: Meeting) -> dict[str, Any]:
        """Further context."""
        return {}

    def said(self, meeting: Meeting) -> Any:
        """What was done, and what comes next."""
        return self.done

    def back(self, meeting: Meeting) -> Any:
        """Where a successful POST leads."""
        return redirect(meeting)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the form."""
        meeting = meeting_for(request, pk, self.rule)
        return self._page(meeting, self.form(meeting))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, or show every reason why not with everything typed kept."""
        meeting = meeting_for(request, pk, self.rule)
        form = self.form(meeting, request.POST)
        if self.is_open(meeting) and form.is_valid():
            try:
                self.act(meeting, form.cleaned_data)
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Refused as refused:
                add_refusal(form, refused)
            else:
                messages.success(request, self.said(meeting))
                return self.back(meeting)
        return self._page(meeting, form, 422)

    def _page(self, meeting: Meeting, form: forms.Form, status: int = 200) -> HttpResponse:
        open_now = self.is_open(meeting)
        context = {
            "object": meeting,
            "form": form if open_now else None,
            "closed": "" if open_now else _why_closed(meeting),
            **self.more(meeting),
        }
        return render(self.request, self.template_name, context, status=status)


class MeetingCallUp(MeetingForm):
    """Who votes, observes and counts."""

    template_name = "reviews/meeting/call_up_form.html"
    fills = (Meeting.Status.APPROVED,)

    @property
    def done(self) -> str:  # type: ignore[override]
        """What was done."""
        return _("The call-up is stored and everybody new has been told.")

    def form(self, meeting: Meeting, data: Any = None) -> forms.Form:
        """Members, observers and possible tellers."""
        return CallUpForm(data, meeting_row=meeting)

    def act(self, meeting: Meeting, data: dict[str, Any]) -> None:
        """Write and tell."""
        services.call_up(
            meeting, actor=self.request.user, voters=list(data["voters"]), observer=data["observer"],
            tellers=list(data["tellers"]),
        )  # fmt: skip

    def more(self, meeting: Meeting) -> dict[str, Any]:
        """The number a quorum needs."""
        members, committee = arithmetic.members_on_day(meeting), meeting.committee
        needed = arithmetic.needed(members, committee.quorum_num, committee.quorum_den)
        drawn = draws.accepted(meeting) is not None
        return {
            "members": members,
            "needed": needed,
            "drawn": drawn,
            "waiting": Invitation.objects.filter(draw__meeting=meeting, status="invited").count(),
            "to_draw": not drawn and bool(draws.population(meeting)),
            "attendees": meeting.attendees.select_related("user"),
        }


class MeetingAttendance(MeetingForm):
    """Who has signed in."""

    template_name = "reviews/meeting/attendance.html"
    fills = (Meeting.Status.APPROVED,)

    def is_open(self, meeting: Meeting) -> bool:
        """On the day only."""
        return super().is_open(meeting) and clock.today() == meeting.meets_on

    @property
    def done(self) -> str:  # type: ignore[override]
        """What was done."""
        return _("Attendance is stored. The observer confirms it next.")

    def form(self, meeting: Meeting, data: Any = None) -> forms.Form:
        """Everybody called up."""
        return AttendanceForm(data, meeting_row=meeting)

    def act(self, meeting: Meeting, data: dict[str, Any]) -> None:
        """Write who is there."""
        services.sign_in(meeting, data["present"], actor=self.request.user)

    def more(self, meeting: Meeting) -> dict[str, Any]:
        """The number a quorum needs; who was there, once nothing can be changed."""
        return {
            "attendees": meeting.attendees.select_related("user"),
            **MeetingCallUp.more(self, meeting),  # type: ignore[arg-type]
        }


class MeetingRecusals(MeetingForm):
    """Who stands back from whom."""

    access = rule = access.is_office
    template_name = "reviews/meeting/recusals.html"

    @property
    def done(self) -> str:  # type: ignore[override]
        """What was done."""
        return _("The recusal is stored. The observer confirms it.")

    def form(self, meeting: Meeting, data: Any = None) -> forms.Form:
        """Person, member, ground."""
        return RecusalForm(data, meeting_row=meeting, user=self.request.user)

    def act(self, meeting: Meeting, data: dict[str, Any]) -> None:
        """Write it."""
        services.recuse(meeting, data["admission"], data["member"], data["ground"], actor=self.request.user)

    def more(self, meeting: Meeting) -> dict[str, Any]:
        """Those that stand."""
        user, names = self.request.user, ("admission__declaration__applicant", "member__user")
        rows = known_rows(user, Recusal.objects.filter(admission__meeting=meeting), "admission__declaration__")
        proposals = RecusalProposal.objects.visible_to(user).filter(admission__meeting=meeting).select_related(*names)
        return {
            "recusals": rows.select_related(*names, "confirmed_by"),
            "proposals": proposals,
            "clerk": access.is_office_clerk(user, meeting),
        }

    def back(self, meeting: Meeting) -> Any:
        """Stay on the page: there may be more."""
        return redirect("reviews:meeting-recusals", meeting.pk)


class RecusalWithdraw(VisibleObjectMixin, View):
    """Take back a recusal entered by hand (POST)."""

    access = access.is_office_clerk
    model = Meeting

    def post(self, request: HttpRequest, pk: int, recusal: int) -> HttpResponse:
        """Remove it."""
        meeting = meeting_for(request, pk, access.is_office_clerk)
        known = known_rows(request.user, Recusal.objects.filter(admission__meeting=meeting), "admission__declaration__")
        row = get_object_or_404(known, pk=recusal)
        return _tried(
            request, lambda: services.withdraw_recusal(row, actor=request.user), "reviews:meeting-recusals", meeting
        )


class AttendanceSign(MeetingForm):
    """The observer confirms attendance and recusals with the own password."""

    rule = access.is_observer
    access = SIGNED_IN
    template_name = "reviews/meeting/attendance_sign.html"
    fills = AHEAD

    def said(self, meeting: Meeting) -> Any:
        """The meeting comes next, or during it the next round."""
        if meeting.status == Meeting.Status.IN_SESSION:
            return _("Attendance and recusals are confirmed. The office can open the next round.")
        return _("Attendance and recusals are confirmed. The office can open the meeting.")

    def form(self, meeting: Meeting, data: Any = None) -> forms.Form:
        """The password."""
        return PasswordForm(data, user=self.request.user)

    def act(self, meeting: Meeting, data: dict[str, Any]) -> None:
        """Sign."""
        services.sign_attendance(meeting, observer=self.request.user)

    def more(self, meeting: Meeting) -> dict[str, Any]:
        """What is being signed."""
        rows = Recusal.objects.filter(admission__meeting=meeting)
        return {
            "attendees": meeting.attendees.select_related("user"),
            "recusals": rows.select_related("admission__declaration__applicant", "member__user"),
            **MeetingCallUp.more(self, meeting),  # type: ignore[arg-type]
            "in_room": len(arithmetic.in_the_room(meeting)),
        }

    def back(self, meeting: Meeting) -> Any:
        """The observer's own page."""
        return redirect("reviews:call-up", meeting.pk)


class AttendeeLeave(VisibleObjectMixin, View):
    """Somebody leaves a meeting in session (POST)."""

    access = access.is_office_clerk
    model = Meeting

    def post(self, request: HttpRequest, pk: int, attendee: int) -> HttpResponse:
        """Write it."""
        meeting = meeting_for(request, pk, access.is_office_clerk)
        row = get_object_or_404(Attendee.objects.filter(meeting=meeting), pk=attendee)
        return _tried(request, lambda: services.leave(row, actor=request.user), "reviews:meeting-votes", meeting)


class AttendeeComeIn(VisibleObjectMixin, View):
    """Somebody comes back, or arrives late (POST)."""

    access = access.is_office_clerk
    model = Meeting

    def post(self, request: HttpRequest, pk: int, attendee: int) -> HttpResponse:
        """Write it."""
        meeting = meeting_for(request, pk, access.is_office_clerk)
        row = get_object_or_404(Attendee.objects.filter(meeting=meeting), pk=attendee)
        return _tried(request, lambda: services.come_in(row, actor=request.user), "reviews:meeting-votes", meeting)


class MinutesMake(VisibleObjectMixin, View):
    """Make the minutes (POST)."""

    access = access.is_office
    model = Meeting

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make them."""
        meeting = meeting_for(request, pk, access.is_office)
        return _tried(
            request, lambda: services.make_minutes(meeting, actor=request.user), "reviews:meeting-votes", meeting
        )


def _why_closed(meeting: Meeting) -> str:
    """Why attendance is neither taken nor confirmed now."""
    said = {
        Meeting.Status.IN_SESSION: _(
            "The meeting is in session. Who leaves or comes is noted on the page of the votes."
        ),
        Meeting.Status.DECIDED: _("The results are locked: nothing can be changed any more."),
        Meeting.Status.VOID: _("The meeting is void: nothing can be changed any more."),
        Meeting.Status.CANCELLED: _("The meeting is cancelled: nothing can be changed any more."),
    }
    if next_step.day_is_missed(meeting, clock.today()):
        return _("The day of the meeting has passed and it was not opened: nothing can be entered any more.")
    if meeting.status == Meeting.Status.APPROVED and clock.today() < meeting.meets_on:
        return _("Attendance is taken on the day of the meeting, {day}.").format(day=day_said(meeting.meets_on))
    if meeting.status not in said and meeting.status != Meeting.Status.APPROVED:
        return _("Members are called up and attendance is taken when the bureau has approved the meeting.")
    return said.get(meeting.status, "") or _("Attendance is taken on the day of the meeting.")


def _tried(request: HttpRequest, act: Callable[[], Any], leads_to: str, meeting: Meeting) -> HttpResponse:
    """Do it and lead on; a refusal is told on the next page."""
    try:
        act()
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Done."))
    return redirect(leads_to, meeting.pk)
