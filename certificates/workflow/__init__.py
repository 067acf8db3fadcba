"""The tables of this stage and what each transition writes."""

from .appointment import APPOINTMENT
from .certificate import CERTIFICATE, REVOCATION
from .claim import CLAIM
from .correction import CORRECTION
from .disclosure import DISCLOSURE
from .issue import ISSUE_BATCH, ISSUE_DOCUMENT
from .seal import SEAL

TABLES = (ISSUE_DOCUMENT, ISSUE_BATCH, CLAIM, CERTIFICATE, CORRECTION, REVOCATION, APPOINTMENT, DISCLOSURE, SEAL)
"""Every table of the app, for the status triggers."""

__all__ = [
    "APPOINTMENT",
    "CERTIFICATE",
    "CLAIM",
    "CORRECTION",
    "DISCLOSURE",
    "ISSUE_BATCH",
    "ISSUE_DOCUMENT",
    "REVOCATION",
    "SEAL",
    "TABLES",
]
