"""The receipt (职称申报回执) of submission, correction and supplement, each with its own hash and code."""

from typing import Any

import segno
from django.conf import settings
from django.urls import reverse

from applications.models import Receipt
from applications.services.receipts import CODE
from appraisal_portal.kernel import clock, documents
from appraisal_portal.kernel.access import NOBODY
from appraisal_portal.kernel.identity import mask
from appraisal_portal.kernel.rendering.pdf import chinese_date

_ACTS = {Receipt.Act.SUBMIT: "提交申报", Receipt.Act.RESUBMIT: "更正后再次提交", Receipt.Act.SUPPLY: "提交补正材料"}


def _content(receipt: Receipt) -> dict[str, Any]:
    """Everything from what was frozen with the receipt: made today or in a year, the paper says the same."""
    said = receipt.snapshot.content
    person, application = said.get("person", {}), said.get("application", {})
    moment = clock.local(receipt.at)
    number = receipt.declaration.number
    address = settings.PORTAL_SITE_URL + reverse("applications:receipt-code", args=[number, receipt.code])
    return {
        "title": "职称申报回执",
        "facts": [
            ["申报编号", number],
            ["回执", f"第 {receipt.version} 份：{_ACTS[Receipt.Act(receipt.act)]}"],
            ["姓名", person.get("name", "")],
            ["证件号码", mask(person.get("id_number", ""))],
            ["申报资格", application.get("title", "")],
            ["申报专业", application.get("subfield") or application.get("series", "")],
            ["所在单位", application.get("unit", "")],
            ["评审委员会", receipt.committee],
            ["提交时间（服务器收到）", moment.strftime("%Y-%m-%d %H:%M:%S")],
            ["核验码", receipt.code],
            ["材料摘要", f"SHA-256 {receipt.snapshot.sha256}"],
        ],
        "next_step": receipt.next_step,
        "qr": segno.make(address, error="m").svg_inline(scale=1, border=0, omitsize=True),
        "verify_address": settings.PORTAL_SITE_URL + reverse("applications:receipt-check"),
        "dated": chinese_date(moment.date()),
    }


receipt = documents.register(
    documents.DocumentType(
        code=CODE,
        title="职称申报回执",
        paper="A4",
        kind="pdf",
        template="documents/receipt.html",
        content=_content,
        readers=NOBODY,  # reached through the receipt's own page, which knows whose it is
    )
)
