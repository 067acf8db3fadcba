"""Whom it concerns that a corrected calendar moved the last day of a list or an investigation (domain.md §8, 13)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.services.periods import tell
from appraisal_portal.kernel.calendar import PeriodEnd
from committees.reviews.models import Objection, ResultPublicity
from committees.reviews.workflow import objection as people
from committees.reviews.workflow.results import clerks


def tell_of_list(sender: Any, *, row: ResultPublicity, before: PeriodEnd, **_rest: Any) -> None:
    """The clerks of the office whose list is public; the public page shows the new day by itself."""
    if row.status == "running":
        subject = _("The last day of a list under publicity has moved")
        tell(clerks(row), subject, row, before, link=row.get_absolute_url())


def tell_of_investigation(sender: Any, *, row: Objection, before: PeriodEnd, **_rest: Any) -> None:
    """Handler and person concerned (of a report the handler alone); whoever objected reads the day with the code."""
    subject = _("The last day of the investigation of an objection has moved")
    if row.status in ("investigating", "reported_late"):
        tell(people.handler(row), subject, row, before, link=row.get_absolute_url())
    if row.status == "investigating":
        tell(people.person_concerned(row), subject, row, before, link=row.person_url)
