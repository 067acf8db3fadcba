"""Addresses of the app."""

from django.urls import URLPattern, URLResolver

from committees.reviews import results_urls

app_name = "reviews"

urlpatterns: list[URLPattern | URLResolver] = [*results_urls.urlpatterns]
