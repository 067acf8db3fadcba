"""What this stage adds to the archive book of a meeting: announcing documents and certificates."""

from collections.abc import Iterator

from certificates.models import CertificateVersion, IssueDocument
from committees.reviews.models import Meeting
from committees.reviews.services.archive_book import Later, also_holds

CERTIFICATE = "电子证书"
"""As the book names a sheet, whose own title is its number."""


@also_holds
def issued(meeting: Meeting) -> Iterator[Later]:
    """Every issue document over a report of the meeting, then every version of every certificate of its people."""
    announced = IssueDocument.objects.filter(reports__meeting=meeting, document__isnull=False).distinct()
    for row in announced.select_related("document").order_by("pk"):
        yield Later(row.document, row.title, None, True)
    reported = "certificate__declaration__issue_items__report_item__report__meeting"
    sheets = CertificateVersion.objects.filter(**{reported: meeting}).distinct()
    for sheet in sheets.select_related("document", "certificate").order_by("certificate__number", "version"):
        current = sheet.superseded_at is None and sheet.certificate.status == "valid"
        yield Later(sheet.document, CERTIFICATE, sheet.certificate.declaration_id, current)
