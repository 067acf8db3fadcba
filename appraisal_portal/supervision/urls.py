"""Addresses of the supervision campaign."""

from django.urls import URLPattern, URLResolver, path

from appraisal_portal.kernel.views import TransitionView
from appraisal_portal.supervision import views
from appraisal_portal.supervision.workflow import SUPERVISION_CHECK

app_name = "supervision"

urlpatterns: list[URLPattern | URLResolver] = [
    path("supervision/", views.CheckList.as_view(), name="check-list"),
    path("supervision/new/", views.CheckNew.as_view(), name="check-new"),
    path("supervision/<int:pk>/", views.CheckDetail.as_view(), name="check-detail"),
    path("supervision/<int:pk>/items/", views.CheckJudge.as_view(), name="check-judge"),
    path("supervision/<int:pk>/anew/", views.CheckAnew.as_view(), name="check-anew"),
    path(
        "supervision/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=SUPERVISION_CHECK),
        name="check-do",
    ),
]
