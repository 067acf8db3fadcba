"""Addresses of independent appraisal."""

from django.urls import path

from appraisal_portal.kernel.views import TransitionView
from committees.autonomous import views
from committees.autonomous.workflow import AUTONOMOUS_PLAN, DELEGATION, FILED_BATCH

app_name = "autonomous"
_AT = "autonomous/"

urlpatterns = [
    path(_AT, views.DelegationList.as_view(), name="delegation-list"),
    path(f"{_AT}new/", views.DelegationNew.as_view(), name="delegation-new"),
    path(f"{_AT}<int:pk>/", views.DelegationDetail.as_view(), name="delegation-detail"),
    path(f"{_AT}<int:pk>/change/", views.DelegationChange.as_view(), name="delegation-change"),
    path(f"{_AT}<int:pk>/do/<slug:transition>/", TransitionView.as_view(workflow=DELEGATION), name="delegation-do"),
    path(f"{_AT}<int:pk>/plans/new/", views.PlanNew.as_view(), name="plan-new"),
    path(f"{_AT}plans/<int:pk>/", views.PlanDetail.as_view(), name="plan-detail"),
    path(f"{_AT}plans/<int:pk>/change/", views.PlanChange.as_view(), name="plan-change"),
    path(f"{_AT}plans/<int:pk>/standard/", views.PlanFile.as_view(), name="plan-standard"),
    path(f"{_AT}plans/<int:pk>/log/new/", views.PlanLog.as_view(), name="plan-log"),
    path(
        f"{_AT}plans/<int:pk>/do/<slug:transition>/", TransitionView.as_view(workflow=AUTONOMOUS_PLAN), name="plan-do"
    ),
    path(f"{_AT}plans/<int:pk>/results/empty/", views.EmptyList.as_view(), name="batch-empty"),
    path(f"{_AT}plans/<int:pk>/results/new/", views.BatchNew.as_view(), name="batch-new"),
    path(f"{_AT}results/<int:pk>/", views.BatchDetail.as_view(), name="batch-detail"),
    path(f"{_AT}results/<int:pk>/change/", views.BatchChange.as_view(), name="batch-change"),
    path(f"{_AT}results/<int:pk>/summary/", views.BatchFile.as_view(), name="batch-summary"),
    path(f"{_AT}results/<int:pk>/do/<slug:transition>/", TransitionView.as_view(workflow=FILED_BATCH), name="batch-do"),
]
