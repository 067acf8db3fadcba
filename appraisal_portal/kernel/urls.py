"""Addresses of the app."""

from django.urls import URLPattern, URLResolver

app_name = "kernel"

urlpatterns: list[URLPattern | URLResolver] = []
