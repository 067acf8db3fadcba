"""Papers of a meeting: 3-1, 3-2 and 3-3 of one snapshot with its hash on each, the bureau's reply, the minutes."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import translation

from appraisal_portal.kernel import blanks, clock, documents, publiclog, references
from appraisal_portal.kernel.rendering import chinese_date
from committees.plans.models import CommitteeMember
from committees.reviews.access import meeting as access
from committees.reviews.models import Attendee, BallotRound, Meeting, Recusal, RoundItem, Verdict
from committees.reviews.rules import meeting as rules
from committees.reviews.services import panel_work

from . import roster_rows


def _snapshot(meeting: Meeting) -> Any:
    """The latest snapshot with its ``letter`` and ``summary``; its rows stay in the database."""
    snapshots = meeting.snapshots.order_by("-version").defer("content")
    snapshot = snapshots.annotate(letter=F("content__letter"), summary=F("content__summary")).first()
    if snapshot is None:
        raise ValueError(f"meeting {meeting.pk} has no snapshot yet")
    return snapshot


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _traced(snapshot: Any) -> dict[str, Any]:
    """What lets a reader see that the three papers belong together."""
    return {"data_sha256": snapshot.sha256, "data_version": snapshot.version}


def _empty() -> Mapping[str, Any]:
    return blanks.unfilled(titles=[blanks.LINE], specialties=[blanks.LINE])


def _foot(letter: Mapping[str, Any], version: Any, sha256: str) -> list[str]:
    return [
        f"评委会（盖章）：{letter['committee']}　　填报人：{letter['contact']}　　联系电话：{letter['phone']}"
        f"　　填报时间：{letter['applied_on']}",
        f"数据版本：{version}　　数据校验：{sha256}",
    ]


def _heading(letter: Mapping[str, Any]) -> str:
    return (
        f"评委会：{letter['committee']}　　级别：{letter['level']}"
        f"　　评审会议时间：{letter['meets_on']} {letter['meets_at']}"
        f"　　申报 {letter['n_declared']} 人，合格 {letter['n_qualified']} 人，不合格 {letter['n_disqualified']} 人"
    )


def _letter(meeting: Meeting) -> dict[str, Any]:
    snapshot = _snapshot(meeting)
    return {**_application(snapshot.letter), **_traced(snapshot)}


def _application(letter: Mapping[str, Any]) -> dict[str, Any]:
    when = f"{blanks.written(letter['meets_on'])} {letter['meets_at']}"
    return {
        "title": f"关于召开{letter['committee']}{letter['year']}年度评审会议的申请函",
        "office": letter["office"],
        "addressee": settings.PORTAL_OWNER_NAME,
        "paragraphs": [
            f"我办已按{letter['year']}年度职称评审计划完成申报材料受理和评审对象资格审查，年度评审会议准备工作已经就绪。"
            f"现申请于 {when} 在{letter['place']}召开评审会议，请予审核。",
            f"本次共受理申报 {letter['n_declared']} 人，经资格审查合格 {letter['n_qualified']} 人，"
            f"不合格 {letter['n_disqualified']} 人，详见附件。",
        ],
        "facts": [
            ("评委会名称", letter["committee"]),
            ("申请日期", blanks.written(letter["applied_on"])),
            ("评审会议时间", when),
            ("评审会议地点", letter["place"]),
            ("评审资格", "、".join(letter["titles"])),
            ("评审专业", "、".join(letter["specialties"])),
            ("级别、方式", f"{letter['level']}、{letter['channel']}"),
            ("申报人数", f"{letter['n_declared']} 人"),
            ("合格人数", f"{letter['n_qualified']} 人"),
            ("不合格人数", f"{letter['n_disqualified']} 人"),
            ("评委会总人数", f"{letter['n_members']} 人"),
            ("拟出席人数", f"{letter['n_expected']} 人"),
            ("评审办法", letter["method"]),
        ],
        "attachments": ["评审对象资格审查花名册（附件3-2）", "评审资格合格对象表（附件3-3）"],
        "signed_by": letter["office"],
        "dated": blanks.written(letter["applied_on"]),
        "contact": f"{letter['contact']}，联系电话：{letter['phone']}",
    }


def _empty_application() -> dict[str, Any]:
    said = _application(_empty())
    # The cells of a table have lines of their own.
    facts = [(label, value.replace(blanks.LINE, "　" * 4)) for label, value in said["facts"]]
    return {**said, "office": "", "facts": facts, "data_version": blanks.LINE, "data_sha256": blanks.LINE}


def letter_text(meeting: Meeting) -> list[str]:
    """The sentences of 3-1 as the director signs them; empty before the papers are made."""
    return list(_letter(meeting)["paragraphs"]) if meeting.current_snapshot else []


def _roster(meeting: Meeting) -> dict[str, Any]:
    snapshot = _snapshot(meeting)
    letter = snapshot.letter
    return {
        **_roster_frame(letter),
        "foot": _foot(letter, snapshot.version, snapshot.sha256),
        **_traced(snapshot),
    }


def _roster_frame(letter: Mapping[str, Any]) -> dict[str, Any]:
    title = f"{letter['year']}年度评审对象资格审查花名册"
    return {"title": title, "sheet": "3-2 花名册", "head": [_heading(letter)]}


def _qualified_frame(letter: Mapping[str, Any]) -> dict[str, Any]:
    title = f"{letter['year']}年度评审资格合格对象表"
    return {"title": title, "sheet": "3-3 合格对象表", "head": [_heading(letter)]}


def _empty_roster() -> dict[str, Any]:
    return {**_roster_frame(_empty()), "rows": blanks.ROWS, "foot": _foot(_empty(), blanks.LINE, blanks.LINE)}


_SUMMED = "汇总：申报专业、单位性质"


def _empty_qualified() -> dict[str, Any]:
    return {
        **_qualified_frame(_empty()),
        "rows": blanks.ROWS,
        "summary": [[_SUMMED, "人数"], ["", ""], ["", ""], ["合计", ""]],
        "foot": _foot(_empty(), blanks.LINE, blanks.LINE),
    }


def _qualified(meeting: Meeting) -> dict[str, Any]:
    snapshot = _snapshot(meeting)
    letter, counted = snapshot.letter, snapshot.summary
    summary: list[list[Any]] = [[_SUMMED, "人数"]]
    summary += [[f"{specialty}、{employer}", n] for specialty, employer, n in counted]
    summary.append(["合计", letter["n_qualified"]])
    return {
        **_qualified_frame(letter),
        "summary": summary,
        "foot": _foot(letter, snapshot.version, snapshot.sha256),
        **_traced(snapshot),
    }


def _reply(meeting: Meeting) -> dict[str, Any]:
    snapshot = _snapshot(meeting)
    letter = snapshot.letter
    when = f"{chinese_date(meeting.meets_on)} {meeting.meets_at:%H:%M}"
    approved_on = meeting.approved_on or clock.today()
    return {
        "title": f"关于同意召开{letter['committee']}{letter['year']}年度评审会议的批复",
        "office": settings.PORTAL_OWNER_NAME,
        "red_head": True,
        "addressee": letter["office"],
        "paragraphs": [
            f"你办 {chinese_date(_day(letter['applied_on']))}的评审会议申请函及附件收悉。经审核，同意于 {when} "
            f"在{letter['place']}召开评审会议，对花名册所列资格审查合格的 {letter['n_qualified']} 人进行评审。",
            "花名册自批复之日起不得变更。会议出席人数、回避和表决按规定执行，评审结束后及时公示并报送结果。",
            "此复。",
        ],
        "signed_by": settings.PORTAL_OWNER_NAME,
        "dated": chinese_date(approved_on),
        "log_head": publiclog.printed_head(),
        **_traced(snapshot),
    }


_SEATS = {"chair": "主任委员", "vice_chair": "副主任委员"}
_OUTCOMES = {"passed": "通过", "not_passed": "未通过", "deferred": "暂缓"}


def _name(attendee: Attendee) -> str:
    return attendee.user.full_name


def _minutes(meeting: Meeting) -> dict[str, Any]:
    attendees = list(meeting.attendees.select_related("user", "member").prefetch_related("absences").order_by("pk"))
    room = [a for a in attendees if a.role == Attendee.Role.VOTER and a.signed_in_at]
    seats = list(CommitteeMember.Office.values)
    back = set(Recusal.objects.filter(admission__meeting=meeting).values_list("member", flat=True))
    # One signature covers everybody in the minutes: who stands back from somebody does not give it (decision 39).
    heads = sorted((a.member_id in back, seats.index(a.member.office), a.pk, a) for a in room if a.member)
    verdicts = Verdict.objects.filter(admission__meeting=meeting).select_related(
        "admission__declaration__applicant", "round"
    )
    recusals = [
        f"{r.member.user.full_name}回避第{r.admission.seq}号（{r.ground}）"
        for a in meeting.admissions.prefetch_related("recusals__member__user", "recusals__admission")
        for r in a.recusals.all()
    ]
    voids = (
        RoundItem.objects.filter(round__meeting=meeting).exclude(void_reason="").select_related("round", "admission")
    )
    return {
        "title": f"{meeting.committee.name}评审会议纪要",
        "office": meeting.committee.office.name,
        "number": "",
        "facts": [
            ("会议时间", f"{chinese_date(meeting.meets_on)} {meeting.meets_at:%H:%M}"),
            ("会议地点", meeting.place),
            ("批复文号", meeting.reply_number),
            ("应到、实到", f"应到 {rules.ballot.members_on_day(meeting)} 人，实到 {len(room)} 人"),
            ("出席委员", "、".join(_name(a) for a in room)),
            ("计票人", "、".join(_name(a) for a in attendees if a.role == Attendee.Role.TELLER)),
            ("纪检监督员", "、".join(_name(a) for a in attendees if a.role == Attendee.Role.OBSERVER)),
            ("回避", "；".join(recusals) or "无"),
            ("离席、迟到", "；".join(_comings_and_goings(attendees, meeting)) or "无"),
            ("表决办法", _way_of_voting(meeting)),
        ],
        "results": [
            {
                "seq": v.admission.seq,
                "name": v.admission.declaration.applicant.name,
                "round": v.round.number if v.round else "",
                "present": _text(v.present),
                "agree": _text(v.agree),
                "against": _text(v.against),
                "abstain": _text(v.abstain),
                "invalid": _text(v.invalid),
                "missing": _text(None if v.present is None else v.missing),
                "outcome": _OUTCOMES[v.outcome],
                "ground": v.ground,
            }
            for v in verdicts.order_by("admission__seq")
        ],
        "voids": [
            f"第{i.round.number}轮第{i.admission.seq}号表决无效："
            f"发出 {i.roll} 票，收回 {i.counted} 票（{i.void_reason}）"
            for i in voids.order_by("round__number", "admission__seq")
        ]
        + [_void(one) for one in meeting.rounds.filter(status="void").order_by("number")],
        "rounds": [_round(r, room) for r in meeting.rounds.exclude(status="draft").order_by("number")],
        "boxes": [
            {
                "round": r.number,
                "sheets": r.voters.count(),
                "turnout": r.turnout,
                "trackers": r.trackers,
                "sha256": r.ballots_sha256,
            }
            for r in meeting.rounds.filter(status="sealed", mode="electronic").order_by("number")
        ],
        "panels": _panels(meeting),
        "opinions": _opinions(meeting),
        "chair": _name(heads[0][3]) if heads else "",
        "chair_seat": _SEATS.get(heads[0][3].member.office, "主持委员") if heads else _SEATS["chair"],
        "members": [_name(a) for a in room],
        "observers": [_name(a) for a in attendees if a.role == Attendee.Role.OBSERVER],
        "tellers": [_name(a) for a in attendees if a.role == Attendee.Role.TELLER],
        "signed_by": meeting.committee.name,
        "dated": chinese_date(clock.today()),
        "verdicts_sha256": rules.verdicts_sha256(meeting),
    }


def _comings_and_goings(attendees: list[Attendee], meeting: Meeting) -> Iterator[str]:
    opened = meeting.records.filter(transition="open").order_by("-pk").first()
    for row in attendees:
        if opened and row.signed_in_at and row.signed_in_at > opened.at:
            yield f"{_name(row)} {clock.local(row.signed_in_at):%H:%M} 到会"
        for out in row.absences.all():
            yield f"{_name(row)} {clock.local(out.left_at):%H:%M}至{clock.local(out.back_at):%H:%M} 离席"
        if row.left_at:
            yield f"{_name(row)} {clock.local(row.left_at):%H:%M} 离席"


def _round(ballot: BallotRound, voters: list[Attendee]) -> str:
    """Attendance of the round by name where somebody was missing, who presided, who announced the result."""
    absent = [_name(row) for row in voters if ballot.opens_at and not row.there_at(ballot.opens_at)]
    said = [f"第{ballot.number}轮：应到 {ballot.members} 人，在场 {ballot.present} 人"]
    said += [f"不在场：{'、'.join(absent)}"] if absent else []
    said += [f"主持：{ballot.presided_by.user.full_name}"] if ballot.presided_by else []
    announced = ballot.records.filter(transition="announce").select_related("actor").first()
    if announced:
        said.append(f"结果由{announced.actor.full_name}于 {clock.local(announced.at):%H:%M} 当场宣布")
    return "；".join(said) + "。"


def _void(ballot: BallotRound) -> str:
    """Why a round is void, and the two who declared it."""
    record = ballot.records.filter(transition="void").select_related("actor").first()
    by = f"，由{record.actor.full_name}、{record.data.get('witness', '—')}宣布" if record else ""
    return f"第{ballot.number}轮作废{by}：{ballot.void_reason}"


def _panels(meeting: Meeting) -> list[str]:
    """Who sat on which panel, the head first."""
    panels = meeting.panels.prefetch_related("seats__attendee__user").order_by("pk")
    return [
        f"{panel.name}：" + "、".join(f"{seat}{'（组长）' if seat.head else ''}" for seat in panel.seats.all())
        for panel in panels
    ]


def _opinions(meeting: Meeting) -> list[dict[str, Any]]:
    """What each panel said of each person, with average and defence."""
    people = meeting.admissions.filter(panel_opinion__status="signed").select_related(*panel_work.WORK)
    with translation.override("zh-hans"):
        return [
            {
                "seq": said["case"].seq,
                "name": said["case"].declaration.applicant.name,
                "text": said["text"],
                "average": f"{said['average']}／{said['most']}" if said["average"] else "—",
                "defence": said["defence"].words if said["defence"] else "—",
                "questions": said["defence"].questions if said["defence"] else "",
                "signed_by": said["signed_by"].full_name,
            }
            for said in panel_work.said_of(people.order_by("seq"))
        ]


def _text(value: int | None) -> str:
    return "—" if value is None else str(value)


def _way_of_voting(meeting: Meeting) -> str:
    modes = set(meeting.rounds.filter(status="sealed").values_list("mode", flat=True))
    named = {"paper": "纸质选票", "electronic": "电子选票"}
    how = "无记名投票" + (f"（{'、'.join(named[mode] for mode in sorted(modes, reverse=True))}）" if modes else "")
    return how + ("，赞成票达到应投票人数的三分之二以上为通过" if _two_thirds(meeting) else "")


def _two_thirds(meeting: Meeting) -> bool:
    return (meeting.committee.pass_num, meeting.committee.pass_den) == (2, 3)


def _reply_year(meeting: Meeting) -> str:
    return str((meeting.approved_on or clock.today()).year)


letter = documents.register(
    documents.DocumentType(
        code="3-1", title="评审会议申请函", paper="A4 portrait", kind="pdf", content=_letter,
        template="documents/3-1.html", readers=access.reads_letters, basis="meeting.lead_days",
        blank=_empty_application,
    )
)  # fmt: skip
roster_paper = documents.register(
    documents.DocumentType(
        code="3-2", title="评审对象资格审查花名册", paper="A3 landscape", kind="xlsx", content=_roster,
        columns=roster_rows.ROSTER_COLUMNS, rows=roster_rows.roster_rows,
        readers=access.reads_rosters, basis="meeting.lead_days", blank=_empty_roster,
    )
)  # fmt: skip
qualified_list = documents.register(
    documents.DocumentType(
        code="3-3", title="评审资格合格对象表", paper="A3 landscape", kind="xlsx", content=_qualified,
        columns=roster_rows.QUALIFIED_COLUMNS, rows=roster_rows.qualified_rows,
        readers=access.reads_qualified, basis="meeting.lead_days", blank=_empty_qualified,
    )
)  # fmt: skip
reply = documents.register(
    documents.DocumentType(
        code="meeting-reply", title="评审会议批复", paper="A4 portrait", kind="pdf", content=_reply,
        template="documents/meeting-reply.html", readers=access.reads_letters, basis="meeting.lead_days",
        number_series=documents.NumberRule(
            series="meeting-reply",
            period=_reply_year,
            write=lambda year, n: references.document_number(settings.PORTAL_REPLY_PREFIX, year, n),
        ),
    )
)  # fmt: skip
minutes = documents.register(
    documents.DocumentType(
        code="minutes", title="评审会议纪要", paper="A4 portrait", kind="pdf", content=_minutes,
        template="documents/minutes.html", readers=access.reads_rosters,
    )
)  # fmt: skip
