"""Addresses of specialty panels; included by ``urls``."""

from django.urls import path

from committees.reviews.views import conflict, panel

urlpatterns = [
    path("office/meetings/<int:pk>/panels/", panel.MeetingPanels.as_view(), name="meeting-panels"),
    path("office/meetings/<int:pk>/panels/new/", panel.PanelNew.as_view(), name="panel-new"),
    path("office/meetings/<int:pk>/panels/<int:panel>/", panel.PanelChange.as_view(), name="panel-change"),
    path("office/meetings/<int:pk>/panels/<int:panel>/remove/", panel.PanelRemove.as_view(), name="panel-remove"),
    path("my/meetings/<int:pk>/conflict/", conflict.ConflictDeclare.as_view(), name="conflict-declare"),
]
