"""A certificate printed anew: the old version stays as it is and is marked superseded."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction

from appraisal_portal.kernel import clock, documents, files, rendering, signing
from appraisal_portal.kernel.access import SYSTEM
from appraisal_portal.kernel.models import StoredDocument
from appraisal_portal.kernel.workflow import Refused
from certificates.models import Certificate, CertificateVersion, Correction
from certificates.services import issuing, seals, secrets, sources
from certificates.workflow import CERTIFICATE, CORRECTION


@transaction.atomic
def propose(
    certificate: Certificate, *, changes: dict[str, str], evidence: str, user: Any, address: str | None = None
) -> Correction:
    """Propose that the certificate says something else. Raises Refused with every reason."""
    Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)  # two clicks, one correction
    correction = Correction(certificate=certificate, changes=changes, evidence=evidence)
    CORRECTION.fire(correction, "propose", actor=user, address=address)
    return correction


def print_anew(correction_pk: int) -> None:
    """Draw, sign and store the new version of an approved correction. Safe to repeat; what stops it is
    stored with it."""
    row = Correction.objects.select_related("certificate").get(pk=correction_pk)
    if row.status != Correction.Status.APPROVED:
        return
    certificate = row.certificate
    before = certificate.current
    try:
        seal = seals.in_use()
        printed = {
            **{key: value for key, value in before.snapshot.items() if key != "seal"},
            **seals.named(seal),
            **row.changes,
            "version": str(before.version + 1),
            "corrected_on": clock.today().isoformat(),
            "signed_by": signing.signer_name(),
        }
        photo = sources.photo(sources.item_of(certificate))
        token, code = secrets.new_token(), secrets.new_check_code()
        sheet = signing.sign(issuing.draw(printed, photo, token=token, code=code, seal=seals.picture_of(seal)))
        _replace(row, before, printed, sheet, token=token, code=code)
    except (signing.NotSigned, rendering.RenderingRefused, files.DamagedFile, Refused, ValueError) as error:
        Correction.objects.filter(pk=row.pk, status=Correction.Status.APPROVED).update(
            error=str(error), tried_at=clock.now()
        )


def print_waiting() -> int:
    """Try again what could not be printed a while ago. Returns how many were."""
    pause = clock.now() - dt.timedelta(seconds=settings.PORTAL_TSA_PAUSE_SECONDS)
    waiting = Correction.objects.filter(status=Correction.Status.APPROVED, tried_at__lt=pause)
    tried = list(waiting.values_list("pk", flat=True))
    for pk in tried:
        print_anew(pk)
    return len(tried) - waiting.filter(pk__in=tried).count()


@transaction.atomic
def _replace(
    row: Correction, before: CertificateVersion, printed: dict[str, str], sheet: bytes, *, token: str, code: str
) -> None:
    certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=row.certificate_id)
    row = Correction.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.status != Correction.Status.APPROVED:
        return  # another worker was faster
    # The number stands on the document of the first version, once; a later one carries its version.
    stored = documents.store(
        issuing.CODE, printed["number"], "pdf", sheet, printed, actor=SYSTEM, version=before.version + 1
    )
    StoredDocument.objects.filter(pk=before.document_id, superseded_by=None).update(superseded_by=stored)
    CertificateVersion.objects.filter(pk=before.pk).update(superseded_at=clock.now())
    CertificateVersion.objects.create(
        certificate=certificate,
        version=before.version + 1,
        snapshot=printed,
        document=stored,
        reason=row.evidence[:200],
        token_sha256=secrets.token_hash(token),
        lookup_hmac=secrets.lookup_hmac(printed["number"], printed["name"], code),
        signed_at=clock.now(),
    )
    CERTIFICATE.fire(certificate, "correct", actor=SYSTEM, correction=row)
