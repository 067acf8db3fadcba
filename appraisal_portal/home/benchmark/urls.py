"""The portal and the yardsticks."""

from django.urls import include, path

from appraisal_portal.home.benchmark import yardsticks

urlpatterns = [
    path("bench/hello/", yardsticks.Hello.as_view()),
    path("bench/reference/<str:number>/", yardsticks.Reference.as_view()),
    path("", include("appraisal_portal.urls")),
]
