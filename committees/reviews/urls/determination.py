"""Addresses of determinations without a vote; included by ``urls``."""

from django.urls import path

from appraisal_portal.kernel.views import DocumentView, TransitionView
from committees.reviews.access.determination import reads_determinations
from committees.reviews.models import Determination
from committees.reviews.views import determination as views
from committees.reviews.workflow.determination import DETERMINATION

urlpatterns = [
    path("determinations/", views.DeterminationList.as_view(), name="determination-list"),
    path("determinations/lines/<int:pk>/new/", views.DeterminationNew.as_view(), name="determination-new"),
    path("determinations/<int:pk>/", views.DeterminationDetail.as_view(), name="determination-detail"),
    path("determinations/<int:pk>/change/", views.DeterminationChange.as_view(), name="determination-change"),
    path(
        "determinations/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=DETERMINATION),
        name="determination-do",
    ),
    path("determinations/<int:pk>/letter/", views.DeterminationLetter.as_view(), name="determination-letter"),
    path(
        "determinations/<int:pk>/publicity/new/",
        views.DeterminationPublicity.as_view(),
        name="determination-publicity",
    ),
    path("determinations/<int:pk>/report/new/", views.DeterminationReport.as_view(), name="determination-report"),
    path(
        "determinations/<int:pk>/papers/<slug:code>/<int:version>/",
        DocumentView.as_view(model=Determination, access=reads_determinations),
        name="determination-paper",
    ),
]
