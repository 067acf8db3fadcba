"""Addresses of decided cases; included by ``urls``."""

from django.urls import path

from committees.reviews.views import outcome

urlpatterns = [
    path("outcomes/", outcome.OutcomeList.as_view(), name="outcome-list"),
    path("outcomes/<int:pk>/", outcome.OutcomeDetail.as_view(), name="outcome-detail"),
    path("outcomes/<int:pk>/reasons/", outcome.OutcomeExplain.as_view(), name="outcome-explain"),
    path("outcomes/<int:pk>/filing/", outcome.OutcomeFile.as_view(), name="outcome-file"),
    path("outcomes/<int:pk>/papers/<slug:code>/", outcome.OutcomePaper.as_view(), name="outcome-paper"),
]
