"""Addresses of publicity, objections and reports; included by ``urls.py``."""

from django.urls import path

from appraisal_portal.kernel.views import DocumentView
from committees.reviews.access.results import reads_results
from committees.reviews.models import ResultReport
from committees.reviews.views import objection, publicity_public, results
from committees.reviews.workflow.objection import OBJECTION
from committees.reviews.workflow.report import RESULT_REPORT
from committees.reviews.workflow.results import RESULT_PUBLICITY

urlpatterns = [
    path("publicity/", publicity_public.PublicityList.as_view(), name="public-publicity-list"),
    path("publicity/<int:pk>/", publicity_public.PublicityPage.as_view(), name="public-publicity"),
    path("objections/new/", objection.ObjectionNew.as_view(), name="objection-new"),
    path("objections/received/", objection.ObjectionReceived.as_view(), name="objection-received"),
    path("my/objections/of/<int:pk>/", objection.ObjectionOfMyDeclaration.as_view(), name="objection-of-mine"),
    path("my/objections/<int:pk>/", objection.ObjectionAboutMe.as_view(), name="objection-about-me"),
    path("objections/<int:pk>/files/<uuid:upload>/", objection.ObjectionFileView.as_view(), name="objection-file"),
    path("publicity/<int:pk>/last-day.ics", publicity_public.LastDay.as_view(), name="public-publicity-calendar"),
    path("publicity/<int:pk>/proof.json", publicity_public.PublicityProof.as_view(), name="public-publicity-proof"),
    path("objections/follow/", objection.ObjectionFind.as_view(), name="objection-find"),  # before the codes
    path("objections/<slug:code>/", objection.ObjectionFollow.as_view(), name="objection-follow"),
    path("office/publicity/", results.PublicityDesk.as_view(), name="publicity-desk"),
    path("office/publicity/<int:pk>/", results.PublicityDetail.as_view(), name="publicity-detail"),
    path(
        "office/publicity/<int:pk>/do/<slug:transition>/",
        results.PublicityTransition.as_view(workflow=RESULT_PUBLICITY),
        name="publicity-do",
    ),
    path("office/meetings/<int:pk>/publicity/new/", results.PublicityNew.as_view(), name="publicity-new"),
    path("office/meetings/<int:pk>/before-the-meeting/", results.PreReviewNew.as_view(), name="pre-review-new"),
    path("office/objections/", objection.ObjectionList.as_view(), name="objection-list"),
    path("office/objections/<int:pk>/", objection.ObjectionDetail.as_view(), name="objection-detail"),
    path(
        "office/objections/<int:pk>/do/<slug:transition>/",
        objection.ObjectionTransition.as_view(workflow=OBJECTION),
        name="objection-do",
    ),
    path("office/results/", results.ReportList.as_view(), name="report-list"),
    path("office/meetings/<int:pk>/report/new/", results.ReportNew.as_view(), name="report-new"),
    path("office/results/<int:pk>/", results.ReportDetail.as_view(), name="report-detail"),
    path("office/results/<int:pk>/papers/make/", results.ReportMake.as_view(), name="report-make"),
    path("office/results/<int:pk>/decisions/", results.ReportDecide.as_view(), name="report-decide"),
    path(
        "office/results/<int:pk>/do/<slug:transition>/",
        results.ReportTransition.as_view(workflow=RESULT_REPORT),
        name="report-do",
    ),
    path(
        "office/results/<int:pk>/papers/<slug:code>/<int:version>/",
        DocumentView.as_view(model=ResultReport, access=reads_results),
        name="report-paper",
    ),
]
