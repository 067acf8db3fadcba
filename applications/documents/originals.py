"""The receipt of one hand-over of paper originals (原件交接单)."""

from typing import Any

from django.conf import settings

from applications.models import HandOver
from appraisal_portal.kernel import documents
from appraisal_portal.kernel.access import NOBODY
from appraisal_portal.kernel.rendering.pdf import chinese_date

CODE = "originals-receipt"


def _content(hand_over: HandOver) -> dict[str, Any]:
    """What the unchangeable row says: printed today or in a year, the paper says the same."""
    bundle = hand_over.originals
    case = bundle.declaration
    mine = f"申报人 {case.applicant.name}"
    return {
        "title": "职称申报纸质原件交接单",
        "facts": [
            ["申报编号", case.number],
            ["申报人", case.applicant.name],
            ["交接序号", f"{bundle.pk}-{hand_over.number}"],
            ["移交方", f"{hand_over.from_body or mine}（经办：{hand_over.from_person}）"],
            ["接收方", f"{hand_over.to_body or mine}（经办：{hand_over.to_person}）"],
            *[[f"原件 {place}", f"{item['text']}，{item['copies']} 份"] for place, item in enumerate(bundle.items, 1)],
            ["合计", f"{bundle.copies} 份"],
        ],
        "paragraphs": ["上列原件已当面清点交接。评审结束后，原件按报送渠道退回申报人所在单位或委托机构。"],
        "contact": "",
        "signed_by": "移交人：　　　　　　　接收人：　　　　　　　",
        "office": settings.PORTAL_SITE_NAME,
        "dated": chinese_date(hand_over.handed_on),
    }


receipt = documents.register(
    documents.DocumentType(
        code=CODE,
        title="职称申报纸质原件交接单",
        paper="A4 portrait",
        kind="pdf",
        template="documents/base_letter.html",
        content=_content,
        readers=NOBODY,  # reached through the page of the bundle, which knows who sees it
        basis="originals.returned",
    )
)
