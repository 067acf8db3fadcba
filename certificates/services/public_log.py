"""What is public for good from here on, in the public log (公开日志): documents, results of units, certificates."""

from appraisal_portal.kernel import clock, publiclog
from certificates.models import CertificateRecord, CertificateVersion, IssueDocumentRecord
from certificates.rules.issue import filed_shown
from committees.autonomous.models import FiledBatch, FiledBatchRecord

DOCUMENT, FILED, CERTIFICATE, REVOKED = "result-document", "result-filed", "certificate", "certificate-revoked"

SHOWN = (
    "name", "title", "series", "specialty", "level", "committee", "qualified_on", "issuing_body", "issued_on",
    "document_number",
)  # fmt: skip
"""What the check of a certificate shows of the sheet: never identity number, unit or photograph."""


def _published(record: IssueDocumentRecord) -> publiclog.Fact:
    row = record.subject
    content = {
        "number": row.number,
        "title": row.title,
        "published_on": row.published_on,
        "sha256": row.document.sha256,
    }
    return publiclog.Fact(row.pk, content, ref=row.number)


def _on_record(record: FiledBatchRecord) -> publiclog.Fact:
    """What the page of the results shows from the record on: the record is their announcement, no document follows."""
    row: FiledBatch = record.subject
    delegation = row.plan.delegation
    content = {
        "number": row.number,
        "title": row.title,
        "delegation": delegation.document,
        "authority": delegation.authority.name,
        "accepted_on": clock.local(record.at).date(),
        "people": filed_shown(row.rows.select_related("person", "title").order_by("seq"), delegation.unit.name),
    }
    return publiclog.Fact(row.pk, content, ref=str(row.number))


def _issued(record: CertificateRecord) -> publiclog.Fact:
    """The version that was printed first."""
    return _printed(record, 1)


def _corrected(record: CertificateRecord) -> publiclog.Fact:
    """The version the correction printed: the second one with the first correction."""
    before = record.subject.records.filter(transition="correct", pk__lte=record.pk).count()
    return _printed(record, before + 1)


def _printed(record: CertificateRecord, version: int) -> publiclog.Fact:
    row: CertificateVersion = record.subject.versions.select_related("document", "certificate").get(version=version)
    content = {
        "number": row.certificate.number,
        "version": row.version,
        **{key: row.snapshot[key] for key in SHOWN},
        "sha256": row.document.sha256,
    }
    return publiclog.Fact(row.pk, content)


def _revoked(record: CertificateRecord) -> publiclog.Fact:
    """A line of its own salt: whoever was not shown it cannot tell whose certificate it was."""
    row = record.subject
    return publiclog.Fact(row.pk, {"number": row.number, "revoked_on": row.revoked_on})


publiclog.register(DOCUMENT, IssueDocumentRecord, "publish", _published)
publiclog.register(FILED, FiledBatchRecord, "accept", _on_record)
publiclog.register(CERTIFICATE, CertificateRecord, "issue", _issued)
publiclog.register(CERTIFICATE, CertificateRecord, "correct", _corrected)
publiclog.register(REVOKED, CertificateRecord, "revoke", _revoked)
