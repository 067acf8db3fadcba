"""Guards of an extension (延期): never shorter, inside the plan, for everybody only after a logged outage."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from applications.rules.closing import closing_day
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.days import day_said, last_day_said
from appraisal_portal.kernel.workflow import Act, Problem
from committees.plans.querysets import IN_FORCE


def reason_stated(extension: Any, act: Act) -> Iterator[Problem]:
    """Why somebody gets more time than the others is written down."""
    if not extension.reason.strip():
        yield Problem(_("Please give the reason."), field="reason")


def only_longer(extension: Any, act: Act) -> Iterator[Problem]:
    """A later day than the present one, not in the past, and not after the last day of the work units."""
    if extension.line.plan.status not in IN_FORCE:
        yield Problem(_("The plan of this line is not in force."), field="line")
    now = closing_day(extension.line, extension.person_id)
    if extension.until <= now:
        yield Problem(
            _("An extension only makes the window longer: it lasts until {day} already.").format(day=day_said(now)),
            field="until",
        )
    if extension.until < act.day:
        yield Problem(_("The new last day has passed already."), field="until")
    last = extension.line.unit_deadline
    if extension.until > last:
        yield Problem(
            _("Work units have time until {day}; an extension cannot go beyond it.").format(day=last_day_said(last)),
            field="until",
        )


def after_outage(extension: Any, act: Act) -> Iterator[Problem]:
    """Everybody gets more time only after an interruption the operator has logged and that fell into the window."""
    if extension.person_id is not None:
        return
    outage = extension.outage
    if outage is None:
        yield Problem(_("An extension for everybody needs an interruption the operator has logged."), field="outage")
        return
    line = extension.line
    if outage.ends_at <= clock.at(line.opens_on, 0) or outage.starts_at >= clock.end_of_day(line.last_day):
        yield Problem(_("The interruption does not fall into the window of this line."), field="outage")
