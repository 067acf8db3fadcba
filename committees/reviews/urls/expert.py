"""Addresses of the pool of experts, draws and invitations; included by ``urls``."""

from django.urls import path

from appraisal_portal.kernel.views import TransitionView
from committees.reviews.views import conflict, draw, expert
from committees.reviews.workflow.conflict import RECUSAL_PROPOSAL
from committees.reviews.workflow.draw import DRAW, INVITATION

urlpatterns = [
    path("office/experts/", expert.ExpertList.as_view(), name="expert-list"),
    path("office/experts/new/", expert.ExpertNew.as_view(), name="expert-new"),
    path("office/experts/roster/", expert.ExpertExport.as_view(), name="expert-export"),
    path("office/experts/import/", expert.ExpertImportNew.as_view(), name="expert-import-new"),
    path("office/experts/import/<int:pk>/", expert.ExpertImportLook.as_view(), name="expert-import"),
    path("office/experts/<int:pk>/", expert.ExpertChange.as_view(), name="expert-change"),
    path("office/meetings/<int:pk>/draws/", draw.MeetingDraw.as_view(), name="meeting-draws"),
    path("office/draws/<int:pk>/", draw.DrawDetail.as_view(), name="draw-detail"),
    path("office/draws/<int:pk>/do/<slug:transition>/", TransitionView.as_view(workflow=DRAW), name="draw-do"),
    path(
        "my/invitations/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=INVITATION),
        name="invitation-do",
    ),
    path(
        "office/recusals/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=RECUSAL_PROPOSAL),
        name="recusal-do",
    ),
    path("my/recusals/", conflict.MyRecusals.as_view(), name="my-recusals"),
    path("my/meetings/<int:pk>/conflicts/", conflict.JurorConflicts.as_view(), name="juror-conflicts"),
    path("my/meetings/<int:pk>/cases/<int:admission>/", conflict.JurorCase.as_view(), name="juror-case"),
    path(
        "my/meetings/<int:pk>/cases/<int:admission>/files/<int:number>/",
        conflict.JurorFile.as_view(),
        name="juror-file",
    ),
]
