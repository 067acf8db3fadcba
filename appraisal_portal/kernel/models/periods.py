"""A span of working days with a legal end."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock


class Period(models.Model):
    """Working days counted from the day after ``starts_on``; ends at 24:00 of ``ends_on`` (domain.md R-30).

    ``provisional``: a day of a year without a calendar was counted Monday to Friday; nothing closes, is approved or is
    reported on such a date. ``announced_ends_on``: what people were told; recomputation may only move the end later.
    """

    period_name: ClassVar[str | Promise] = _("period")
    """What runs, as the bureau reads it before it changes the calendar."""

    starts_on = models.DateField(null=True, blank=True)
    working_days = models.PositiveSmallIntegerField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    provisional = models.BooleanField(default=False)
    announced_ends_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    def is_over(self, day: dt.date | None = None) -> bool:
        """Whether the last day has passed; a provisional end never has. A function of the row, not of any task."""
        if self.ends_on is None or self.provisional:
            return False
        return (day or clock.today()) > self.ends_on

    def is_running(self, day: dt.date | None = None) -> bool:
        """Whether the period has been started and its last day has not passed."""
        return self.ends_on is not None and (self.provisional or (day or clock.today()) <= self.ends_on)
