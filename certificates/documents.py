"""The bureau's document with its list annexed (发文) and the table of its certificates' data; certificates are drawn
in services/issuing.py."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction

from appraisal_portal.kernel import documents, publiclog
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.rendering import chinese_date
from certificates.access import is_bureau
from certificates.models import CertificateVersion, Correction, IssueDocument
from certificates.rules.issue import people_shown
from committees.reviews.documents.results import INFORMATION_COLUMNS, information_row

CODE, DATA = "issue-document", "certificate-data"
CORRECTED = Correction.FIELDS


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


def _data(document: IssueDocument) -> dict[str, Any]:
    """The columns of 3-6 with what the bureau adds to them: number and day of the certificates that are issued."""
    items = document.rows()
    people = [item.declaration_id for item in items]
    sheets = CertificateVersion.objects.filter(superseded_at=None, certificate__declaration__in=people)
    issued = {row.certificate.declaration_id: row for row in sheets.select_related("certificate")}
    rows = []
    for place, item in enumerate(items, 1):
        sheet = issued.get(item.declaration_id)
        # What was corrected since stands on the sheet in force.
        now = {key: sheet.snapshot[key] for key in CORRECTED} if sheet else {}
        row = {**information_row({**item.data_3_6, **now}), "seq": place, "document_no": document.number}
        row["photo"] = f"{item.seq:03d}_{item.declaration.number}.jpg" if item.photo_id else ""
        if sheet is not None:
            certificate = sheet.certificate
            row |= {"certificate_no": certificate.number, "issued_on": certificate.issued_on.isoformat()}
            row["issuing_body"] = certificate.issuing_body
            row["remark"] = "；".join(filter(None, (item.data_3_6["remark"], _revoked(certificate.revoked_on))))
        rows.append(row)
    return {
        "title": f"{document.number} 证书信息（附件3-6栏目）",
        "sheet": "3-6 证书信息",
        "head": [NOT_NATIONAL],
        "rows": rows,
        "foot": [f"共 {len(rows)} 人，已制发证书 {len(issued)} 份　导出单位：{settings.PORTAL_OWNER_NAME}"],
    }


def _revoked(day: dt.date | None) -> str:
    return f"{day.isoformat()}撤销" if day else ""


NOT_NATIONAL = (
    "本表按附件3-6的栏目导出，供核对、报送时使用；不是全国职称评审信息查询平台的数据交换格式。"
    "含身份证号码，请妥善保管。"
)

documents.register(
    documents.DocumentType(
        code=DATA,
        title="证书信息（附件3-6栏目）",
        paper="A3 landscape",
        kind="xlsx",
        content=_data,
        columns=INFORMATION_COLUMNS,
        readers=is_bureau,
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
