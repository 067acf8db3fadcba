"""Papers of a decided case: the completed form 2-1 (评审表) for the personal file, and the decision letter (告知书)."""

import datetime as dt
from typing import Any

from applications.documents.declaration import form_2_1
from applications.models import Declaration
from appraisal_portal.kernel import clock, documents
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.rendering import chinese_date
from committees.plans.models import Channel
from committees.reviews.documents.results import MANNER
from committees.reviews.models import ReportItem, Verdict
from committees.reviews.models.outcome import COMPLETED, LETTER, outcome_of
from committees.reviews.models.panel_work import opinion_of
from committees.reviews.rules.ballot import needed

_SAYS = {
    "passed": "评审通过",
    "not_passed": "评审未通过",
    "excluded": "异议查实，取消资格",
    "rejected": "市局审核未通过",
}


def _said_of(declaration: Declaration, outcome: str) -> str:
    if outcome == "passed" and declaration.route == Channel.RECOMMEND:
        return "同意推荐"
    return _SAYS.get(outcome, "")


def _day_of(record: Any) -> dt.date | None:
    return clock.local(record.at).date() if record else None


def facts_of(declaration: Declaration) -> dict[str, Any]:
    """What was decided, by whom, when, with which votes; numbers and dates, empty where nobody voted."""
    verdict = (
        Verdict.objects.filter(admission__declaration=declaration, admission__live=True)
        .exclude(outcome="deferred")
        .select_related("admission__meeting__committee", "admission__panel_opinion")
        .first()
    )
    item = declaration.determination_items.select_related("determination__authority").order_by("-pk").first()
    reported = (
        ReportItem.objects.filter(declaration=declaration, report__status="decided")
        .select_related("report")
        .order_by("-pk")
        .first()
    )
    file = getattr(declaration, "personal_file", None)
    found: dict[str, Any] = {
        "outcome": outcome_of(declaration),
        "says": _said_of(declaration, outcome_of(declaration)),
        "voted": "",
        "body": declaration.committee.name,
        "office": declaration.committee.office.name,
        "contact": "",
        "reasons": file.reasons if file else "",
        "reasons_on": _day_of(file.records.filter(transition__startswith="explain").last())
        if file and file.pk
        else None,
        "held_on": None,
        "manner": "评审",
        "signed_by": "",
        "bureau": "",
        "bureau_on": None,
        "refused_because": "",
        "struck_because": "",
        "vote": {},
        "panel": "",
    }
    if verdict:
        opinion = opinion_of(verdict.admission)
        found["panel"] = opinion.text if opinion else ""
        meeting = verdict.admission.meeting
        locked = meeting.records.filter(transition="lock_results").select_related("actor").first()
        found |= {"held_on": meeting.meets_on, "signed_by": locked.actor.full_name if locked else ""}
        found["contact"] = f"（{meeting.contact} {meeting.phone}）"
        found["voted"] = _said_of(declaration, verdict.outcome)
        if verdict.present is not None:
            found["vote"] = {
                "members": verdict.members,
                "present": verdict.present,
                "agree": verdict.agree,
                "against": verdict.against,
                "rest": verdict.rest,
                "needed": needed(verdict.present, verdict.pass_num, verdict.pass_den),
            }
    elif item:
        authority = item.determination.authority.name
        found |= {
            "body": authority,
            "office": authority,
            "held_on": item.determination.decided_on,
            "manner": MANNER[declaration.route],
            "refused_because": item.reason,
        }
        if found["outcome"] in ("passed", "not_passed"):
            agreed = "同意" if found["outcome"] == "passed" else "不同意"
            found["says"] = f"{agreed}{MANNER[declaration.route]}"
    if reported:
        found["bureau_on"] = clock.local(reported.report.decided_at).date()
        found["bureau"] = "同意" if reported.decision == "approved" else f"不同意：{reported.reason}"
        found["refused_because"] = found["refused_because"] or reported.reason
    taken_out = declaration.records.filter(transition="reject_after_spot_check").first()
    if taken_out:
        found |= {
            "bureau": f"不同意：{taken_out.reason}",
            "bureau_on": _day_of(taken_out),
            "refused_because": taken_out.reason,
        }
    struck = declaration.records.filter(transition="exclude").first()
    if struck:
        found |= {
            "bureau": "不同意：异议经核查查实",
            "bureau_on": _day_of(struck),
            "struck_because": struck.reason,
        }
    return found


def _ended(text: str) -> str:
    """What somebody typed, as a sentence with one full stop."""
    return text.rstrip("。. \n") + "。"


def _votes(vote: dict[str, Any]) -> str:
    """For and against as they were cast; who abstained, or whose ballot was invalid or missing, was not against."""
    rest = f"（另弃权、无效或未投{vote['rest']}票）" if vote["rest"] else ""
    return f"{vote['agree']}　{vote['against']}{rest}"


def _completed(declaration: Declaration) -> dict[str, Any]:
    facts = facts_of(declaration)
    vote = facts["vote"]
    return {
        **form_2_1.content(declaration),
        "verdict": {
            "counts": f"{vote['members']}　{vote['present']}" if vote else "不经表决",
            "votes": _votes(vote) if vote else "—",
            "says": facts["voted"] or facts["says"],  # the committee's own field; what the bureau did stands below
            "panel": facts["panel"],
            "held_on": chinese_date(facts["held_on"]) if facts["held_on"] else "",
            "signed_by": facts["signed_by"] or facts["office"],
            "bureau": facts["bureau"],
            "bureau_on": chinese_date(facts["bureau_on"]) if facts["bureau_on"] else "",
        },
    }


def paragraphs_of(declaration: Declaration, facts: dict[str, Any]) -> list[str]:
    """The letter in plain words: what was decided, how, why, and what can be done next."""
    title, day = declaration.title.name, chinese_date(facts["held_on"]) if facts["held_on"] else ""
    vote = facts["vote"]
    how = f"，{facts['body']}于{day}{facts['manner']}" if day else ""  # a spot check ends a case before the meeting too
    said = [f"您申报{title}（申报编号{declaration.number}）{how}。"]
    version = declaration.standard_version
    if version is not None:
        title_of = f"{declaration.title.series.name}系列{title}资格评审标准"
        said.append(f"评审依据：{title_of}（第{version.version}版，{chinese_date(version.effective_from)}起施行）。")
    if vote:
        said.append(
            f"应到委员{vote['members']}人，对您这一项参加表决{vote['present']}人，赞成{vote['agree']}票，"
            f"须有{vote['needed']}票赞成方为通过。"
        )
    said.append(f"结果：{facts['says']}。")
    if facts["outcome"] == "rejected" or facts["refused_because"]:
        said.append(f"理由：{_ended(facts['refused_because'])}")
    if facts["outcome"] == "excluded":
        told = f"（{facts['struck_because']}）" if facts["struck_because"] else ""
        said.append(f"公示期间收到的异议{told}经核查查实，您可在系统中查看核查情况。")
    if facts["reasons"]:
        said.append(f"对照评审标准的具体理由：{_ended(facts['reasons'])}")
    elif facts["outcome"] == "not_passed" and vote:
        said.append("评审委员会以无记名投票表决，未另作理由说明。")
    said.append(_next(declaration, facts["outcome"]))
    said.append(f"如有疑问，请向{facts['office']}{facts['contact']}咨询。")
    return said


def _next(declaration: Declaration, outcome: str) -> str:
    """What the person can do now, and what comes by itself."""
    if declaration.status == "revoked":
        return "您据此取得的证书已被撤销，撤销决定可在系统中查看。"
    if outcome == "passed" and declaration.route == Channel.RECOMMEND:
        return "您的材料由市人力社保局出具委托评审函，报省级评审委员会评审；市里不制发证书。"
    if outcome == "passed":
        return "电子证书制发后，您可在系统“我的证书”栏目下载，无需到窗口领取。评审表由所在单位存入人事档案。"
    if outcome == "excluded":
        return "今后能否申报，以市人力社保局的处理决定为准。"
    return "您可以在下一年度重新申报；已核实的业绩保存在您的业绩库中，无需重新提交。"


def _letter(declaration: Declaration) -> dict[str, Any]:
    facts = facts_of(declaration)
    dated = max(filter(None, (facts["bureau_on"] or facts["held_on"], facts["reasons_on"])), default=None)
    return {
        "office": "",  # its long name would push the signature to a page of its own
        "title": "评审结果告知书",
        "addressee": declaration.applicant.name,
        "paragraphs": paragraphs_of(declaration, facts),
        "facts": [],
        "attachments": [],
        "signed_by": facts["office"],
        "dated": chinese_date(dated) if dated else "",
        "contact": "",  # the last paragraph names whom to ask
    }


documents.register(
    documents.DocumentType(
        code=COMPLETED, title="专业技术资格评审表（存档）", paper="A4", kind="pdf", content=_completed,
        template=form_2_1.template, stylesheets=form_2_1.stylesheets, images=form_2_1.images, readers=SIGNED_IN,
    )
)  # fmt: skip
documents.register(
    documents.DocumentType(
        code=LETTER, title="评审结果告知书", paper="A4", kind="pdf", content=_letter,
        template="documents/base_letter.html", readers=SIGNED_IN,
    )
)  # fmt: skip
