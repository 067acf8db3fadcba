"""Guards of forwarding, the one-off supplement (一次性告知补正) and the qualification examination (资格审查)."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applications.models.examination import CorrectionSlip
from applications.rules.comparison import label_of
from applications.rules.corrections import Opening, after_of, changes, part
from applications.rules.form import ENTRUSTMENT
from applications.rules.items import attachment_names
from appraisal_portal import law
from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.approvals import canonical
from appraisal_portal.kernel.days import day_said, last_day_said
from appraisal_portal.kernel.workflow import Act, Problem
from committees.plans.models import DecidedBy


def slip_has_items(declaration: Any, act: Act) -> Iterator[Problem]:
    """A slip names what is to be corrected, each item with its reason: ``act.data["items"]`` = {code: reason}."""
    items = act.data.get("items") or {}
    if not items:
        yield Problem(_("Name at least one item to be corrected."), field="items")
    for code, reason in items.items():
        if not str(reason).strip():
            yield Problem(_("Say what is wrong with each named item."), field=f"reason-{code}")


def open_slip(declaration: Any) -> Any:
    """The correction slip that waits for the applicant's answer, or None."""
    return declaration.correction_slips.filter(answered_at=None).order_by("-pk").first()


def answer_until(declaration: Any) -> dt.date | None:
    """Last day the open slip gives the applicant; without one of its own the unit's last day."""
    slip = open_slip(declaration)
    return slip.ends_on if slip and slip.ends_on else declaration.line.unit_deadline


def hand_in_again_until(declaration: Any) -> dt.date:
    """Last day a returned declaration is taken back: the unit's own, or the later one a late return named."""
    last: dt.date = declaration.line.unit_deadline
    slip = open_slip(declaration)
    return max(last, slip.ends_on) if slip and slip.ends_on else last


def answer_day_possible(declaration: Any, act: Act) -> Iterator[Problem]:
    """return_by_unit: the day the unit names is not over yet, and leaves it its own last day."""
    slip, last = act.data.get("slip"), declaration.line.unit_deadline
    if slip is None or slip.ends_on is None:
        return
    if slip.ends_on < act.day:
        yield Problem(_("This day is over already. Name one that leaves time to correct."), field="answer_by")
    elif act.day <= last < slip.ends_on:
        yield Problem(
            _("The work unit itself has only until {day}: name that day or an earlier one.").format(
                day=last_day_said(last)
            ),
            field="answer_by",
        )


def opening_of(slip: Any) -> Opening:
    """What a slip opens for writing; None opens nothing."""
    return Opening.of((item.item for item in slip.items.all()), slip.content) if slip else Opening.of(())


def unasked(slip: Any, content: dict[str, Any]) -> Iterator[Problem]:
    """Changes since the slip was written that none of its items names, each by its name."""
    for change in opening_of(slip).beyond(changes(slip.content, content)):
        words = label_of(change, attachment_names(slip.declaration))
        yield Problem(_("“{item}” was not asked for, but has changed.").format(item=words), field=change.section)


def answered_items(slip: Any, content: dict[str, Any]) -> set[str]:
    """Codes of the items under which something has changed since the slip was written."""
    before, now = canonical(slip.content), canonical(content)
    codes = [item.item for item in slip.items.all()]
    return {code for code in codes if (after_of(before, now, code) or None) != (part(before, code) or None)}


def only_named_items_changed(declaration: Any, act: Act) -> Iterator[Problem]:
    """While a slip is open only what it names may change: a section, a row, a field, a file."""
    slip = open_slip(declaration)
    if slip is not None:
        yield from unasked(slip, declaration.content())


def office_slip(declaration: Any) -> Any:
    """The one supplement notice of the committee office, or None."""
    return declaration.correction_slips.filter(stage=CorrectionSlip.Stage.OFFICE).order_by("-pk").first()


def first_supplement(declaration: Any, act: Act) -> Iterator[Problem]:
    """All defects are told at once: there is one supplement notice and no second (一次性告知)."""
    slip = act.data.get("slip")
    others = declaration.correction_slips.filter(stage=CorrectionSlip.Stage.OFFICE)
    if others.exclude(pk=getattr(slip, "pk", None)).exists():
        yield Problem(
            _("A supplement has been asked for before. It is possible only once; decide on what was supplied.")
        )


def reply_period_fixed(declaration: Any, act: Act) -> Iterator[Problem]:
    """The notice says by when to answer: the line's working days, counted from today."""
    slip = act.data.get("slip")
    if slip is None or slip.ends_on is None or slip.announced_ends_on is None:
        yield Problem(_("The last day of the reply has not been fixed."))
    elif slip.working_days != declaration.line.supplement_days or slip.starts_on != act.day:
        yield Problem(
            _("The reply window is {days} working days from today.").format(days=declaration.line.supplement_days)
        )


def application_day(line: Any, day: dt.date) -> calendar.PeriodEnd | None:
    """Last day on which the office can apply for a meeting in the plan's month. None once it is over: the meeting is
    then later than planned, and the line says nothing of it."""
    after = line.meeting_month.replace(day=28) + dt.timedelta(days=4)
    last = calendar.latest_application_day(
        after - dt.timedelta(days=after.day), law.value("meeting.lead_days", day) or 0
    )
    return last if day <= last.ends_on else None


def reply_ends_before_the_application(declaration: Any, act: Act) -> Iterator[Problem]:
    """The reply ends before the last day on which the office can apply for a meeting in the plan's month."""
    slip = act.data.get("slip")
    if slip is not None and slip.ends_on is not None:
        yield from reply_too_late(declaration, slip.ends_on, act.day)


def reply_too_late(declaration: Any, reply: dt.date, day: dt.date) -> Iterator[Problem]:
    """A reply possible until then would come after the application; the page says so before anything is typed."""
    line = declaration.line
    last = application_day(line, day) if declaration.decider == DecidedBy.COMMITTEE else None
    if last is not None and last.ends_on <= reply:
        yield Problem(
            _(
                "The reply would be possible until {reply}, but the office applies for the meeting of {month} by {last}"
                " at the latest. Decide on what there is, or have the plan's month changed."
            ).format(
                reply=day_said(reply),
                last=last_day_said(last.ends_on),
                month=date_format(line.meeting_month, "Y-m"),
            )
        )


def reply_until(declaration: Any) -> Any:
    """Last day of the reply to the supplement notice, or None."""
    slip = office_slip(declaration)
    return slip.ends_on if slip else None


def reply_window_open(declaration: Any, act: Act) -> Iterator[Problem]:
    """An answer counts until 24:00 of the announced day."""
    slip = office_slip(declaration)
    if slip is None or not slip.is_running(act.day):
        yield Problem(
            _("The reply was possible until {day}, 24:00.").format(day=day_said(slip.ends_on))
            if slip
            else _("No supplement has been asked for.")
        )


def reply_window_over(declaration: Any, act: Act) -> Iterator[Problem]:
    """Only after the announced end, and never on a provisional date, is a declaration deemed given up (视为放弃)."""
    slip = office_slip(declaration)
    if slip is None or not slip.is_over(act.day):
        yield Problem(
            _("The reply window is open until {day}.").format(day=last_day_said(slip.ends_on))
            if slip
            else _("No supplement has been asked for.")
        )


def decided_before_recheck(declaration: Any) -> int | None:
    """Account of whoever found the person not eligible before the recheck; None without a recheck."""
    asked = declaration.records.filter(transition="recheck").order_by("-pk").first()
    if asked is None:
        return None
    before = declaration.records.filter(transition="disqualify", pk__lt=asked.pk).order_by("-pk").first()
    return before.actor_id if before else None


def rechecks_left(declaration: Any) -> int:
    """How often the person may still ask for a recheck (复核; the number is a setting)."""
    return max(0, settings.PORTAL_RECHECKS - declaration.records.filter(transition="recheck").count())


def recheck_until(declaration: Any) -> calendar.PeriodEnd | None:
    """The last day to ask for a recheck; None for whoever was never found not eligible."""
    found = declaration.records.filter(transition="disqualify").order_by("-pk").first()
    if found is None:
        return None
    return calendar.add_working_days(clock.local(found.at).date(), settings.PORTAL_RECHECK_DAYS)


def recheck_day(declaration: Any) -> dt.date | None:
    """The last day to ask for a recheck, as messages say it."""
    ends = recheck_until(declaration)
    return ends.ends_on if ends else None


def may_ask_for_a_recheck(declaration: Any, day: dt.date) -> bool:
    """Whether one is left and can still be asked for on that day; a provisional end closes nothing."""
    ends = recheck_until(declaration)
    return bool(rechecks_left(declaration) and ends and (ends.provisional or day <= ends.ends_on))


def recheck_in_time(declaration: Any, act: Act) -> Iterator[Problem]:
    """Whoever does not agree says so while the examination goes on, not when the committee has long met."""
    ends = recheck_until(declaration)
    if ends and not ends.provisional and act.day > ends.ends_on:
        yield Problem(
            _("A recheck could be asked for until {day}, 24:00.").format(day=day_said(ends.ends_on)),
        )


def first_recheck(declaration: Any, act: Act) -> Iterator[Problem]:
    """A recheck is possible a fixed number of times, each with its reason."""
    if not rechecks_left(declaration):
        yield Problem(_("A recheck has been made before; it is not possible again."))


def forwarded_where_unit_has_a_forwarder(declaration: Any, act: Act) -> Iterator[Problem]:
    """A unit under a county bureau or competent department reports through it; others straight to the office."""
    if declaration.decider == DecidedBy.COUNTY_BUREAU:
        return  # the county bureau decides itself: forwarding falls together with acceptance
    if declaration.unit.forwarder_id and declaration.status != "forwarded":
        yield Problem(
            _("{forwarder} has to forward this declaration first.").format(forwarder=declaration.unit.forwarder)
        )


def goes_on_to_another_body(declaration: Any, act: Act) -> Iterator[Problem]:
    """A county bureau that decides itself forwards to nobody."""
    if declaration.decider == DecidedBy.COUNTY_BUREAU:
        yield Problem(_("Your bureau decides this case itself: accept it instead of forwarding it."))


def entrusted_where_from_elsewhere(declaration: Any, act: Act) -> Iterator[Problem]:
    """People of another prefecture or of a provincial unit bring the letter of entrustment (委托评审函)."""
    letter = declaration.materials.filter(code=ENTRUSTMENT, superseded_by=None, removed=False)
    if declaration.unit.elsewhere and not letter.exists():
        yield Problem(
            _(
                "{unit} belongs to another prefecture: without its letter of entrustment the office cannot accept."
            ).format(unit=declaration.unit),
            field="attachments",
        )


def not_on_roster(declaration: Any, act: Act) -> Iterator[Problem]:
    """Once on the roster of an approved meeting the examination is not reopened."""
    last = declaration.records.filter(transition__in=("put_on_roster", "take_off_roster")).order_by("-pk").first()
    if last is not None and last.transition == "put_on_roster":
        yield Problem(_("The person stands on the roster of a meeting. Take them off it first."))
