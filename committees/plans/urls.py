"""Addresses of the app: the public column, the desk of the bureau and of the offices."""

from django.urls import URLPattern, URLResolver, path

from appraisal_portal.kernel.views import TransitionView
from committees.plans.views import asking, calendar, conditions, cycle, desk, editing, hours, public, standing
from committees.plans.workflow import COMMITTEE, COMMITTEE_TERM, NOTICE, REVIEW_PLAN, STANDARD_VERSION

app_name = "plans"

urlpatterns: list[URLPattern | URLResolver] = [
    path("notices/", public.NoticeList.as_view(), name="notice-list"),
    path("notices/<int:pk>/", public.NoticeDetail.as_view(), name="notice-detail"),
    path("notices/<int:pk>/files/<int:attachment>/", public.NoticeFile.as_view(), name="notice-file"),
    path("standards/", public.StandardList.as_view(), name="standard-list"),
    path("standards/<int:pk>/", public.StandardDetail.as_view(), name="standard-detail"),
    path("plan/", public.PlanPage.as_view(), name="plan-public"),
    path("plan/<int:year>/", public.PlanPage.as_view(), name="plan-year"),
    path("where/", public.WhereToApply.as_view(), name="where"),
    path("bureau/plan/", desk.PlanQueue.as_view(), name="plan-list"),
    path("bureau/plan/new/", editing.NewPlan.as_view(), name="plan-new"),
    path("bureau/plan/<int:pk>/", desk.PlanDetail.as_view(), name="plan-detail"),
    path("bureau/plan/<int:pk>/do/<slug:transition>/", desk.Decide.as_view(workflow=REVIEW_PLAN), name="plan-do"),
    path("bureau/plan/<int:plan>/lines/new/", editing.EditLine.as_view(), name="line-new"),
    path("bureau/plan/lines/<int:pk>/", editing.EditLine.as_view(), name="line-edit"),
    path("bureau/plan/lines/<int:pk>/remove/", editing.RemoveLine.as_view(), name="line-remove"),
    path("cycle/", cycle.CyclePage.as_view(), name="cycle"),
    path("bureau/calendar/", calendar.CalendarPage.as_view(), name="calendar"),
    path("bureau/calendar/<int:year>/", calendar.CalendarPage.as_view(), name="calendar-year"),
    path("bureau/calendar/<slug:day>/remove/", calendar.RemoveDay.as_view(), name="calendar-remove"),
    path("hours/", hours.HoursList.as_view(), name="hours-list"),
    path("hours/new/", hours.HoursEdit.as_view(), name="hours-new"),
    path("hours/<int:pk>/", hours.HoursEdit.as_view(), name="hours-edit"),
    path("hours/industries/", hours.IndustryNew.as_view(), name="industry-new"),
    path("office/committees/", desk.CommitteeList.as_view(), name="committee-list"),
    path("office/committees/<int:pk>/", desk.CommitteeDetail.as_view(), name="committee-detail"),
    path("office/committees/<int:pk>/standing-body/", standing.EditStanding.as_view(), name="standing-edit"),
    path(
        "office/committees/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=COMMITTEE),
        name="committee-do",
    ),
    path("office/terms/", desk.TermQueue.as_view(), name="term-list"),
    path("office/terms/new/", editing.EditTerm.as_view(), name="term-new"),
    path("office/terms/<int:pk>/", desk.TermDetail.as_view(), name="term-detail"),
    path("office/terms/<int:pk>/edit/", editing.EditTerm.as_view(), name="term-edit"),
    path("office/terms/<int:pk>/do/<slug:transition>/", desk.Decide.as_view(workflow=COMMITTEE_TERM), name="term-do"),
    path("office/standards/", desk.VersionQueue.as_view(), name="version-list"),
    path("office/standards/new/", editing.EditVersion.as_view(), name="version-new"),
    path("office/standards/<int:pk>/", desk.VersionDetail.as_view(), name="version-detail"),
    path("office/standards/<int:pk>/edit/", editing.EditVersion.as_view(), name="version-edit"),
    path("office/standards/<int:pk>/conditions/", conditions.EditConditions.as_view(), name="version-conditions"),
    path("office/standards/<int:pk>/asks/<slug:part>/", asking.EditAsked.as_view(), name="version-asks"),
    path(
        "office/standards/<int:pk>/do/<slug:transition>/",
        desk.Decide.as_view(workflow=STANDARD_VERSION),
        name="version-do",
    ),
    path("office/notices/", desk.NoticeQueue.as_view(), name="notice-queue"),
    path("office/notices/new/", editing.EditNotice.as_view(), name="notice-new"),
    path("office/notices/<int:pk>/", desk.NoticeDesk.as_view(), name="notice-desk"),
    path("office/notices/<int:pk>/edit/", editing.EditNotice.as_view(), name="notice-edit"),
    path("office/notices/<int:pk>/attach/", editing.AddAttachment.as_view(), name="notice-attach"),
    path(
        "office/notices/<int:pk>/attachments/<int:attachment>/",
        desk.NoticeAttachmentFile.as_view(),
        name="notice-attachment",
    ),
    path(
        "office/notices/<int:pk>/attachments/<int:attachment>/remove/",
        editing.RemoveAttachment.as_view(),
        name="notice-detach",
    ),
    path("office/notices/<int:pk>/do/<slug:transition>/", desk.Decide.as_view(workflow=NOTICE), name="notice-do"),
]
