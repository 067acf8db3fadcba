"""What this stage makes public for good: the lists under publicity, in the public log (公开日志)."""

from appraisal_portal.kernel import publiclog
from committees.reviews.models import ResultPublicity, ResultPublicityRecord

LIST = "publicity-list"


def _started(record: ResultPublicityRecord) -> publiclog.Fact:
    """The list as it was signed. The page names people for a time only, so the line says nothing but its number."""
    row: ResultPublicity = record.subject
    shown = row.content()
    content = {
        "list": row.source.body,
        "held_on": row.source.held_on,
        "kind": row.kind,
        "starts_on": row.starts_on,
        "how": shown["how"],
        "people": shown["people"],
    }
    return publiclog.Fact(row.pk, content, ref=str(row.pk))


publiclog.register(LIST, ResultPublicityRecord, "start", _started)
