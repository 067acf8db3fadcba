"""Addresses of specialty panels; included by ``urls``."""

from django.urls import path

from appraisal_portal.kernel.views import TransitionView
from committees.reviews.views import conflict, panel, panel_case
from committees.reviews.workflow.panel_work import PANEL_OPINION, SCORE_SHEET

urlpatterns = [
    path("office/meetings/<int:pk>/panels/", panel.MeetingPanels.as_view(), name="meeting-panels"),
    path("office/meetings/<int:pk>/panels/new/", panel.PanelNew.as_view(), name="panel-new"),
    path("office/meetings/<int:pk>/panels/<int:panel>/", panel.PanelChange.as_view(), name="panel-change"),
    path("office/meetings/<int:pk>/panels/<int:panel>/remove/", panel.PanelRemove.as_view(), name="panel-remove"),
    path("my/meetings/<int:pk>/conflict/", conflict.ConflictDeclare.as_view(), name="conflict-declare"),
    path("my/meetings/<int:pk>/cases/<int:admission>/scores/", panel_case.JurorScores.as_view(), name="juror-scores"),
    path("my/meetings/<int:pk>/cases/<int:admission>/panel/", panel_case.PanelCase.as_view(), name="panel-case"),
    path(
        "my/score-sheets/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=SCORE_SHEET),
        name="score-sheet-do",
    ),
    path(
        "my/panel-opinions/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=PANEL_OPINION),
        name="panel-opinion-do",
    ),
]
