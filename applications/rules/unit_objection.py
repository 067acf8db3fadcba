"""What must hold for an objection raised inside the unit (单位公示异议, R-19): (objection, day) → problems in words.

Real name, inside the period and what shows it make an objection (异议); what is late or carries no name is kept as a
report (举报) when it can be checked.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from appraisal_portal.kernel import calendar
from appraisal_portal.kernel.days import day_said
from appraisal_portal.kernel.meaning import says_something
from appraisal_portal.kernel.workflow import Problem


def receipt(objection: Any, day: dt.date, *, checkable: bool = False) -> Iterator[Problem]:
    """Taking it in; ``checkable``: a report without a name says something that can be checked."""
    first = objection.item.publicity.starts_on
    if not first <= objection.received_on <= day:
        words = _("The objection was received between {first}, when the publicity started, and today.")
        yield Problem(words.format(first=day_said(first)), "received_on")
    if not says_something(objection.content):
        yield Problem(_("Please say what is wrong and what shows it, in at least ten characters."), "content")
    if not objection.filed_by and not checkable:
        yield Problem(
            _("Without a real name it is recorded only as a report that says something that can be checked."),
            "filed_by",
        )
    if objection.filed_by and objection.filed_by in objection.substance:
        yield Problem(_("This names who raised it. The person concerned must not read that."), "substance")


def check_by(objection: Any) -> dt.date:
    """Last day of the usual time for a check (setting), counted from the day it was received."""
    return calendar.add_working_days(objection.received_on, settings.PORTAL_OBJECTION_CHECK_DAYS).ends_on
