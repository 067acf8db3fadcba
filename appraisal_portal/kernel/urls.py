"""Addresses of the app."""

from django.urls import URLPattern, URLResolver, path

from . import following, preferences, views

app_name = "kernel"

urlpatterns: list[URLPattern | URLResolver] = [
    path("preferences/", preferences.PreferencesView.as_view(), name="preferences"),
    path("clock/", views.ClockView.as_view(), name="clock"),
    path("exports/<int:pk>/", following.ExportPage.as_view(), name="export"),
    path("exports/<int:pk>/progress/", following.ExportProgress.as_view(), name="export-progress"),
    path("i18n/setlang/", preferences.SetLanguageView.as_view(), name="set-language"),
]
