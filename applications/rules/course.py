"""Guards of the applicant's other steps and of rows that later stages fire; they judge only what this stage can see."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import Act, Problem
from committees.plans.models import Channel
from committees.plans.querysets import IN_FORCE


def reason_given(declaration: Any, act: Act) -> Iterator[Problem]:
    """A draft is withdrawn without a word; what others have begun to work on is not."""
    if declaration.status != "draft" and not act.reason:
        yield Problem(_("Please give the reason."), field="reason")


def recheck_allowed(declaration: Any, act: Act) -> Iterator[Problem]:
    """Whether a recheck (复核) exists at all is a setting (0 switches it off)."""
    if not settings.PORTAL_RECHECKS:
        yield Problem(_("A recheck is not foreseen in this cycle."))


def within_undo_minutes(declaration: Any, act: Act) -> Iterator[Problem]:
    """The handler takes back an own decision within some minutes (setting); a spot check of the bureau at any time."""
    if act.cause is not None:
        return
    last = declaration.records.filter(transition__in=("qualify", "disqualify")).order_by("-pk").first()
    limit = dt.timedelta(minutes=settings.PORTAL_UNDO_MINUTES)
    if last is not None and act.at - last.at > limit:
        yield Problem(
            _("A decision can be taken back within {minutes} minutes.").format(minutes=settings.PORTAL_UNDO_MINUTES)
        )


def line_still_open(declaration: Any, act: Act) -> Iterator[Problem]:
    """readmit: the plan of the year is still in force, so that another meeting can be held for the line."""
    if declaration.line.plan.status not in IN_FORCE:
        yield Problem(_("The review plan of {year} is not in force any more.").format(year=declaration.year))


def decided_in_this_city(declaration: Any, act: Act) -> Iterator[Problem]:
    """certify: who was only recommended gets no certificate of this city (notice IV(3))."""
    if declaration.line.channel == Channel.RECOMMEND:
        yield Problem(
            _("This declaration was recommended to a higher committee: this city issues no certificate."),
            basis="senior.entrusted_by_bureau",
        )


def goes_to_a_higher_committee(declaration: Any, act: Act) -> Iterator[Problem]:
    """entrust: only recommendations to a higher committee (notice IV(3))."""
    if declaration.line.channel != Channel.RECOMMEND:
        yield Problem(_("This declaration is decided here and not entrusted to a higher committee."))
