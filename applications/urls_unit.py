"""Addresses of the work unit (/unit/), the forwarder (/forwarder/) and the committee office (/office/)."""

from django.urls import path

from applications.views import (
    changes,
    forwarder,
    kept,
    office,
    office_batch,
    office_case,
    unit,
    unit_case,
    unit_publicity,
    unit_recommend,
)
from applications.workflow.recusal import CASE_RECUSAL
from applications.workflow.unit_publicity import UNIT_PUBLICITY
from appraisal_portal.kernel.views import TransitionView

urlpatterns = [
    path("unit/", kept.UnitDashboard.as_view(), name="unit-dashboard"),
    path("unit/declarations/", kept.UnitList.as_view(), name="unit-list"),
    path("unit/declarations/<int:pk>/", kept.UnitDeclaration.as_view(), name="unit-declaration"),
    path("unit/declarations/<int:pk>/verify/", unit.UnitVerify.as_view(), name="unit-verify"),
    path("unit/declarations/<int:pk>/return/", unit.UnitReturn.as_view(), name="unit-return"),
    path("unit/declarations/<int:pk>/changes/", changes.UnitChanges.as_view(), name="unit-changes"),
    path("unit/declarations/<int:pk>/changes/sign/", changes.UnitChangesSign.as_view(), name="unit-changes-sign"),
    path("unit/declarations/<int:pk>/recommend/", unit_recommend.UnitRecommend.as_view(), name="unit-recommend"),
    path("unit/declarations/<int:pk>/refuse/", unit_recommend.UnitRefuse.as_view(), name="unit-refuse"),
    path("unit/declarations/<int:pk>/seal/", unit_recommend.UnitSeal.as_view(), name="unit-seal"),
    path("unit/declarations/<int:pk>/2-9/", unit_recommend.UnitPrint.as_view(), name="unit-print"),
    path("unit/declarations/<int:pk>/objection/", unit_publicity.UnitObjectionNew.as_view(), name="unitobjection-new"),
    path(
        "unit/objections/<int:pk>/outcome/",
        unit_publicity.UnitObjectionOutcome.as_view(),
        name="unitobjection-outcome",
    ),
    path("unit/objections/<int:pk>/report/", unit_publicity.UnitObjectionReport.as_view(), name="unitobjection-report"),
    path(
        "unit/objections/<int:pk>/evidence/",
        unit_publicity.UnitObjectionEvidence.as_view(),
        name="unitobjection-evidence",
    ),
    path("unit/publicity/", kept.UnitPublicityList.as_view(), name="unitpublicity-list"),
    path("unit/publicity/new/", unit_publicity.UnitPublicityNew.as_view(), name="unitpublicity-new"),
    path("unit/publicity/<int:pk>/", unit_publicity.UnitPublicityDetail.as_view(), name="unitpublicity-detail"),
    path(
        "unit/publicity/<int:pk>/certificate/",
        unit_publicity.UnitPublicityCertificate.as_view(),
        name="unitpublicity-certify",
    ),
    path(
        "unit/publicity/<int:pk>/papers/<slug:code>/",
        unit_publicity.UnitPublicityPaper.as_view(),
        name="unitpublicity-paper",
    ),
    path(
        "unit/publicity/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=UNIT_PUBLICITY),
        name="unitpublicity-do",
    ),
    path("forwarder/", forwarder.ForwarderList.as_view(), name="forwarder-list"),
    path("forwarder/declarations/<int:pk>/", forwarder.ForwarderDeclaration.as_view(), name="forwarder-declaration"),
    path(
        "forwarder/declarations/<int:pk>/send-back/", forwarder.ForwarderSendBack.as_view(), name="forwarder-sendback"
    ),
    path("office/", office.OfficeList.as_view(), name="office-list"),
    path("office/batch/", office_batch.OfficeBatch.as_view(), name="office-batch"),
    path("office/batch/<int:pk>/", office_batch.OfficeBatchDone.as_view(), name="office-batch-done"),
    path("office/declarations/<int:pk>/assign/", office_case.OfficeAssign.as_view(), name="office-assign"),
    path("office/declarations/<int:pk>/", office_case.OfficeDeclaration.as_view(), name="office-declaration"),
    path("office/declarations/<int:pk>/reveal/", office_case.OfficeReveal.as_view(), name="office-reveal"),
    path("office/declarations/<int:pk>/accept/", office_case.OfficeAccept.as_view(), name="office-accept"),
    path("office/declarations/<int:pk>/supplement/", office_case.OfficeSupplement.as_view(), name="office-supplement"),
    path("office/declarations/<int:pk>/stand-back/", office_case.OfficeStandBack.as_view(), name="office-stand-back"),
    path(
        "office/case-recusals/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=CASE_RECUSAL),
        name="case-recusal-do",
    ),
    path("office/declarations/<int:pk>/qualify/", office_case.OfficeQualify.as_view(), name="office-qualify"),
    path("office/declarations/<int:pk>/disqualify/", office_case.OfficeDisqualify.as_view(), name="office-disqualify"),
    path("office/declarations/<int:pk>/redirect/", office_case.OfficeRedirect.as_view(), name="office-redirect"),
    path("office/declarations/<int:pk>/send-back/", office_case.OfficeSendBack.as_view(), name="office-sendback"),
    path("declarations/<int:pk>/changes/", changes.Changes.as_view(), name="declaration-changes"),
    path("declarations/<int:pk>/files/<uuid:upload>/", unit_case.DeclarationFile.as_view(), name="declaration-file"),
]
