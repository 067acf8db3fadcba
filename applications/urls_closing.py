"""Addresses around the end of the window."""

from django.urls import URLPattern, URLResolver, path

from applications.views import closing
from applications.workflow import EXTENSION
from appraisal_portal.kernel.views import TransitionView

urlpatterns: list[URLPattern | URLResolver] = [
    path("receipts/check/", closing.ReceiptCheck.as_view(), name="receipt-check"),
    path("receipts/<str:number>/<str:code>/", closing.ReceiptCode.as_view(), name="receipt-code"),
    path("my/declarations/<int:pk>/receipts/<int:version>/", closing.ReceiptPaper.as_view(), name="my-receipt-paper"),
    path("declarations/<int:pk>/at-closing/", closing.LastDraft.as_view(), name="last-draft"),
    path("closing/drafts/", closing.LastDraftList.as_view(), name="last-draft-list"),
    path("outages/", closing.OutageList.as_view(), name="outage-list"),
    path("outages/new/", closing.OutageNew.as_view(), name="outage-new"),
    path("bureau/extensions/", closing.ExtensionList.as_view(), name="extension-list"),
    path("bureau/extensions/new/", closing.ExtensionNew.as_view(), name="extension-new"),
    path("bureau/extensions/<int:pk>/", closing.ExtensionDetail.as_view(), name="extension-detail"),
    path(
        "bureau/extensions/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=EXTENSION),
        name="extension-do",
    ),
]
