"""The decision about false material in writing (弄虚作假处理决定书), for the person concerned and the unit."""

from typing import Any

from django.conf import settings

from applications.models import Heard, Sanction
from applications.workflow.sanction import LETTER
from appraisal_portal.kernel import clock, documents
from appraisal_portal.kernel.access import NOBODY
from appraisal_portal.kernel.rendering.pdf import chinese_date

_HEARD = {
    Heard.STATEMENT: "本局听取了你的书面陈述、申辩",
    Heard.HEARING: "本局举行听证，听取了你的陈述、申辩",
    Heard.ABSENT: "本局通知你参加听证，你未到场",
    Heard.REFUSED: "本局告知你可以陈述、申辩，你明确表示放弃",
    Heard.SILENT: "本局告知你可以陈述、申辩，你在规定时间内未提出",
}


def _content(case: Sanction) -> dict[str, Any]:
    person, unit = case.person, case.unit
    facts = [
        ["姓名", person.name],
        ["证件号码", person.masked_id_number],
        ["申报编号", (case.declaration.number if case.declaration else "") or "—"],
        ["申报时所在单位", unit.name if unit else "—"],
        ["评审年度", f"{case.review_year} 年"],
        ["不得申报的年度", f"{case.from_year} 年至 {case.to_year} 年"],
        ["单位责任", "单位对申报材料真实性负有责任，予以记录" if case.unit_responsible else "未认定"],
    ]
    return {
        "office": settings.PORTAL_OWNER_NAME,
        "title": "关于申报材料弄虚作假的处理决定",
        "addressee": person.name,
        "paragraphs": [
            f"经查，你在 {case.review_year} 年度职称评审中提交的申报材料存在下列问题：{case.ground}",
            f"证据：{case.evidence}",
            f"作出决定前，{_HEARD[Heard(case.heard_how)]}。",
            f"根据丽水市 2018 年职称评审工作通知第四部分第（四）项，决定退回申报材料，取消以该材料取得的资格，"
            f"自评审年度的次年起三年内（{case.from_year} 年至 {case.to_year} 年）不得申报。",
            "你可以在平台本决定的页面说明理由，申请解除；本局举行听证后由两人另行作出决定，原决定和新决定一并留存。",
        ],
        "facts": facts,
        "attachments": [],
        "signed_by": settings.PORTAL_OWNER_NAME,
        "dated": chinese_date(clock.today()),
    }


documents.register(
    documents.DocumentType(
        code=LETTER, title="弄虚作假处理决定书", paper="A4", kind="pdf", template="documents/base_letter.html",
        content=_content, basis="falsification.ban_years",
        readers=NOBODY,  # reached through the page of the case, which knows whom it concerns
    )
)  # fmt: skip
