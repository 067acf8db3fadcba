"""Addresses of the certificates. Grouped by what they begin with: Django tries one after the other."""

from django.urls import URLPattern, URLResolver, include, path

from appraisal_portal.kernel.views import TransitionView
from certificates.views import (
    appointments,
    batches,
    bureau,
    claims,
    corrections,
    credentials,
    data,
    deciding,
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

_credentials = [
    path("status/<slug:purpose>/<int:number>/", credentials.StatusList.as_view(), name="status-list"),
    # Without a slash at its end, for so it stands in credentials that were given.
    path("terms", credentials.Terms.as_view(), name="credential-terms"),
]
_results = [
    path("", public.ResultList.as_view(), name="result-list"),
    path("<int:pk>/", public.ResultDetail.as_view(), name="result-detail"),
    path("<int:pk>/document/", public.ResultDownload.as_view(), name="result-download"),
    path("<int:pk>/proof/", public.ResultProof.as_view(), name="result-proof"),
    path("units/<int:pk>/", public.ResultFiled.as_view(), name="result-filed"),
    path("units/<int:pk>/proof/", public.FiledProof.as_view(), name="result-filed-proof"),
]
_certificates = [
    path("verify/", public.VerifyView.as_view(), name="verify"),
    path("proof/<str:ticket>/", public.ProofDownload.as_view(), name="verify-proof"),
    path("photo/<str:ticket>/", public.CheckedPhoto.as_view(), name="verify-photo"),
    path("verify/file/", uploaded.VerifyFile.as_view(), name="verify-file"),
    path("<int:pk>/", bureau.CertificateDetail.as_view(), name="certificate-detail"),
    path("<int:pk>/credential/", credentials.CertificateCredential.as_view(), name="certificate-credential"),
    path("<int:pk>/photo/", bureau.CertificatePhoto.as_view(), name="certificate-photo"),
    path("<int:pk>/seal/", seals.CertificateSeal.as_view(), name="certificate-seal"),
    path("<int:pk>/shown/<slug:what>/", holder.DisclosureSwitch.as_view(), name="disclosure-switch"),
    path("<int:pk>/download/", bureau.CertificateDownload.as_view(), name="certificate-download"),
    path("<int:pk>/do/<slug:transition>/", TransitionView.as_view(workflow=CERTIFICATE), name="certificate-do"),
    path("<int:pk>/correct/", corrections.CorrectionNew.as_view(), name="correction-new"),
    path("<int:pk>/revoke/", bureau.RevocationNew.as_view(), name="revocation-new"),
]
_mine = [
    path("claims/", claims.ClaimList.as_view(), name="claim-list"),
    path("claims/new/", claims.ClaimNew.as_view(), name="claim-new"),
    path("claims/new/paper/", claims.ClaimNew.as_view(kind="archive"), name="claim-new-paper"),
    path("claims/<int:pk>/", claims.ClaimEdit.as_view(), name="claim-edit"),
    path("certificates/", bureau.CertificateList.as_view(), name="certificate-list"),
]
_claims = [
    path("<int:pk>/", claims.ClaimDetail.as_view(), name="claim-detail"),
    path("<int:pk>/file/<slug:which>/", claims.ClaimFile.as_view(), name="claim-file"),
    path("<int:pk>/retry/", claims.ClaimRetry.as_view(), name="claim-retry"),
    path("<int:pk>/do/<slug:transition>/", deciding.ClaimStep.as_view(workflow=CLAIM), name="claim-do"),
]
_appointments = [
    path("", appointments.AppointmentList.as_view(), name="appointment-list"),
    path("new/", appointments.AppointmentNew.as_view(), name="appointment-new"),
    path("<int:pk>/", appointments.AppointmentDetail.as_view(), name="appointment-detail"),
    path("<int:pk>/do/<slug:transition>/", TransitionView.as_view(workflow=APPOINTMENT), name="appointment-do"),
]
_documents = [
    path("", bureau.DocumentList.as_view(), name="document-list"),
    path("new/", bureau.DocumentNew.as_view(), name="document-new"),
    path("<int:pk>/", bureau.DocumentDetail.as_view(), name="document-detail"),
    path("<int:pk>/download/", bureau.DocumentDownload.as_view(), name="document-download"),
    path("<int:pk>/data/", data.DocumentExport.as_view(), name="document-export"),
    path("<int:pk>/data/file/", data.DocumentTable.as_view(), name="document-table"),
    path("<int:pk>/batch/", batches.BatchNew.as_view(), name="batch-new"),
    path("<int:pk>/do/<slug:transition>/", TransitionView.as_view(workflow=ISSUE_DOCUMENT), name="document-do"),
]
_batches = [
    path("<int:pk>/", batches.BatchDetail.as_view(), name="batch-detail"),
    path("<int:pk>/progress/", batches.BatchProgress.as_view(), name="batch-progress"),
    path("<int:pk>/preview/", preview.PreviewWall.as_view(), name="batch-preview"),
    path("<int:pk>/preview/<int:item>/", preview.PreviewSheet.as_view(), name="batch-preview-sheet"),
    path("<int:pk>/preview/<int:item>/photo/", preview.PreviewPhoto.as_view(), name="batch-preview-photo"),
    path("<int:pk>/items/<int:item>/retry/", batches.ItemRetry.as_view(), name="item-retry"),
    path("<int:pk>/do/<slug:transition>/", deciding.BatchStep.as_view(workflow=ISSUE_BATCH), name="batch-do"),
]
_seals = [
    path("", seals.SealList.as_view(), name="seal-list"),
    path("new/", seals.SealNew.as_view(), name="seal-new"),
    path("<int:pk>/", seals.SealDetail.as_view(), name="seal-detail"),
    path("<int:pk>/picture/", seals.SealPicture.as_view(), name="seal-picture"),
    path("<int:pk>/do/<slug:transition>/", TransitionView.as_view(workflow=SEAL), name="seal-do"),
]
_corrections = [
    path("<int:pk>/", corrections.CorrectionDetail.as_view(), name="correction-detail"),
    path("<int:pk>/do/<slug:transition>/", deciding.CorrectionStep.as_view(workflow=CORRECTION), name="correction-do"),
]
_revocations = [
    path("<int:pk>/", bureau.RevocationDetail.as_view(), name="revocation-detail"),
    path("<int:pk>/do/<slug:transition>/", deciding.RevocationStep.as_view(workflow=REVOCATION), name="revocation-do"),
]
_bureau: list[URLPattern | URLResolver] = [
    path("claims/", claims.ClaimQueue.as_view(), name="claim-queue"),
    path("filed/", bureau.FiledList.as_view(), name="filed-list"),
    path("filed/<int:pk>/retry/", bureau.FiledRetry.as_view(), name="filed-retry"),
    path("documents/", include(_documents)),
    path("batches/", include(_batches)),
    path("seals/", include(_seals)),
    path("corrections/", include(_corrections)),
    path("revocations/", include(_revocations)),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("c/<str:token>/", public.TokenView.as_view(), name="verify-token"),
    path("c/<str:token>/credential/", credentials.TokenCredential.as_view(), name="verify-credential"),
    path("certificates/", include(_certificates)),
    path("results/", include(_results)),
    path("credentials/", include(_credentials)),
    path("my/", include(_mine)),
    path("claims/", include(_claims)),
    path("appointments/", include(_appointments)),
    path("bureau/certificates/", include(_bureau)),
]
