"""Addresses of the app."""

from django.urls import URLPattern, URLResolver, path

from . import preferences, views

app_name = "kernel"

urlpatterns: list[URLPattern | URLResolver] = [
    path("preferences/", preferences.PreferencesView.as_view(), name="preferences"),
    path("clock/", views.ClockView.as_view(), name="clock"),
    path("i18n/setlang/", preferences.SetLanguageView.as_view(), name="set-language"),
]
