"""The bureau's document with its list annexed (发文); certificates are drawn in services/issuing.py."""

from typing import Any

from django.conf import settings
from django.db import transaction

from appraisal_portal.kernel import documents, publiclog
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.rendering import chinese_date
from certificates.models import IssueDocument
from certificates.rules.issue import people_shown

CODE = "issue-document"


def _content(document: IssueDocument) -> dict[str, Any]:
    rows = document.rows()
    groups: dict[str, list[dict[str, Any]]] = {}
    for row, shown in zip(rows, people_shown(rows), strict=True):
        groups.setdefault(row.data_3_6["committee"], []).append(shown)
    return {
        "office": settings.PORTAL_OWNER_NAME,
        "red_head": True,
        "number": document.number,
        "title": document.title,
        "count": len(rows),
        "groups": [{"committee": name, "people": people} for name, people in groups.items()],
        "dated": chinese_date(document.dated),
        "signed_by": settings.PORTAL_OWNER_NAME,
        "log_head": publiclog.printed_head(),
    }


documents.register(
    documents.DocumentType(
        code=CODE,
        title="关于公布专业技术职务任职资格的通知",
        paper="A4",
        kind="pdf",
        content=_content,
        template="documents/issue-document.html",
        readers=PUBLIC,
        basis="results.publicised",
    )
)


@transaction.atomic
def make(document_pk: int) -> None:
    """Make the numbered PDF of an approved document, once."""
    document = IssueDocument.objects.select_for_update(of=("self",)).get(pk=document_pk)
    if document.document_id is None:
        document.document = documents.make(CODE, document, actor=document.decided_by, number=document.number)
        document.save(update_fields=["document"])
