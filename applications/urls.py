"""Addresses of the app."""

from django.urls import URLPattern, URLResolver, path

from applications import urls_closing, urls_originals, urls_sanction, urls_spot_check, urls_unit
from applications.views import applicant, applicant_steps, archive, files, kept, undertaking, ways

app_name = "applications"

urlpatterns: list[URLPattern | URLResolver] = [
    path("ways/", ways.Ways.as_view(), name="ways"),
    path("my/", kept.MyList.as_view(), name="my-list"),
    path("my/declarations/new/", applicant.MyNew.as_view(), name="my-new"),
    path("my/declarations/<int:pk>/", kept.MyDetail.as_view(), name="my-detail"),
    path("my/declarations/<int:pk>/undertaking/", applicant_steps.MyUndertaking.as_view(), name="my-undertaking"),
    path("my/declarations/<int:pk>/check/", kept.MyCheck.as_view(), name="my-check"),
    path("my/declarations/<int:pk>/submitted/", kept.MyReceipt.as_view(), name="my-receipt"),
    path("my/declarations/<int:pk>/fix/", applicant_steps.MyFix.as_view(), name="my-fix"),
    path("my/declarations/<int:pk>/history/", applicant.MyHistory.as_view(), name="my-history"),
    path("my/archive/", archive.MyArchive.as_view(), name="my-archive"),
    path("my/archive/new/", archive.MyArchiveEntry.as_view(), name="my-archive-new"),
    path("my/archive/<int:pk>/", archive.MyArchiveEntry.as_view(), name="my-archive-entry"),
    path("my/archive/<int:pk>/files/<int:number>/", archive.ArchiveFileView.as_view(), name="archive-file"),
    path("my/declarations/<int:pk>/archive/", archive.MyArchiveAdd.as_view(), name="my-archive-add"),
    path("my/declarations/<int:pk>/archive/<int:row>/", archive.MyArchiveSave.as_view(), name="my-archive-save"),
    path("my/declarations/<int:pk>/photo/<slug:which>/", files.MyPhotoPicture.as_view(), name="my-photo"),
    path("my/declarations/<int:pk>/<slug:section>/", kept.MySection.as_view(), name="my-section"),
    path("declarations/<int:pk>/", applicant_steps.DeclarationDetail.as_view(), name="declaration-detail"),
    path("declarations/<int:pk>/do/<slug:transition>/", applicant_steps.DeclarationDo.as_view(), name="declaration-do"),
    path(
        "declarations/<int:pk>/undertaking/",
        undertaking.DeclarationUndertaking.as_view(),
        name="declaration-undertaking",
    ),
    path("declarations/<int:pk>/photo/", files.DeclarationPhoto.as_view(), name="declaration-photo"),
    path("declarations/<int:pk>/papers/<str:code>/", files.DeclarationPaperView.as_view(), name="declaration-paper"),
    *urls_closing.urlpatterns,
    *urls_originals.urlpatterns,
    *urls_sanction.urlpatterns,
    *urls_spot_check.urlpatterns,
    *urls_unit.urlpatterns,
]
