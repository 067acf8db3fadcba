"""Rules of paper originals (notice IV(3)): what stands in the register, and by when it is back."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from applications.querysets import CLOSED
from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.days import day_said
from appraisal_portal.kernel.workflow import Act, Problem

COPIES = re.compile(r"\s*[×xX*]\s*(\d{1,3})\s*(?:份|本|张)?$")


def read_items(lines: Iterable[str]) -> list[dict[str, Any]]:
    """ "毕业证书 ×2" → {"text": "毕业证书", "copies": 2}; without a number it is one."""
    items = []
    for line in lines:
        found = COPIES.search(line)
        items.append({"text": COPIES.sub("", line).strip(), "copies": int(found[1]) if found else 1})
    return items


def due_on(over_at: dt.datetime | None) -> calendar.PeriodEnd | None:
    """The last day to give back what a case needs no more; None while it goes on. ``over_at``: when it ended."""
    if over_at is None:
        return None
    return calendar.add_working_days(clock.local(over_at).date(), settings.PORTAL_ORIGINALS_DAYS)


def over_and_late(today: dt.date) -> dt.date:
    """Originals of cases that were over on this day or before are late today."""
    return calendar.latest_application_day(today - dt.timedelta(days=1), settings.PORTAL_ORIGINALS_DAYS).ends_on


def something_handed_in(originals: Any, act: Act) -> Iterator[Problem]:
    """Every paper by name, at least one copy of each."""
    items = originals.items
    if not items or not all(item["text"] and item["copies"] > 0 for item in items):
        yield Problem(_("Name every original, and at least one copy of each."), field="items")


def case_under_way(originals: Any, act: Act) -> Iterator[Problem]:
    """Nothing is taken in for a case that is over, or that was never handed in."""
    if originals.declaration.is_draft or originals.declaration.status in CLOSED:
        yield Problem(_("This declaration is not under way: no originals are needed."))


def other_side_named(originals: Any, act: Act) -> Iterator[Problem]:
    """A hand-over has two sides, both by name."""
    if not (act.data.get("other") or "").strip():
        yield Problem(_("Please write who stood on the other side of the hand-over."), field="other")


def day_in_order(originals: Any, act: Act) -> Iterator[Problem]:
    """Not in the future, not before the hand-over before it."""
    day = act.data.get("handed_on")
    if day is None or day > act.day:
        yield Problem(_("The day of the hand-over cannot lie in the future."), field="handed_on")
    elif originals.pk and day < originals.since:
        words = _("They were handed to the present holder on {day}; this hand-over cannot be earlier.")
        yield Problem(words.format(day=day_said(originals.since)), field="handed_on")


def along_the_channel(originals: Any, act: Act) -> Iterator[Problem]:
    """What lies with the office goes back through the body the unit reports through."""
    forwarder = originals.declaration.unit.forwarder
    if originals.status == "with_office" and forwarder is not None and originals.holder_id != forwarder.pk:
        words = _("Originals go back along the reporting channel: {body} takes them back first.")
        yield Problem(words.format(body=forwarder), basis="originals.returned")
