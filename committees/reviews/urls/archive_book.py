"""Addresses of archive books; included by ``urls``."""

from django.urls import path

from appraisal_portal.kernel.views import TransitionView
from committees.reviews.views import archive_book
from committees.reviews.workflow.archive_book import ARCHIVE_BOOK

urlpatterns = [
    path("archive/", archive_book.ArchiveList.as_view(), name="archive-list"),
    path("archive/meetings/<int:pk>/new/", archive_book.ArchiveNew.as_view(), name="archive-new"),
    path("archive/<int:pk>/", archive_book.ArchiveDetail.as_view(), name="archive-detail"),
    path("archive/<int:pk>/files/<slug:kind>/", archive_book.ArchiveFile.as_view(), name="archive-file"),
    path("archive/<int:pk>/do/<slug:transition>/", TransitionView.as_view(workflow=ARCHIVE_BOOK), name="archive-do"),
]
