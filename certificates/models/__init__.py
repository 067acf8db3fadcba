"""Rows of what the bureau made final: documents, batches, claims, certificates, revocations, public look-ups."""

from .appointment import Appointment, AppointmentRecord
from .certificate import (
    Certificate,
    CertificateRecord,
    CertificateVersion,
    Lookup,
    Revocation,
    RevocationRecord,
)
from .claim import Claim, ClaimRecord
from .correction import Correction, CorrectionRecord
from .disclosure import Disclosure, DisclosureRecord
from .issue import IssueBatch, IssueBatchRecord, IssueDocument, IssueDocumentRecord, IssueItem
from .seal import Seal, SealRecord

__all__ = [
    "Appointment",
    "AppointmentRecord",
    "Certificate",
    "CertificateRecord",
    "CertificateVersion",
    "Claim",
    "ClaimRecord",
    "Correction",
    "CorrectionRecord",
    "Disclosure",
    "DisclosureRecord",
    "IssueBatch",
    "IssueBatchRecord",
    "IssueDocument",
    "IssueDocumentRecord",
    "IssueItem",
    "Lookup",
    "Revocation",
    "RevocationRecord",
    "Seal",
    "SealRecord",
]
