"""Publicity, objections and the report of a meeting, as office, director and bureau do it on their pages. The caller
travels in time."""

from typing import Any

from appraisal_portal.home.story.actors import holder, signer
from appraisal_portal.kernel.access import SYSTEM
from committees.reviews.models import Meeting, Objection, ResultPublicity, ResultPublicityItem, ResultReport
from committees.reviews.services import reports
from committees.reviews.services.objection import file_objection
from committees.reviews.services.results import prepare_publicity
from committees.reviews.workflow.objection import OBJECTION
from committees.reviews.workflow.report import RESULT_REPORT
from committees.reviews.workflow.results import RESULT_PUBLICITY


def publicise(meeting: Meeting) -> ResultPublicity:
    """Make the list, have it signed and start it today."""
    office = meeting.committee.office
    publicity = prepare_publicity(
        meeting, user=holder("office_clerk", office), how="市人力社保局网站职称评审专栏、评委会办公室公告栏",
        contact=meeting.contact, phone=meeting.phone,
    )  # fmt: skip
    RESULT_PUBLICITY.fire(publicity, "sign", actor=signer(publicity, office))
    RESULT_PUBLICITY.fire(publicity, "start", actor=holder("office_clerk", office))
    return publicity


def close(publicity: ResultPublicity) -> None:
    """What the sweep does the day after the last day."""
    RESULT_PUBLICITY.fire(publicity, "close", actor=SYSTEM)


SUBSTANCE = "有人反映名单中您的获奖证书署名与原件不符，请提交证书原件扫描件说明。"


def object_to(item: ResultPublicityItem, *, admit: bool = True) -> Objection:
    """Somebody objects; the office takes it on, which holds the person concerned."""
    objection = file_objection(
        item, filed_by="季知行", contact="13800000013", content="名单中该同志的获奖证书署名与原件不符，请核查原始证书。"
    )
    if admit:
        clerk = holder("office_clerk", item.publicity.meeting.committee.office)
        OBJECTION.fire(objection, "admit", actor=clerk, substance=SUBSTANCE)
    return objection


def conclude(objection: Objection, *, upheld: bool = False) -> None:
    """The handler concludes, the bureau decides."""
    handler = objection.handler
    OBJECTION.fire(
        objection,
        "conclude",
        actor=holder_again(handler, objection),
        evidence="已调取原件并向发证单位核实，结果附卷。",
        opinion="upheld" if upheld else "unfounded",
        reply="您反映的问题已调查核实，感谢您的监督。",
    )
    OBJECTION.fire(
        objection,
        "uphold" if upheld else "dismiss",
        actor=holder("bureau_approver"),
        content_hash=objection.content_hash(),
    )


def holder_again(user: Any, objection: Objection) -> Any:
    """The handler, acting for the office of the committee."""
    office = objection.item.publicity.meeting.committee.office
    return user.act_as(user.memberships.filter(role="office_clerk", organisation=office).first())


def report(meeting: Meeting) -> ResultReport:
    """Prepare the report, make its papers and send it."""
    office = meeting.committee.office
    clerk = holder("office_clerk", office)
    waiting = meeting.reports.filter(status__in=reports.MENDABLE).first()
    made = waiting or reports.prepare_report(meeting, user=clerk, contact=meeting.contact, phone=meeting.phone)
    reports.make_papers(made, user=clerk)
    RESULT_REPORT.fire(made, "send", actor=signer(made, office))
    return made


def decide(sent: ResultReport, *, reject: dict[int, str] | None = None) -> ResultReport:
    """The reviewer decides on each person and proposes, another approver confirms. ``reject``: declaration pk →
    reason."""
    refused = reject or {}
    reviewer = holder("bureau_reviewer")
    decisions = {
        item.pk: ("rejected", refused[item.declaration_id]) if item.declaration_id in refused else ("approved", "")
        for item in sent.items.exclude(decision="rejected")
    }
    reports.propose_decisions(sent, decisions, user=reviewer)
    sent.refresh_from_db()
    RESULT_REPORT.fire(sent, "propose", actor=reviewer, content_hash=sent.content_hash())
    RESULT_REPORT.fire(sent, "decide", actor=holder("bureau_approver", but=reviewer), content_hash=sent.content_hash())
    return sent
