"""Addresses of entrusted appraisal; included by ``urls``."""

from django.urls import path

from appraisal_portal.kernel.views import DocumentView, TransitionView
from committees.reviews.models import EntrustmentLetter
from committees.reviews.views import entrustment as views
from committees.reviews.workflow.entrustment import ENTRUSTMENT, EXTERNAL_RESULT

_DESK = "bureau/entrusted/"

urlpatterns = [
    path(_DESK, views.EntrustmentList.as_view(), name="entrustment-list"),
    path(f"{_DESK}reports/<int:pk>/new/", views.EntrustmentNew.as_view(), name="entrustment-new"),
    path(f"{_DESK}<int:pk>/", views.EntrustmentDetail.as_view(), name="entrustment-detail"),
    path(f"{_DESK}<int:pk>/change/", views.EntrustmentChange.as_view(), name="entrustment-change"),
    path(
        f"{_DESK}<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=ENTRUSTMENT),
        name="entrustment-do",
    ),
    path(f"{_DESK}<int:pk>/results/new/", views.ExternalNew.as_view(), name="external-new"),
    path(f"{_DESK}results/<int:pk>/", views.ExternalDetail.as_view(), name="external-detail"),
    path(f"{_DESK}results/<int:pk>/change/", views.ExternalChange.as_view(), name="external-change"),
    path(f"{_DESK}results/<int:pk>/file/", views.ExternalFile.as_view(), name="external-file"),
    path(
        f"{_DESK}results/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=EXTERNAL_RESULT),
        name="external-do",
    ),
    path(
        "entrusted/<int:pk>/papers/<slug:code>/",
        DocumentView.as_view(model=EntrustmentLetter),
        name="entrustment-paper",
    ),
]
