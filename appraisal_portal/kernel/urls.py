"""Addresses of the app."""

from django.urls import URLPattern, URLResolver, path

from . import alive, following, issuer, preferences, views
from .publiclog import views as log

app_name = "kernel"

urlpatterns: list[URLPattern | URLResolver] = [
    path("preferences/", preferences.PreferencesView.as_view(), name="preferences"),
    path("clock/", views.ClockView.as_view(), name="clock"),
    path("session/", alive.SessionView.as_view(), name="session"),
    path("exports/<int:pk>/", following.ExportPage.as_view(), name="export"),
    path("exports/<int:pk>/progress/", following.ExportProgress.as_view(), name="export-progress"),
    path(".well-known/jwks.json", issuer.KeySet.as_view(), name="jwks"),
    path(".well-known/did.json", issuer.DidDocument.as_view(), name="did"),
    path("log/", log.LogPage.as_view(), name="log"),
    path("log/log.jsonl", log.LogLines.as_view(), name="log-lines"),
    path("log/heads.jsonl", log.LogHeads.as_view(), name="log-heads"),
    path("log/consistency.json", log.LogConsistency.as_view(), name="log-consistency"),
    path("log/check_log.py", log.LogChecker.as_view(), name="log-checker"),
    path("i18n/setlang/", preferences.SetLanguageView.as_view(), name="set-language"),
]
