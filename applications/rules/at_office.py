"""What the page of a case says to whoever examines it: who acts next, and by when."""

import datetime as dt
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applications.rules.changes import waits_for_the_unit
from applications.rules.examination import (
    application_day,
    decided_before_recheck,
    may_ask_for_a_recheck,
    recheck_until,
    rechecks_left,
)
from appraisal_portal.kernel import calendar, clock
from committees.plans.models import DecidedBy


class Next(NamedTuple):
    """A sentence, and the last day if there is one; ``label``: what stands before the day, if more than "by"."""

    text: str
    by: dt.date | None = None
    provisional: bool = False
    label: str = ""


def what_next(declaration: Any) -> Next | None:
    """None where the examination is over and another page says it."""
    status = declaration.status
    if status == "recommended" and declaration.unit.forwarder_id and declaration.decider != DecidedBy.COUNTY_BUREAU:
        return Next(
            _("{forwarder} has to forward this declaration first.").format(forwarder=declaration.unit.forwarder)
        )
    if status in ("recommended", "forwarded"):
        days = settings.PORTAL_ACCEPTANCE_DAYS
        ends_on, provisional = calendar.add_working_days(declaration.arrived_on, days)
        return Next(_("Accept it, hand it on to the committee it belongs to, or send it back."), ends_on, provisional)
    if status == "in_examination":
        return _under_examination(declaration)
    if status == "supplement":
        return Next(
            _("The applicant answers within the days shown and is reminded before they end. Without an answer the "
              "declaration then counts as abandoned by itself.")
        )  # fmt: skip
    if status == "qualified":
        return Next(_("The meeting comes next: whoever prepares it takes this case into the roster."))
    if status == "disqualified":
        return _after_refusal(declaration)
    return None


def _under_examination(declaration: Any) -> Next:
    """Whose turn it is, and the day the application for the planned meeting waits for it."""
    if waits := waits_for_the_unit(declaration, clock.today()):
        step, again = waits
        words = (
            _("{unit} first confirms what the supplement changed and publicises it again. You can find the person "
              "eligible only after that.")
            if again
            else _("{unit} first confirms what the supplement changed. You can find the person eligible only after "
                   "that.")
        )  # fmt: skip
        return Next(words.format(unit=declaration.unit), step.by, step.provisional)
    line = declaration.line
    last = application_day(line, clock.today()) if declaration.decider == DecidedBy.COMMITTEE else None
    if last is None:
        return Next(_examined_by(declaration))
    label = _("Last day to apply for the meeting of {month}, so examined by then: ").format(
        month=date_format(line.meeting_month, "Y-m")
    )
    return Next(_examined_by(declaration), last.ends_on, last.provisional, label)


def _examined_by(declaration: Any) -> str:
    if declaration.handler_id:
        return _("{name} judges every item, then decides; if something is missing, asks once for all of it.").format(
            name=declaration.handler
        )
    if decided_before_recheck(declaration):
        return _("The applicant asked for a recheck: assign it to somebody who did not decide it before.")
    return _("Nobody handles this case: assign it.")


def _after_refusal(declaration: Any) -> Next:
    if not rechecks_left(declaration):
        return Next(_("The recheck has been made: this decision stands."))
    ends = recheck_until(declaration)
    if not may_ask_for_a_recheck(declaration, clock.today()) or ends is None:
        return Next(_("No recheck was asked for in time: this decision stands."))
    text = _("The applicant can ask for a recheck, once; then somebody else of the office examines.")
    return Next(text, ends.ends_on, ends.provisional)
