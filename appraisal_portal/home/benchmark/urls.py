"""The portal and the yardsticks."""

from django.urls import path

from appraisal_portal.home.benchmark import yardsticks
from appraisal_portal.urls import urlpatterns as portal

urlpatterns = [
    path("bench/hello/", yardsticks.Hello.as_view()),
    path("bench/reference/<str:number>/", yardsticks.Reference.as_view()),
    *portal,
]
