"""Papers of a decision without a vote (初定、确认): the letter for the units, the whole register for the bureau.

The letter goes round among all units concerned, so it says no more than the publicity of the granted will say; who was
refused, and why, stands in the register and in the letter each person and their own unit read.
"""

from typing import Any

from appraisal_portal.accounts.models import Organisation
from appraisal_portal.kernel import documents
from appraisal_portal.kernel.rendering import Column, chinese_date
from committees.reviews.access.determination import reads_determinations
from committees.reviews.documents.results import MANNER
from committees.reviews.models import Determination
from committees.reviews.models.determination import LETTER, REGISTER

COLUMNS = (
    Column("seq", "序号", 6, "int"),
    Column("number", "申报编号", 14),
    Column("name", "姓名", 12),
    Column("employer", "工作单位", 34),
    Column("series", "系列", 14),
    Column("title", "资格名称", 16),
    Column("outcome", "决定", 12),
    Column("reason", "理由", 50),
)


def _items(determination: Determination) -> list[Any]:
    people = ("declaration__applicant", "declaration__unit", "declaration__title", "declaration__series")
    return list(determination.items.select_related(*people).order_by("seq"))


def _letter(determination: Determination) -> dict[str, Any]:
    manner = MANNER[determination.line.channel]
    items = _items(determination)
    granted = [item for item in items if item.outcome == "granted"]
    day = chinese_date(determination.decided_on) if determination.decided_on else ""
    by_bureau = determination.authority.kind == Organisation.Kind.CITY_BUREAU
    published = "由本局公布" if by_bureau else "报市人力资源和社会保障局公布"
    paragraphs = [
        f"经所在单位公示、推荐，本局审查，不经表决，决定{manner}下列{len(granted)}人职称，"
        f"资格取得时间为{day or '决定之日'}。结果公示无异议后，{published}并制发电子证书。"
        if granted
        else f"经本局审查，不经表决，本次没有予以{manner}的人员。"
    ]
    if len(granted) < len(items):
        paragraphs.append(
            f"{'另' if granted else ''}有{len(items) - len(granted)}人未予{manner}，"
            "理由分别书面告知本人及其所在单位，不列入本决定。"
        )
    return {
        "office": determination.authority.name,
        "title": f"关于{manner}职称的决定",
        "addressee": "各有关单位",
        "paragraphs": paragraphs,
        "facts": [
            [
                f"{place}. {item.declaration.applicant.name}",
                f"{item.declaration.unit.name}　{item.declaration.series.name}　{item.declaration.title.name}",
            ]
            for place, item in enumerate(granted, 1)
        ],
        "attachments": [],
        "signed_by": determination.authority.name,
        "dated": day,
        "contact": f"{determination.contact} {determination.phone}",
    }


def _register(determination: Determination) -> dict[str, Any]:
    manner = MANNER[determination.line.channel]
    said = {"granted": f"予以{manner}", "refused": f"不予{manner}"}
    rows = [
        {
            "seq": place,
            "number": item.declaration.number,
            "name": item.declaration.applicant.name,
            "employer": item.declaration.unit.name,
            "series": item.declaration.series.name,
            "title": item.declaration.title.name,
            "outcome": said[item.outcome],
            "reason": item.reason,
        }
        for place, item in enumerate(_items(determination), 1)
    ]
    decided = chinese_date(determination.decided_on) if determination.decided_on else "—"
    return {
        "title": f"{determination.authority.name}职称{manner}人员登记表",
        "head": [f"文号：{determination.reference}　决定时间：{decided}　内部留存，不对外发放"],
        "rows": rows,
        "foot": [f"经办人：{determination.contact}　联系电话：{determination.phone}"],
    }


documents.register(
    documents.DocumentType(
        code=LETTER, title="职称初定、确认决定", paper="A4", kind="pdf", content=_letter,
        template="documents/base_letter.html", readers=reads_determinations,
    )
)  # fmt: skip
documents.register(
    documents.DocumentType(
        code=REGISTER, title="职称初定、确认人员登记表", paper="A4 landscape", kind="xlsx", content=_register,
        columns=COLUMNS, readers=reads_determinations,
    )
)  # fmt: skip
