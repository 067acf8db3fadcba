"""The letter of entrusted appraisal (委托评审函) with the list annexed."""

from typing import Any

from django.conf import settings

from appraisal_portal.kernel import clock, documents, publiclog, references
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.rendering import chinese_date
from committees.reviews.models import EntrustmentLetter
from committees.reviews.models.entrustment import LETTER


def _content(letter: EntrustmentLetter) -> dict[str, Any]:
    rows = [item.report_item.data_3_6 for item in letter.people()]
    named = ("name", "employer", "series", "title", "specialty", "committee")
    return {
        "office": settings.PORTAL_OWNER_NAME,
        "title": "关于委托评审专业技术职务任职资格的函",
        "addressee": letter.addressee,
        "people": [{key: row[key] for key in named} for row in rows],
        "count": len(rows),
        "committees": sorted({row["committee"] for row in rows}),
        "attachments": [f"委托评审人员名单（{len(rows)} 人）"],
        "signed_by": settings.PORTAL_OWNER_NAME,
        "dated": chinese_date(letter.issued_on) if letter.issued_on else "",
        "contact": f"{letter.contact} {letter.phone}",
        "log_head": publiclog.printed_head(),
    }


documents.register(
    documents.DocumentType(
        code=LETTER, title="委托评审函", paper="A4 portrait", kind="pdf", content=_content,
        template="documents/entrustment.html", readers=SIGNED_IN, basis="senior.entrusted_by_bureau",
        number_series=documents.NumberRule(
            series="entrustment",
            period=lambda letter: str((letter.issued_on or clock.today()).year),
            write=lambda year, n: references.document_number(settings.PORTAL_ENTRUSTMENT_PREFIX, year, n),
        ),
    )
)  # fmt: skip
