"""What must hold before anything becomes final, by subject; every problem in words."""

from .certificate import (
    certificate_still_valid,
    evidence_given,
    no_live_certificate,
    no_other_revocation,
    printable,
)
from .correction import drawn_in_full, no_other_correction, not_in_the_future, something_changes
from .issue import (
    count_as_expected,
    document_published,
    every_item_settled,
    has_people,
    none_frozen,
    not_in_other_document,
    paper_made,
    reports_decided,
)

__all__ = [
    "certificate_still_valid",
    "count_as_expected",
    "document_published",
    "drawn_in_full",
    "every_item_settled",
    "evidence_given",
    "has_people",
    "no_live_certificate",
    "no_other_correction",
    "no_other_revocation",
    "none_frozen",
    "not_in_other_document",
    "not_in_the_future",
    "paper_made",
    "printable",
    "reports_decided",
    "something_changes",
]
