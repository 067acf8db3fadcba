"""What must hold for publicity, objections and the report: pure functions (object, act) → problems in words."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.approvals import content_sha256
from appraisal_portal.kernel.days import last_day_said
from appraisal_portal.kernel.workflow import Act, Problem
from committees.reviews.models import Objection, ResultPublicityItem, Verdict
from committees.reviews.models.report import CODES
from committees.reviews.rules.naming import said_to


def after_the_last_day(publicity: Any) -> str:
    """What comes next for a list that was signed, in one sentence; "" before, while it is halted, and once everybody on
    it is reported."""
    if publicity.status == "signed":
        days = publicity.days_of_the_plan
        return ngettext(
            "Next the office starts the publicity; it then lasts {n} working day.",
            "Next the office starts the publicity; it then lasts {n} working days.",
            days,
        ).format(n=days)
    if publicity.status == "running" and publicity.before_review:
        return _("Anybody may object until the last day, 24:00. The meeting can open from the next day on; whoever is "
                 "under an objection then is not voted on.")  # fmt: skip
    if publicity.status == "running":
        return _("Anybody may object until the last day, 24:00. Then the list closes by itself and the report to the "
                 "bureau is prepared; whoever is under an objection then waits for its conclusion.")  # fmt: skip
    waits = publicity.status == "closed" and not publicity.before_review
    if waits and publicity.items.filter(live=True, declaration__status__in=("result_publicity", "held")).exists():
        return _("The publicity is over. The report to the bureau comes next, under “Reports of results”.")
    return ""


def meeting_decided(publicity: Any, act: Act) -> Iterable[Problem]:
    """Results are publicised after they are locked; who goes to a meeting, once the roster is frozen."""
    if publicity.before_review:
        if publicity.meeting.status != "approved":
            yield Problem(_("The meeting has not been approved, or has begun already."))
        elif not publicity.days_of_the_plan:
            yield Problem(_("The plan foresees no publicity before this meeting."))
        return
    if publicity.source.status != "decided":
        yield Problem(
            _("The results of this meeting are not locked yet.")
            if publicity.meeting_id
            else _("This determination is not decided yet.")
        )
    elif publicity.determination_id and not publicity.determination.papers.exists():
        yield Problem(_("The letter of the determination has not been made yet."))


def items_are_the_passed(publicity: Any, act: Act) -> Iterable[Problem]:
    """The list holds every person it is for who stands on no other list, and nobody else.

    It is for those who passed, were granted the title, or before the meeting go to it.
    """
    if publicity.before_review:
        source, wanted, stranger = "admission_id", _admitted(publicity), _("not on the roster")
    elif publicity.meeting_id:
        source, wanted, stranger = "verdict_id", _passed_verdicts(publicity), _("not passed")
    else:
        source, wanted, stranger = "determined_id", _granted(publicity), _("not passed")
    listed, expected = set(publicity.items.filter(live=True).values_list(source, flat=True)), set(wanted)
    if not listed:
        yield Problem(_("The list is empty."))
    for word, verdicts in ((_("missing"), expected - listed), (stranger, listed - expected)):
        if verdicts:
            yield Problem(_("{count} persons are {what}: make the list again.").format(count=len(verdicts), what=word))


def _admitted(publicity: Any) -> Iterable[int]:
    elsewhere = ResultPublicityItem.objects.filter(live=True, admission__isnull=False).exclude(publicity=publicity)
    admitted = publicity.meeting.admissions.filter(exam_result="qualified", live=True)
    return admitted.exclude(pk__in=elsewhere.values("admission")).values_list("pk", flat=True)


def _passed_verdicts(publicity: Any) -> Iterable[int]:
    # Items of a determination have no verdict, and NOT IN says nothing of anybody once a NULL is among them.
    elsewhere = ResultPublicityItem.objects.filter(live=True, verdict__isnull=False).exclude(publicity=publicity)
    passed = Verdict.objects.filter(
        admission__meeting=publicity.meeting_id, outcome="passed", admission__declaration__status="passed"
    )
    return passed.exclude(pk__in=elsewhere.values("verdict")).values_list("pk", flat=True)


def _granted(publicity: Any) -> Iterable[int]:
    elsewhere = ResultPublicityItem.objects.filter(live=True).exclude(publicity=publicity)
    granted = publicity.determination.items.filter(outcome="granted", declaration__status="passed")
    return granted.exclude(publicity_items__in=elsewhere).values_list("pk", flat=True)


def content_as_signed(publicity: Any, act: Act) -> Iterable[Problem]:
    """What goes public is what the director signed."""
    if publicity.content_sha256 != content_sha256(publicity.content()):
        yield Problem(_("The list is not the one the director signed. Have it signed again."))


def where_and_whom(publicity: Any, act: Act) -> Iterable[Problem]:
    """Readers must know where to object."""
    if not (publicity.contact and publicity.phone):
        yield Problem(_("Please name a contact and a telephone number for objections."), field="contact")


def period_over(period: Any, act: Act) -> Iterable[Problem]:
    """The last day has passed (24:00); a function of the row, not of any task. A provisional end is never over."""
    if period.provisional:
        yield Problem(_("The end is provisional: the bureau has not entered the holidays of that year yet."))
    elif not period.is_over(act.day):
        yield Problem(_("The publicity runs until {day}, 24:00.").format(day=last_day_said(period.ends_on)))


def every_list_over(report: Any, act: Act) -> Iterable[Problem]:
    """The publicity of every person reported is over and not provisional."""
    for publicity in {
        item.publicity_item.publicity for item in report.items.select_related("publicity_item__publicity")
    }:
        yield from period_over(publicity, act)


def has_items(report: Any, act: Act) -> Iterable[Problem]:
    """A report reports somebody."""
    if not report.items.exists():
        yield Problem(_("Nobody is ready to be reported."))


def none_held(report: Any, act: Act) -> Iterable[Problem]:
    """A person under objection is held back; the others go on, that person follows in a supplement.

    The refusal says the number of the declaration, never the name: whoever sends may keep away from that person (P12).
    """
    held = report.items.exclude(declaration__status__in=["result_publicity", "reported"]).exclude(decision="rejected")
    for item in held.select_related("declaration"):
        case = said_to(act.actor, item.declaration)
        yield Problem(_("{case} is not free to be reported: make the report again.").format(case=case))
    objected = report.items.filter(publicity_item__in=Objection.objects.holding().values("item"))
    for item in objected.exclude(pk__in=held).select_related("declaration"):
        case = said_to(act.actor, item.declaration)
        yield Problem(_("{case}: an objection is not settled.").format(case=case))


def papers_of_one_content(report: Any, act: Act) -> Iterable[Problem]:
    """3-4, 3-5, 3-6 and the photographs were made from the same content, and it is the present one."""
    papers = report.papers.filter(document__superseded_by__isnull=True).select_related("document")
    made = {paper.code: paper.document.snapshot.get("content_sha256") for paper in papers}
    for code in CODES:
        if code in made and made[code] != report.content_sha256:
            yield Problem(
                _("Attachment {code} was made from an earlier state: make the papers again.").format(code=code)
            )


def to_be_made(report: Any) -> bool:
    """Whether a paper of a report that lies with the office is missing, older than its content, or older than the day
    the bureau sent the report back."""
    papers = report.papers.filter(document__superseded_by__isnull=True).select_related("document")
    made = {paper.code: paper.document for paper in papers}
    back = report.records.filter(transition="send_back").last()
    return not all(
        code in made
        and made[code].snapshot.get("content_sha256") == report.content_sha256
        and (back is None or made[code].made_at > back.at)
        for code in CODES
    )


def pointless(report: Any) -> frozenset[str]:
    """Steps the guards would refuse whoever takes them: sending before the papers are there, proposing before
    everybody is decided on."""
    if report.status == "draft" and to_be_made(report):
        return frozenset({"send"})
    if report.status == "sent" and report.items.filter(decision="pending").exists():
        return frozenset({"propose"})
    return frozenset()


def counts_equal(report: Any, act: Act) -> Iterable[Problem]:
    """3-4, 3-5, 3-6 and the photographs speak of the same number of persons."""
    there, said = report.items.count(), len(report.content.get("people", []))
    photos = report.items.filter(photo__isnull=False).count()
    if there != said:
        yield Problem(_("The papers list {said} persons, the report {there}.").format(said=said, there=there))
    if photos != there:
        yield Problem(_("{count} photographs are missing.").format(count=there - photos))


def every_item_decided(report: Any, act: Act) -> Iterable[Problem]:
    """The reviewer has proposed a decision on each person."""
    pending = report.items.filter(decision="pending").count()
    if pending:
        yield Problem(_("{count} persons have no proposed decision yet.").format(count=pending))


def end_of_period(start: Any, working_days: int) -> calendar.PeriodEnd:
    """Last day of a period that starts on ``start``; the day of publication does not count."""
    return calendar.add_working_days(start, working_days)


def is_in_time(publicity: Any, at: dt.datetime) -> bool:
    """Whether what reached the server at that moment is in time: until 24:00 of the last day, by the server's clock."""
    return publicity.ends_on is not None and (publicity.provisional or clock.local(at).date() <= publicity.ends_on)
