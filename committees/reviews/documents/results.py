"""The papers of a result report: 3-4 letter, 3-5 list, 3-6 certificate information, photographs."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils import translation

from appraisal_portal.accounts.models import Person
from appraisal_portal.kernel import blanks, clock, documents, files, publiclog
from appraisal_portal.kernel.rendering import Column, chinese_date
from committees.plans.models import Channel, Level
from committees.reviews.access.results import reads_result_papers
from committees.reviews.models import ResultReport

MANNER = {Channel.PRELIMINARY.value: "初定", Channel.CONFIRMATION.value: "确认"}
"""How the papers call what is decided without a vote."""
ACQUIRED_BY = {**MANNER, Channel.TRANSFER.value: "转评"}
"""取得方式 of 3-6, where it is not 评审; the manner of declaring (正常、破格) stands in 3-5."""


def _chinese(choices: Any, value: str) -> str:
    with translation.override("zh-hans"):
        return str(choices(value).label) if value else ""


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _some(number: Any) -> bool:
    """Whether the content, which holds numbers as text, counts any; a line to fill in counts."""
    return number not in (None, 0, "0")


def _objections(counted: Mapping[str, Any]) -> str:
    if not any(map(_some, counted.values())):
        return "公示期间未收到异议。"
    sentence = f"公示期间收到异议{counted['received']}件，查实{counted['upheld']}件，尚在核查{counted['held']}件"
    return sentence + (
        "，有关人员未列入本次名单。" if _some(counted["upheld"]) or _some(counted["held"]) else "，其余不成立。"
    )


def _letter(report: ResultReport) -> dict[str, Any]:
    return {
        **_report(report.content, len(report.content["people"]), report.source.office.name),
        "dated": chinese_date(clock.today()),
        "contact": f"{report.contact} {report.phone}",
        "log_head": publiclog.printed_head(),
        "facts": [["名单校验值", report.content_sha256[:16]]],
    }


def _empty_letter() -> dict[str, Any]:
    said = {
        "publicity": blanks.unfilled(),
        "supplementary": False,
        "meeting": blanks.unfilled(),
        "objections": {key: blanks.LINE for key in ("received", "upheld", "held")},
    }
    written = _report(said, blanks.LINE, blanks.LINE)
    return {**written, "office": "", "dated": blanks.DAY, "contact": f"{blanks.LINE} {blanks.LINE}"}


def _report(said: Mapping[str, Any], count: Any, office: str) -> dict[str, Any]:
    publicity = said["publicity"]
    supplement = "（补报）" if said["supplementary"] else ""
    settled = said["objections"].get("unfounded")
    free = "无异议或者异议经核查不成立" if _some(settled) else "无异议"
    if "meeting" in said:
        meeting = said["meeting"]
        deferred = f"，暂缓{meeting['deferred']}人" if _some(meeting.get("deferred")) else ""
        title = f"关于审核公布{meeting['committee']}评审通过人员的函{supplement}"
        result = "评审"
        opening = (
            f"经你局{meeting['reply_number']}同意，{meeting['committee']}于{blanks.written(meeting['meets_on'])}召开评审会议，"
            f"应到委员{meeting['members']}人，实到{meeting['present']}人，评审{meeting['reviewed']}人，"
            f"通过{meeting['passed']}人，未通过{meeting['not_passed']}人{deferred}。"
        )
    else:
        made = said["determination"]
        result = MANNER[made["channel"]]
        title = f"关于审核公布职称{result}人员的函{supplement}"
        opening = (
            f"{made['authority']}于{chinese_date(_day(made['decided_on']))}以{made['reference']}作出职称{result}决定，"
            f"同意{made['granted']}人，不同意{made['refused']}人。"
        )
    paragraphs = [
        opening,
        f"{result}结果于{blanks.written(publicity['starts_on'])}至{blanks.written(publicity['ends_on'])}公示"
        f"（{publicity['how']}）。{_objections(said['objections'])}",
        f"现将{free}的{count}人名单及证书信息报上，请予审核公布。",
    ]
    return {
        "office": office,
        "title": title,
        "addressee": settings.PORTAL_OWNER_NAME,
        "paragraphs": paragraphs,
        "attachments": [f"附件3-5 {result}通过人员名单", "附件3-6 专业技术职务任职资格证书信息表", "证件照片"],
        "signed_by": office,
    }


def _foot(report: ResultReport, count: int) -> str:
    return _said_below(count, report.contact, report.phone, report.content_sha256[:16])


def _said_below(count: Any, contact: str, phone: str, checked: str) -> str:
    return f"共 {count} 人　填报人：{contact}　联系电话：{phone}　校验值：{checked}"


_EMPTY_FOOT = _said_below(*[blanks.LINE] * 4)


def _list(report: ResultReport) -> dict[str, Any]:
    said = report.content
    rows = [
        {
            **person,
            "gender": "男" if person["gender"] == "male" else "女",
            "level": _chinese(Level, person["level"]),
            "acquired_by": _chinese(Channel, person["acquired_by"]),
            "qualified_on": _day(person["qualified_on"]),
            "vote": "/".join(str(person["vote"][key] or "—") for key in ("members", "present", "agree")),
        }
        for person in said["people"]
    ]
    return {
        **_heading(said),
        "rows": rows,
        "foot": [_foot(report, len(rows))],
    }


def _heading(said: Mapping[str, Any]) -> dict[str, Any]:
    if "meeting" in said:
        meeting = said["meeting"]
        met = blanks.written(meeting["meets_on"])
        head = f"评审会议时间：{met}　会议批复：{meeting['reply_number']}"
        return {"title": f"{meeting['committee']}评审通过人员名单", "head": [head]}
    made = said["determination"]
    manner, day = MANNER[made["channel"]], chinese_date(_day(made["decided_on"]))
    head = f"{manner}时间：{day}　{manner}文件：{made['reference']}"
    return {"title": f"{made['authority']}职称{manner}通过人员名单", "head": [head]}


def information_row(person: Mapping[str, Any]) -> dict[str, Any]:
    """A row of 3-6 as it is printed; document, day and number of the certificate are the bureau's to add."""
    return {
        **person,
        "gender": "男" if person["gender"] == "male" else "女",
        "birth_date": _day(person["birth_date"]),
        "id_kind": _chinese(Person.IdKind, person["id_kind"]),
        "level": _chinese(Level, person["level"]),
        "acquired_by": ACQUIRED_BY.get(person["acquired_by"], "评审"),
        "qualified_on": _day(person["qualified_on"]),
        "document_no": "",
        "issuing_body": settings.PORTAL_OWNER_NAME,
        "issued_on": "",
        "certificate_no": "",
    }


def _information(report: ResultReport) -> dict[str, Any]:
    rows = [information_row(person) for person in report.content["people"]]
    return {**_information_frame(report.source.body), "rows": rows, "foot": [_foot(report, len(rows))]}


def _information_frame(body: str) -> dict[str, Any]:
    return {"title": "专业技术职务任职资格证书信息表", "head": [f"评审组织：{body}"]}


def _empty_list() -> dict[str, Any]:
    return {**_heading({"meeting": blanks.unfilled()}), "rows": blanks.ROWS, "foot": [_EMPTY_FOOT]}


def _empty_information() -> dict[str, Any]:
    return {**_information_frame(blanks.LINE), "rows": blanks.ROWS, "foot": [_EMPTY_FOOT]}


def _photographs(report: ResultReport) -> Iterator[tuple[str, bytes]]:
    for item in report.items.select_related("photo", "declaration").order_by("seq"):
        if item.photo is not None:
            yield f"{item.seq:03d}_{item.declaration.number}.jpg", files.open_stored(item.photo)


LIST_COLUMNS = (
    Column("seq", "序号", 6, "int"),
    Column("name", "姓名", 12),
    Column("gender", "性别", 6),
    Column("employer", "工作单位", 34),
    Column("title", "资格名称", 16),
    Column("specialty", "专业", 16),
    Column("level", "级别", 9),
    Column("acquired_by", "方式", 12),
    Column("qualified_on", "评审通过时间", 14, "date"),
    Column("vote", "表决（应到/实到/赞成）", 16),
    Column("remark", "备注", 24),
)
INFORMATION_COLUMNS = (
    Column("seq", "序号", 6, "int"),
    Column("name", "姓名", 12),
    Column("gender", "性别", 6),
    Column("birth_date", "出生年月", 12, "date"),
    Column("id_kind", "证件类型", 14),
    Column("id_number", "身份证号", 22),
    Column("employer", "工作单位", 30),
    Column("series", "系列", 12),
    Column("specialty", "专业名称", 14),
    Column("title", "资格名称", 14),
    Column("level", "级别", 9),
    Column("acquired_by", "取得方式", 11),
    Column("committee", "评审组织名称", 28),
    Column("qualified_on", "资格取得时间", 13, "date"),
    Column("document_no", "公布文号", 18),
    Column("issuing_body", "发证（公布）机关", 24),
    Column("issued_on", "发证日期", 12),
    Column("certificate_no", "证书编号", 26),
    Column("photo", "照片文件名", 22),
    Column("phone", "联系电话", 14),
    Column("remark", "备注", 24),
)

documents.register(
    documents.DocumentType(
        code="3-4", title="关于审核公布评审通过人员的函", paper="A4", kind="pdf", content=_letter,
        template="documents/base_letter.html", readers=reads_result_papers, basis="results.publicised",
        blank=_empty_letter,
    )
)  # fmt: skip
documents.register(
    documents.DocumentType(
        code="3-5", title="评审通过人员名单", paper="A3 landscape", kind="xlsx", content=_list, columns=LIST_COLUMNS,
        readers=reads_result_papers, basis="results.publicised", blank=_empty_list,
    )
)  # fmt: skip
documents.register(
    documents.DocumentType(
        code="3-6", title="专业技术职务任职资格证书信息表", paper="A3 landscape", kind="xlsx", content=_information,
        columns=INFORMATION_COLUMNS, readers=reads_result_papers, basis="results.publicised",
        blank=_empty_information,
    )
)  # fmt: skip
documents.register(
    documents.DocumentType(
        code="3-6-photos", title="证件照片", paper="", kind="zip",
        content=lambda report: {"title": "证件照片", "count": len(report.content.get("people", []))},
        members=_photographs, readers=reads_result_papers, basis="results.publicised",
    )
)  # fmt: skip
