"""Who acts next about a meeting, a round or an objection, and by when: what stands at the head of its page."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.days import day_said, last_day_said
from committees.reviews.models import Attendee, BallotRound, Meeting, Objection
from committees.reviews.rules.objection import extended_end, once_dismissed, taken_on_by
from committees.reviews.rules.panel_work import still_missing
from committees.reviews.rules.presiding import may_preside


def to_apply(*, ready: bool, latest: dt.date, today: dt.date) -> str:
    """Of a draft or a returned application; ``latest``: the last day to apply for its day."""
    if latest < today:
        return _("The day of the meeting comes too soon to be applied for. Choose a later one.")
    day = last_day_said(latest)
    if ready:
        return _(
            "Everything is ready. Next the director signs and applies on this page, at the latest on {day}."
        ).format(day=day)
    return _(
        "What is marked below is still to be done. Then the director signs and applies, at the latest on {day}."
    ).format(day=day)


def to_open(meeting: Meeting, today: dt.date) -> str:
    """Of an approved meeting, up to its opening."""
    parts = list(meeting.attendees.select_related("user"))
    if not parts:
        return _("Next the office calls up members, observer and tellers.")
    if today < meeting.meets_on:
        return _("{n} people are called up. On {day} the office takes attendance, the observer confirms it, then the "
                 "meeting opens.").format(n=len(parts), day=day_said(meeting.meets_on))  # fmt: skip
    if not any(part.signed_in_at for part in parts):
        return _("Next the office takes attendance.")
    observers = _(", ").join(str(part.user) for part in parts if part.role == Attendee.Role.OBSERVER)
    if meeting.attendance_signed_at is None:
        return _("Attendance is taken. Next {name}, the observer, confirms it under “My meetings”.").format(
            name=observers
        )
    return _("{name}, the observer, has confirmed attendance. Next the office opens the meeting.").format(
        name=observers
    )


def may_be_opened(meeting: Meeting, today: dt.date) -> bool:
    """Whether opening the meeting is what comes next."""
    return today >= meeting.meets_on and meeting.attendance_signed_at is not None


def of_box(ballot: Any, *, voted: int, entitled: int) -> str:
    """Of an open electronic round."""
    if voted >= entitled:
        return _("Every ballot is in. Next whoever presides or the office closes the round.")
    return _("The members vote on their own pages. When every ballot is in, whoever presides or the office closes the "
             "round; at {time} it closes by itself.").format(time=f"{clock.local(ballot.closes_at):%H:%M}")  # fmt: skip


def after_the_vote(ballot: BallotRound, *, announced: bool, presiding: Iterable[Any]) -> str:
    """Of a sealed or void round while the meeting is in session; "" when it is over."""
    meeting = ballot.meeting
    if meeting.status != Meeting.Status.IN_SESSION:
        return ""
    if ballot.status == BallotRound.Status.SEALED and not announced:
        names = _(", ").join(str(user) for user in presiding)
        return _("Next the result is announced in the room, by: {names}.").format(names=names)
    if meeting.admissions.filter(exam_result="qualified", live=True, verdict=None).exists():
        return _("Next the office opens a round for whoever is still to be decided on.")
    return _("Everybody is decided on. Next the office makes the minutes, then the director signs.")


def of_session(meeting: Meeting, rounds: Iterable[BallotRound], free: Sequence[Any]) -> str:
    """Of a meeting in session as a whole: the open round, the result to announce, the next round, the signature.
    ``free``: whom a round could be opened on, were the work of the panels done."""
    last = next((ballot for ballot in reversed(list(rounds)) if ballot.status != BallotRound.Status.VOID), None)
    if last is not None and last.status == BallotRound.Status.OPEN:
        return _("Round {n} is open. What is still missing stands on its page.").format(n=last.number)
    if last is not None and not last.announced:
        return after_the_vote(last, announced=False, presiding=may_preside(last))
    missing = _(", ").join(str(admission.seq) for admission in free if still_missing(admission))
    if missing and all(still_missing(admission) for admission in free):
        return _("Next the panels finish: no round can be opened before the opinion is signed. No. {seqs}.").format(
            seqs=missing
        )
    if missing:
        return _("Next the office opens a round. Not yet on No. {seqs}: the panel has to finish there first.").format(
            seqs=missing
        )
    if meeting.admissions.filter(exam_result="qualified", live=True, verdict=None).exists():
        return _("Next the office opens a round for whoever is still to be decided on.")
    if meeting.papers.filter(code="minutes", document__superseded_by=None).exists():
        return _("Everybody is decided on and the minutes are made. Next the director signs and locks the results.")
    return _("Everybody is decided on. Next the office makes the minutes, then the director signs.")


def after_the_meeting(meeting: Meeting, *, to_list: bool) -> list[str]:
    """Of a meeting whose results are locked; ``to_list``: somebody passed and is on no list yet."""
    if to_list:
        said = _("Next a clerk of the office makes the list of the passed persons; then the director signs it.")
    elif not meeting.publicities.exclude(kind="pre_review").exists():
        said = _("Nobody passed: no list follows.")
    else:
        said = _("Lists and reports of this meeting stand below; each says what comes next.")
    if not meeting.admissions.filter(declaration__status="deferred").exists():
        return [said]
    return [
        said,
        _("Whoever was deferred is admitted to another meeting by the office, on the page of the declaration."),
    ]


def of_objection(objection: Objection, *, answered: bool) -> list[str]:
    """Of an objection the office reads, sentence by sentence."""
    if objection.status == "investigating":
        return list(_while_investigated(objection, answered=answered))
    said = _before_or_after(objection)
    return [said] if said else []


def _before_or_after(objection: Objection) -> str:
    if objection.status == "received":
        day = last_day_said(taken_on_by(objection).ends_on)
        if objection.in_time and objection.filed_by:
            return _("Next a clerk of the office takes it on for investigation, by {day}.").format(day=day)
        return _("Next a clerk of the office records it as a report, by {day}; it holds nobody back.").format(day=day)
    if objection.status == "concluded":
        return _("Next an approver of the bureau decides.")
    if objection.status == "reported_late":
        return _after_recording(objection)
    return _once_dismissed(objection) if objection.status == "unfounded" else ""


def _after_recording(objection: Objection) -> str:
    if not objection.checkable:
        return _("It names nothing that could be checked: it is kept, and nobody has to do anything.")
    day = last_day_said(objection.ends_on)
    return _("Next {name} follows it up and records here what became of it, by {day}.").format(
        name=objection.handler, day=day
    )


def _once_dismissed(objection: Objection) -> str:
    course = once_dismissed(objection)
    if course == "waits":
        return _("Another objection about this person is still under way: until its outcome the person is held back.")
    if course == "out":
        return _("This changes nothing for the person, whose case had ended before.")
    if objection.item.publicity.before_review:
        return _("The person goes on to the meeting.")
    if objection.item.declaration.status != "result_publicity":
        return ""
    return _("The person goes on. If the report has gone without them, the office prepares a supplementary one.")


def of_report(report: Any) -> str:
    """Of a report of results that was sent; "" while the office has it and when it is decided on."""
    if report.status == "sent":
        return _("Next a reviewer of the bureau stores a decision on each person and proposes it.")
    return _("Next another person of the bureau, an approver, decides.") if report.status == "proposed" else ""


def _while_investigated(objection: Any, *, answered: bool) -> Iterable[str]:
    day = last_day_said(objection.ends_on)
    yield _("{name} investigates and concludes by {day}.").format(name=objection.handler, day=day)
    if not answered:
        yield _("The person concerned has been told and can answer until then.")
    if not objection.extended:
        later = day_said(extended_end(objection).ends_on)
        yield _("If that is too short, the director can extend it once, to {day}.").format(day=later)
