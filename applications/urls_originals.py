"""Addresses of the register of paper originals; included by ``urls``."""

from django.urls import URLPattern, URLResolver, path

from applications.views import originals
from applications.workflow.originals import ORIGINALS
from appraisal_portal.kernel.views import TransitionView

urlpatterns: list[URLPattern | URLResolver] = [
    path("originals/", originals.OriginalsList.as_view(), name="originals-list"),
    path("originals/<int:pk>/", originals.OriginalsDetail.as_view(), name="originals-detail"),
    path("originals/<int:pk>/receipts/<int:number>/", originals.OriginalsReceipt.as_view(), name="originals-receipt"),
    path(
        "originals/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=ORIGINALS),
        name="originals-do",
    ),
    path("unit/declarations/<int:pk>/originals/", originals.OriginalsNew.as_view(), name="originals-new"),
]
