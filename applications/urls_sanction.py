"""Addresses of bans after false material, and of their lifting; included by ``urls``."""

from django.urls import URLPattern, URLResolver, path

from applications.views import sanction
from applications.workflow import LIFTING, SANCTION
from appraisal_portal.kernel.views import TransitionView

urlpatterns: list[URLPattern | URLResolver] = [
    path("bans/", sanction.SanctionList.as_view(), name="sanction-list"),
    path("bans/new/", sanction.SanctionNew.as_view(), name="sanction-new"),
    path("bans/<int:pk>/", sanction.SanctionDetail.as_view(), name="sanction-detail"),
    path("bans/<int:pk>/do/<slug:transition>/", TransitionView.as_view(workflow=SANCTION), name="sanction-do"),
    path("bans/<int:pk>/files/<uuid:upload>/", sanction.SanctionFileView.as_view(), name="sanction-file"),
    path("bans/<int:pk>/decision/", sanction.SanctionLetter.as_view(), name="sanction-letter"),
    path("bans/<int:pk>/lifting/", sanction.LiftingNew.as_view(), name="lifting-new"),
    path("bans/lifting/<int:pk>/do/<slug:transition>/", TransitionView.as_view(workflow=LIFTING), name="lifting-do"),
]
