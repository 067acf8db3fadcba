"""A certificate as a signed JSON credential (可验证凭证), and the lists that say which ones no longer hold.

Shape: W3C Verifiable Credentials Data Model 2.0, secured as a JWT (VC-JOSE-COSE, ``vc+jwt``), status by Bitstring
Status List 1.0. It says what the check of the certificate shows at the moment it is fetched: never identity number or
birth date, the unit where the holder shows it. The photograph is left out: a file that was handed on cannot be called
back.
"""

import gzip
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock, issuer
from appraisal_portal.kernel.signing import compact
from certificates.models import Certificate, CertificateVersion
from certificates.services.lookup import Verdict

CONTEXT = "https://www.w3.org/ns/credentials/v2"
MEDIA_TYPE = "application/vc+jwt"
TYPE = "ProfessionalTitleCredential"
LENGTH = 131_072
"""Entries of one list: the least the specification allows, so that whoever fetches a list does not say for whom."""
PURPOSES = {"revocation": "revoked", "refresh": "superseded"}
"""``statusPurpose`` → the state of the check it stands for. A sheet that was replaced is to be fetched anew."""
TTL = 300_000  # milliseconds
TERMS = {
    TYPE: _("A professional title of one person, as the check of the certificate shows it."),
    "ProfessionalTitleHolder": _("The person who holds the certificate; named, never numbered."),
    "professionalTitle": _("The title."),
    "series": _("The series the title belongs to."),
    "specialty": _("The specialty."),
    "level": _("The level of the title."),
    "qualifiedOn": _("The day from which the title counts, ISO 8601."),
    "committee": _("Who appraised; of an examination certificate who examined."),
    "approvalNumber": _(
        "Number of the document that approved the title; of an examination certificate its own number."
    ),
    "certificateNumber": _("Number of the certificate; it stays the same when the certificate is corrected."),
    "certificateVersion": _("Which version of the certificate this is; a correction makes the next one."),
    "source": _("“issued” after appraisal, “filed” by a unit that appraises its own staff, “exam”, or “archive”."),
    "issuingBody": _("The body that issued the certificate."),
    "issuedOn": _("The day of issue, ISO 8601."),
    "employerAtIssue": _("The work unit on the day of issue; only while the holder shows it."),
}
"""What the words of a credential mean that the W3C context does not define; published where ``@vocab`` points."""


def is_given() -> bool:
    """Whether this portal gives credentials at all."""
    return compact.is_set_up()


def of(verdict: Verdict) -> str:
    """The credential of what a check shows. Raises signing.keys.KeyMissing."""
    subject: dict[str, Any] = {
        "type": "ProfessionalTitleHolder",
        "name": verdict.name,
        "professionalTitle": verdict.title,
        "series": verdict.series,
        "specialty": verdict.specialty,
        "level": verdict.level,
        "qualifiedOn": verdict.qualified_on.isoformat(),
        "committee": verdict.committee,
        "approvalNumber": verdict.document_number,
        "certificateNumber": verdict.number,
        "certificateVersion": verdict.version,
        "source": verdict.source,
        "issuingBody": verdict.issuing_body,
        "issuedOn": verdict.issued_on.isoformat(),
    }
    if verdict.employer:
        subject["employerAtIssue"] = verdict.employer
    return _signed(
        {
            "@context": [CONTEXT, {"@vocab": f"{settings.PORTAL_SITE_URL}{reverse('certificates:credential-terms')}#"}],
            "type": ["VerifiableCredential", TYPE],
            "issuer": {"id": issuer.did(), "name": verdict.issuing_body},
            "validFrom": clock.at(verdict.issued_on, 0).isoformat(),
            "credentialSubject": subject,
            "credentialStatus": [_entry(purpose, verdict.version_key) for purpose in PURPOSES],
        }
    )


def _entry(purpose: str, key: int) -> dict[str, str]:
    number, index = divmod(key, LENGTH)
    address = list_address(purpose, number)
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def list_address(purpose: str, number: int) -> str:
    """Where a status list is found."""
    return settings.PORTAL_SITE_URL + reverse("certificates:status-list", args=[purpose, number])


def status_list(purpose: str, number: int) -> str | None:
    """The list as a credential of its own; None where there is none. Two queries. Raises KeyMissing."""
    newest = CertificateVersion.objects.aggregate(newest=Max("pk"))["newest"] or 0
    if purpose not in PURPOSES or number > newest // LENGTH:
        return None
    first = number * LENGTH
    versions = CertificateVersion.objects.filter(pk__gte=first, pk__lt=first + LENGTH).order_by()
    if purpose == "revocation":
        versions = versions.filter(certificate__status=Certificate.Status.REVOKED)
    else:
        versions = versions.filter(superseded_at__isnull=False)
    bits = bytearray(LENGTH // 8)
    for key in versions.values_list("pk", flat=True):
        index = key - first
        bits[index // 8] |= 0x80 >> index % 8  # the first entry is the leftmost bit
    address = list_address(purpose, number)
    return _signed(
        {
            "@context": [CONTEXT],
            "id": address,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": {"id": issuer.did(), "name": settings.PORTAL_OWNER_NAME},
            "validFrom": clock.at(clock.today(), 0).isoformat(),
            "credentialSubject": {
                "id": f"{address}#list",
                "type": "BitstringStatusList",
                "statusPurpose": purpose,
                "ttl": TTL,
                # multibase, base64url; no time in the compressed bytes: the same bits are the same list
                "encodedList": "u" + compact.base64url(gzip.compress(bytes(bits), mtime=0)),
            },
        }
    )


def _signed(content: dict[str, Any]) -> str:
    key = issuer.publish(compact.portal_key())
    return compact.sign(content, kid=f"{issuer.did()}#{key.kid}", typ="vc+jwt", cty="vc")
