"""Who acts next about a meeting, a round or an objection, and by when: what stands at the head of its page."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.days import day_said, last_day_said
from committees.reviews.models import Attendee, BallotRound, Meeting, Objection, Recusal
from committees.reviews.rules.meeting import minutes_say_all
from committees.reviews.rules.objection import extended_end, once_dismissed, taken_on_by
from committees.reviews.rules.panel_work import missed_the_defence, still_missing
from committees.reviews.rules.pre_review import under_objection
from committees.reviews.rules.presiding import may_preside
from committees.reviews.rules.results import to_be_made


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


def day_is_missed(meeting: Meeting, today: dt.date) -> bool:
    """Approved for a day that has passed, and never opened: nothing but giving it up is left."""
    return meeting.status == Meeting.Status.APPROVED and today > meeting.meets_on


def to_open(meeting: Meeting, today: dt.date) -> str:
    """Of an approved meeting, up to its opening."""
    if day_is_missed(meeting, today):
        return _("The day of the meeting has passed and it was not opened. Next the director declares it void together "
                 "with the observer, or cancels it where nobody is called up; then the office applies for another day."
                 )  # fmt: skip
    parts = list(meeting.attendees.select_related("user"))
    if not parts:
        return _("Next the office calls up members, observer and tellers, before {day}.").format(
            day=day_said(meeting.meets_on)
        )
    if today < meeting.meets_on:
        return _("{n} people are called up. On {day} the office takes attendance, the observer confirms it, then the "
                 "meeting opens.").format(n=len(parts), day=day_said(meeting.meets_on))  # fmt: skip
    if not any(part.signed_in_at for part in parts):
        return _("Next the office takes attendance.")
    observers = observers_of(meeting)
    if meeting.attendance_signed_at is None:
        return _("Attendance is taken. Next {name}, the observer, confirms it under “My meetings”.").format(
            name=observers
        )
    return _("{name}, the observer, has confirmed attendance. Next the office opens the meeting.").format(
        name=observers
    )


def may_be_opened(meeting: Meeting, today: dt.date) -> bool:
    """Whether opening the meeting is what comes next."""
    return today == meeting.meets_on and meeting.attendance_signed_at is not None


def of_box(ballot: Any, *, voted: int, entitled: int) -> str:
    """Of an open electronic round."""
    if voted >= entitled:
        return _("Every ballot is in. Next whoever presides or the office closes the round.")
    return _("The members vote on their own pages. When every ballot is in, whoever presides or the office closes the "
             "round; at {time} it closes by itself.").format(time=f"{clock.local(ballot.closes_at):%H:%M}")  # fmt: skip


def after_the_vote(
    ballot: BallotRound, *, announced: bool, presiding: Iterable[Any], free: Sequence[Any], known: Any
) -> list[str]:
    """Of a sealed or void round while the meeting is in session; nothing when it is over. ``free`` and ``known`` as
    in :func:`of_session`."""
    meeting = ballot.meeting
    if meeting.status != Meeting.Status.IN_SESSION:
        return []
    if ballot.status == BallotRound.Status.SEALED and not announced:
        return [_to_announce(presiding)]
    return _to_decide(meeting, free, known)


def of_session(meeting: Meeting, rounds: Iterable[BallotRound], free: Sequence[Any], known: Any) -> list[str]:
    """Of a meeting in session as a whole: the open round, the result to announce, the next round, the signature.
    ``free``: whom a round could be opened on, were the work of the panels done; ``known``: the persons the reader may
    know of."""
    last = next((ballot for ballot in reversed(list(rounds)) if ballot.status != BallotRound.Status.VOID), None)
    if last is not None and last.status == BallotRound.Status.OPEN:
        return [_("Round {n} is open. What is still missing stands on its page.").format(n=last.number)]
    if last is not None and not last.announced:
        return [_to_announce(may_preside(last))]
    return _to_decide(meeting, free, known)


def _to_announce(presiding: Iterable[Any]) -> str:
    names = _(", ").join(str(user) for user in presiding)
    return _("Next the result is announced in the room, by: {names}.").format(names=names)


def _to_sign(meeting: Meeting) -> str:
    if minutes_say_all(meeting):
        return _("Everybody is decided on and the minutes are made. Next the director signs and locks the results.")
    return _("Everybody is decided on. Next the office makes the minutes, then the director signs.")


def _to_decide(meeting: Meeting, free: Sequence[Any], known: Any) -> list[str]:
    """Of a meeting without an open round: who is still to be decided on, else who signs."""
    if not meeting.admissions.filter(exam_result="qualified", live=True, verdict=None).exists():
        return [_to_sign(meeting)]
    return list(_of_undecided(meeting, free, known)) or [
        _("Next the office opens a round for whoever is still to be decided on.")
    ]


def _of_undecided(meeting: Meeting, free: Sequence[Any], known: Any) -> Iterator[str]:
    """What happens to whoever is not decided on: voted on, awaited from the panels, or deferred by the director."""
    seen = set(known.values_list("pk", flat=True))
    free = [admission for admission in free if admission.pk in seen]
    absent = [admission for admission in free if missed_the_defence(admission)]
    waiting = [admission for admission in free if still_missing(admission) and admission not in absent]
    held = known.filter(verdict=None, pk__in=under_objection(meeting)).order_by("seq")
    if Recusal.objects.filter(admission__in=[one.pk for one in free], confirmed_by=None).exists():
        yield _("Next {name}, the observer, confirms the recusals under “My meetings”: no round opens before.").format(
            name=observers_of(meeting)
        )
    if len(free) > len(absent) + len(waiting):
        yield (
            _("Next the office opens a round. Not yet on No. {seqs}: the panel has to finish there first.").format(
                seqs=_numbers(waiting)
            )
            if waiting
            else _("Next the office opens a round for whoever is still to be decided on.")
        )
    elif waiting:
        yield _("Next the panels finish: no round can be opened before the opinion is signed. No. {seqs}.").format(
            seqs=_numbers(waiting)
        )
    if absent:
        yield _("No. {seqs}: absent from the defence and not voted on. The director defers them on this meeting’s page "
                "of votes.").format(seqs=_numbers(absent))  # fmt: skip
    if held:
        yield _("No. {seqs}: an objection is being investigated, not voted on. The director defers them on this "
                "meeting’s page of votes.").format(seqs=_numbers(held))  # fmt: skip


def _numbers(people: Iterable[Any]) -> str:
    return _(", ").join(str(admission.seq) for admission in people)


def observers_of(meeting: Meeting) -> str:
    """Who observes, by name."""
    parts = meeting.attendees.filter(role=Attendee.Role.OBSERVER).select_related("user")
    return _(", ").join(str(part.user) for part in parts)


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
    if objection.status == "settled":
        return _("If it proves right, a reviewer of the bureau opens a case of false material or a revocation on it; "
                 "otherwise nobody has to do anything.")  # fmt: skip
    return _once_dismissed(objection) if objection.status == "unfounded" else ""


def _after_recording(objection: Objection) -> str:
    if not objection.checkable:
        return _("It names nothing that could be checked: it is kept, and nobody has to do anything.")
    if objection.ends_on is None:  # recorded before reports had a last day
        return _("Next {name} follows it up and records here what became of it.").format(name=objection.handler)
    return _("Next {name} follows it up and records here what became of it, by {day}.").format(
        name=objection.handler, day=last_day_said(objection.ends_on)
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
    """Of a report of results; "" when it is only to be signed and when it is decided on."""
    if report.status == "returned" and to_be_made(report):
        return _("The bureau has sent it back; what is wrong stands in the history. Next the office mends it and makes "
                 "the papers again; then it is signed and sent.")  # fmt: skip
    if report.status == "draft" and to_be_made(report):
        return _("Next the office makes 3-4, 3-5, 3-6 and the photographs; then the report is signed and sent.")
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
