"""What the page of a case says to whoever examines it: who acts next, and by when."""

import datetime as dt
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from applications.rules.examination import (
    decided_before_recheck,
    may_ask_for_a_recheck,
    recheck_until,
    rechecks_left,
)
from appraisal_portal.kernel import calendar, clock
from committees.plans.models import DecidedBy


class Next(NamedTuple):
    """A sentence, and the last day if there is one."""

    text: str
    by: dt.date | None = None
    provisional: bool = False


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
        return Next(_examined_by(declaration))
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
