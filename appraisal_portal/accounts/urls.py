"""Addresses of the app."""

from django.urls import path

from appraisal_portal.accounts import views
from appraisal_portal.accounts.workflow import EMPLOYMENT, ORGANISATION
from appraisal_portal.kernel.views import TransitionView

app_name = "accounts"

urlpatterns = [
    path("organisations/<int:pk>/", views.OrganisationDetail.as_view(), name="organisation-detail"),
    path(
        "organisations/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=ORGANISATION),
        name="organisation-do",
    ),
    path("employments/<int:pk>/", views.EmploymentDetail.as_view(), name="employment-detail"),
    path(
        "employments/<int:pk>/do/<slug:transition>/", TransitionView.as_view(workflow=EMPLOYMENT), name="employment-do"
    ),
    path("messages/<int:pk>/", views.MessageDetail.as_view(), name="message-detail"),
    path("users/<int:pk>/", views.UserDetail.as_view(), name="user-detail"),
]
