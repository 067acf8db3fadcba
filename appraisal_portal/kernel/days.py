"""A day inside a sentence: with its weekday, and with the working days that are left where somebody has to be in time.

Every rule, refusal, message and history line says its days through these, so that they read alike everywhere
(ui.md §4, rule 4). Days that are facts about a person (born, obtained, counted to) stay dates.
"""

import datetime as dt

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from appraisal_portal.kernel import calendar, clock


def weekday(day: dt.date) -> str:
    """``周五`` or ``Fri``."""
    names = [
        pgettext("weekday", "Mon"),
        pgettext("weekday", "Tue"),
        pgettext("weekday", "Wed"),
        pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"),
        pgettext("weekday", "Sat"),
        pgettext("weekday", "Sun"),
    ]
    return names[day.weekday()]


def left_said(day: dt.date) -> str:
    """``today until 24:00`` or ``3 working days left``: of a last day that is not over."""
    if day == clock.today():
        return _("today until 24:00")
    n = calendar.working_days_left(clock.today(), day)
    return ngettext("%(n)d working day left", "%(n)d working days left", n) % {"n": n}


def day_said(day: dt.date) -> str:
    """``2026-12-11（周五）``."""
    return _("%(date)s (%(weekday)s)") % {"date": day.isoformat(), "weekday": weekday(day)}


day_said_later = lazy(day_said, str)
"""The same for a sentence that is put together before its reader's language is known."""


def last_day_said(day: dt.date) -> str:
    """``2026-12-11（周五，还有 12 个工作日）``: somebody has to be in time for it; once it is over, the day alone."""
    if day < clock.today():
        return day_said(day)
    left = pgettext("last day", "today") if day == clock.today() else left_said(day)
    words = {"date": day.isoformat(), "weekday": weekday(day), "left": left}
    return _("%(date)s (%(weekday)s, %(left)s)") % words
