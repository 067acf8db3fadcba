"""Addresses of the app."""

from django.urls import URLPattern, URLResolver, path

from committees.reviews.urls import archive_book, determination, entrustment, expert, outcome, panel, results
from committees.reviews.views import ballot, ballot_box, bureau_meeting, call_up, meeting, meeting_day
from committees.reviews.workflow import BALLOT_ROUND, MEETING

app_name = "reviews"

urlpatterns: list[URLPattern | URLResolver] = [
    path("office/meetings/", meeting.MeetingList.as_view(), name="meeting-list"),
    path("office/meetings/new/", meeting.MeetingNew.as_view(), name="meeting-new"),
    path("office/meetings/<int:pk>/", meeting.MeetingDetail.as_view(), name="meeting-detail"),
    path("office/meetings/<int:pk>/change/", meeting.MeetingChange.as_view(), name="meeting-change"),
    path("office/meetings/<int:pk>/papers/make/", meeting.MeetingPapersMake.as_view(), name="meeting-papers-make"),
    path(
        "office/meetings/<int:pk>/papers/<slug:code>/", meeting.MeetingPaperView.as_view(), name="meeting-paper-current"
    ),
    path(
        "office/meetings/<int:pk>/papers/<slug:code>/<int:version>/",
        meeting.MeetingPaperView.as_view(),
        name="meeting-paper",
    ),
    path(
        "office/meetings/<int:pk>/do/<slug:transition>/",
        meeting.MeetingTransition.as_view(workflow=MEETING),
        name="meeting-do",
    ),
    path("office/meetings/<int:pk>/call-up/", meeting_day.MeetingCallUp.as_view(), name="meeting-call-up"),
    path("office/meetings/<int:pk>/attendance/", meeting_day.MeetingAttendance.as_view(), name="meeting-attendance"),
    path("office/meetings/<int:pk>/recusals/", meeting_day.MeetingRecusals.as_view(), name="meeting-recusals"),
    path(
        "office/meetings/<int:pk>/recusals/<int:recusal>/withdraw/",
        meeting_day.RecusalWithdraw.as_view(),
        name="recusal-withdraw",
    ),
    path(
        "office/meetings/<int:pk>/attendees/<int:attendee>/leave/",
        meeting_day.AttendeeLeave.as_view(),
        name="attendee-leave",
    ),
    path(
        "office/meetings/<int:pk>/attendees/<int:attendee>/come-in/",
        meeting_day.AttendeeComeIn.as_view(),
        name="attendee-come-in",
    ),
    path("office/meetings/<int:pk>/room/", ballot.MeetingRoom.as_view(), name="meeting-room"),
    path("office/meetings/<int:pk>/minutes/make/", meeting_day.MinutesMake.as_view(), name="minutes-make"),
    path("office/meetings/<int:pk>/votes/", ballot.MeetingVotes.as_view(), name="meeting-votes"),
    path("rounds/<int:pk>/", ballot.RoundDetail.as_view(), name="round-detail"),
    path("rounds/<int:pk>/ballot/", ballot_box.RoundBallot.as_view(), name="round-ballot"),
    path("rounds/<int:pk>/ballots/", ballot_box.RoundBallots.as_view(), name="round-ballots"),
    path("rounds/<int:pk>/turnout/", ballot_box.RoundTurnout.as_view(), name="round-turnout"),
    path("rounds/<int:pk>/counts/", ballot.RoundCounts.as_view(), name="round-counts"),
    path(
        "rounds/<int:pk>/do/<slug:transition>/", ballot.RoundTransition.as_view(workflow=BALLOT_ROUND), name="round-do"
    ),
    path("my/meetings/", call_up.CallUpList.as_view(), name="call-up-list"),
    path("my/meetings/<int:pk>/", call_up.CallUpDetail.as_view(), name="call-up"),
    path("my/meetings/<int:pk>/confirm/", meeting_day.AttendanceSign.as_view(), name="attendance-sign"),
    path("bureau/meetings/", bureau_meeting.BureauMeetings.as_view(), name="bureau-meetings"),
    path("bureau/meetings/<int:pk>/", bureau_meeting.BureauMeeting.as_view(), name="bureau-meeting"),
    *archive_book.urlpatterns,
    *determination.urlpatterns,
    *entrustment.urlpatterns,
    *outcome.urlpatterns,
    *results.urlpatterns,
    *expert.urlpatterns,
    *panel.urlpatterns,
]
