"""When a meeting's archive can be closed: everything decided, reported, and nothing open."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import Act, Problem
from committees.reviews.models import Objection

UNREPORTED = ("passed", "result_publicity", "held")
OPEN = ("received", "investigating", "concluded")


def results_locked(book: Any, act: Act) -> Iterator[Problem]:
    """A meeting that never decided has no archive yet."""
    if book.meeting.status != "decided":
        yield Problem(_("The results of this meeting are not locked yet."))


def all_reported(book: Any, act: Act) -> Iterator[Problem]:
    """Whoever passed was reported to the bureau, or left after an objection; no report lies unsent."""
    waiting = book.meeting.admissions.filter(declaration__status__in=UNREPORTED).count()
    if waiting:
        yield Problem(_("{count} persons who passed are not reported to the bureau yet.").format(count=waiting))
    if book.meeting.reports.filter(status__in=("draft", "returned")).exists():
        yield Problem(_("A report of this meeting is not sent yet."))


def nothing_open(book: Any, act: Act) -> Iterator[Problem]:
    """No objection against somebody of this meeting is still being looked into."""
    count = Objection.objects.filter(item__publicity__meeting=book.meeting, status__in=OPEN).count()
    if count:
        yield Problem(_("{count} objections are still open.").format(count=count))
