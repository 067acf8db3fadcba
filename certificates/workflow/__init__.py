"""The tables of this stage and what each transition writes."""

from .appointment import APPOINTMENT
from .certificate import CERTIFICATE, REVOCATION
from .claim import CLAIM
from .disclosure import DISCLOSURE
from .issue import ISSUE_BATCH, ISSUE_DOCUMENT

TABLES = (ISSUE_DOCUMENT, ISSUE_BATCH, CLAIM, CERTIFICATE, REVOCATION, APPOINTMENT, DISCLOSURE)
"""Every table of the app, for the status triggers."""

__all__ = ["APPOINTMENT", "CERTIFICATE", "CLAIM", "DISCLOSURE", "ISSUE_BATCH", "ISSUE_DOCUMENT", "REVOCATION", "TABLES"]
