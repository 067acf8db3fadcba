"""Addresses of the certificates."""

from django.urls import path

from appraisal_portal.kernel.views import TransitionView
from certificates.views import (
    appointments,
    batches,
    bureau,
    claims,
    corrections,
    credentials,
    data,
    holder,
    preview,
    public,
    seals,
    uploaded,
)
from certificates.workflow import (
    APPOINTMENT,
    CERTIFICATE,
    CLAIM,
    CORRECTION,
    ISSUE_BATCH,
    ISSUE_DOCUMENT,
    REVOCATION,
    SEAL,
)

app_name = "certificates"
_BUREAU = "bureau/certificates/"

urlpatterns = [
    path("c/<str:token>/", public.TokenView.as_view(), name="verify-token"),
    path("c/<str:token>/credential/", credentials.TokenCredential.as_view(), name="verify-credential"),
    path("credentials/status/<slug:purpose>/<int:number>/", credentials.StatusList.as_view(), name="status-list"),
    # Without a slash at its end, for so it stands in credentials that were given.
    path("credentials/terms", credentials.Terms.as_view(), name="credential-terms"),
    path("certificates/verify/", public.VerifyView.as_view(), name="verify"),
    path("certificates/proof/<str:ticket>/", public.ProofDownload.as_view(), name="verify-proof"),
    path("certificates/photo/<str:ticket>/", public.CheckedPhoto.as_view(), name="verify-photo"),
    path("certificates/verify/file/", uploaded.VerifyFile.as_view(), name="verify-file"),
    path("results/", public.ResultList.as_view(), name="result-list"),
    path("results/<int:pk>/", public.ResultDetail.as_view(), name="result-detail"),
    path("results/<int:pk>/document/", public.ResultDownload.as_view(), name="result-download"),
    path("results/<int:pk>/proof/", public.ResultProof.as_view(), name="result-proof"),
    path("results/units/<int:pk>/", public.ResultFiled.as_view(), name="result-filed"),
    path("results/units/<int:pk>/proof/", public.FiledProof.as_view(), name="result-filed-proof"),
    path("my/claims/", claims.ClaimList.as_view(), name="claim-list"),
    path("my/claims/new/", claims.ClaimNew.as_view(), name="claim-new"),
    path("my/claims/new/paper/", claims.ClaimNew.as_view(kind="archive"), name="claim-new-paper"),
    path("my/claims/<int:pk>/", claims.ClaimEdit.as_view(), name="claim-edit"),
    path("claims/<int:pk>/", claims.ClaimDetail.as_view(), name="claim-detail"),
    path("claims/<int:pk>/file/<slug:which>/", claims.ClaimFile.as_view(), name="claim-file"),
    path("claims/<int:pk>/retry/", claims.ClaimRetry.as_view(), name="claim-retry"),
    path("claims/<int:pk>/do/<slug:transition>/", TransitionView.as_view(workflow=CLAIM), name="claim-do"),
    path(f"{_BUREAU}claims/", claims.ClaimQueue.as_view(), name="claim-queue"),
    path("appointments/", appointments.AppointmentList.as_view(), name="appointment-list"),
    path("appointments/new/", appointments.AppointmentNew.as_view(), name="appointment-new"),
    path("appointments/<int:pk>/", appointments.AppointmentDetail.as_view(), name="appointment-detail"),
    path(
        "appointments/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=APPOINTMENT),
        name="appointment-do",
    ),
    path("my/certificates/", bureau.CertificateList.as_view(), name="certificate-list"),
    path("certificates/<int:pk>/", bureau.CertificateDetail.as_view(), name="certificate-detail"),
    path(
        "certificates/<int:pk>/credential/", credentials.CertificateCredential.as_view(), name="certificate-credential"
    ),
    path("certificates/<int:pk>/photo/", bureau.CertificatePhoto.as_view(), name="certificate-photo"),
    path("certificates/<int:pk>/seal/", seals.CertificateSeal.as_view(), name="certificate-seal"),
    path("certificates/<int:pk>/shown/<slug:what>/", holder.DisclosureSwitch.as_view(), name="disclosure-switch"),
    path(f"{_BUREAU}filed/", bureau.FiledList.as_view(), name="filed-list"),
    path(f"{_BUREAU}filed/<int:pk>/retry/", bureau.FiledRetry.as_view(), name="filed-retry"),
    path("certificates/<int:pk>/download/", bureau.CertificateDownload.as_view(), name="certificate-download"),
    path(
        "certificates/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=CERTIFICATE),
        name="certificate-do",
    ),
    path("certificates/<int:pk>/correct/", corrections.CorrectionNew.as_view(), name="correction-new"),
    path("certificates/<int:pk>/revoke/", bureau.RevocationNew.as_view(), name="revocation-new"),
    path(f"{_BUREAU}documents/", bureau.DocumentList.as_view(), name="document-list"),
    path(f"{_BUREAU}documents/new/", bureau.DocumentNew.as_view(), name="document-new"),
    path(f"{_BUREAU}documents/<int:pk>/", bureau.DocumentDetail.as_view(), name="document-detail"),
    path(f"{_BUREAU}documents/<int:pk>/download/", bureau.DocumentDownload.as_view(), name="document-download"),
    path(f"{_BUREAU}documents/<int:pk>/data/", data.DocumentExport.as_view(), name="document-export"),
    path(f"{_BUREAU}documents/<int:pk>/data/file/", data.DocumentTable.as_view(), name="document-table"),
    path(f"{_BUREAU}documents/<int:pk>/batch/", batches.BatchNew.as_view(), name="batch-new"),
    path(
        f"{_BUREAU}documents/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=ISSUE_DOCUMENT),
        name="document-do",
    ),
    path(f"{_BUREAU}batches/<int:pk>/", batches.BatchDetail.as_view(), name="batch-detail"),
    path(f"{_BUREAU}batches/<int:pk>/progress/", batches.BatchProgress.as_view(), name="batch-progress"),
    path(f"{_BUREAU}batches/<int:pk>/preview/", preview.PreviewWall.as_view(), name="batch-preview"),
    path(f"{_BUREAU}batches/<int:pk>/preview/<int:item>/", preview.PreviewSheet.as_view(), name="batch-preview-sheet"),
    path(
        f"{_BUREAU}batches/<int:pk>/preview/<int:item>/photo/",
        preview.PreviewPhoto.as_view(),
        name="batch-preview-photo",
    ),
    path(f"{_BUREAU}batches/<int:pk>/items/<int:item>/retry/", batches.ItemRetry.as_view(), name="item-retry"),
    path(
        f"{_BUREAU}batches/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=ISSUE_BATCH),
        name="batch-do",
    ),
    path(f"{_BUREAU}seals/", seals.SealList.as_view(), name="seal-list"),
    path(f"{_BUREAU}seals/new/", seals.SealNew.as_view(), name="seal-new"),
    path(f"{_BUREAU}seals/<int:pk>/", seals.SealDetail.as_view(), name="seal-detail"),
    path(f"{_BUREAU}seals/<int:pk>/picture/", seals.SealPicture.as_view(), name="seal-picture"),
    path(f"{_BUREAU}seals/<int:pk>/do/<slug:transition>/", TransitionView.as_view(workflow=SEAL), name="seal-do"),
    path(f"{_BUREAU}corrections/<int:pk>/", corrections.CorrectionDetail.as_view(), name="correction-detail"),
    path(
        f"{_BUREAU}corrections/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=CORRECTION),
        name="correction-do",
    ),
    path(f"{_BUREAU}revocations/<int:pk>/", bureau.RevocationDetail.as_view(), name="revocation-detail"),
    path(
        f"{_BUREAU}revocations/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=REVOCATION),
        name="revocation-do",
    ),
]
