"""The portal's addresses and the gallery's."""

from django.urls import include, path

from . import gallery

urlpatterns = [
    path("gallery/form/", gallery.form_page),
    path("gallery/components/", gallery.components_page),
    path("gallery/work/", gallery.work_page),
    path("gallery/transition/", gallery.transition_page),
    path("", include("appraisal_portal.urls")),
]
