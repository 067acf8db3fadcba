"""The letter by which a bureau decides without a vote (初定、确认文件); it names everybody granted and refused."""

from typing import Any

from appraisal_portal.accounts.models import Organisation
from appraisal_portal.kernel import documents
from appraisal_portal.kernel.rendering import chinese_date
from committees.reviews.access.determination import reads_determinations
from committees.reviews.documents.results import MANNER
from committees.reviews.models import Determination

CODE = "determination"


def _letter(determination: Determination) -> dict[str, Any]:
    manner = MANNER[determination.line.channel]
    items = list(
        determination.items.select_related(
            "declaration__applicant", "declaration__unit", "declaration__title", "declaration__series"
        ).order_by("seq")
    )
    granted = [item for item in items if item.outcome == "granted"]
    refused = [item for item in items if item.outcome == "refused"]
    day = chinese_date(determination.decided_on) if determination.decided_on else ""
    by_bureau = determination.authority.kind == Organisation.Kind.CITY_BUREAU
    published = "由本局公布" if by_bureau else "报市人力资源和社会保障局公布"
    paragraphs = [
        f"经所在单位公示、推荐，本局审查，不经表决，决定{manner}下列{len(granted)}人职称，"
        f"资格取得时间为{day or '决定之日'}。结果公示无异议后，{published}并制发电子证书。"
    ]
    if refused:
        paragraphs.append("不同意" + manner + "的人员及理由：")
        paragraphs += [f"{item.declaration.applicant.name}：{item.reason.rstrip('。')}。" for item in refused]
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


documents.register(
    documents.DocumentType(
        code=CODE, title="职称初定、确认决定", paper="A4", kind="pdf", content=_letter,
        template="documents/base_letter.html", readers=reads_determinations,
    )
)  # fmt: skip
