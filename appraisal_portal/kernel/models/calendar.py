"""The bureau's own working-day calendar; it wins over the published one that comes with the package."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """One day that differs from the published calendar, or that the package does not know (调休, 节假日)."""

    class Kind(models.TextChoices):
        WORKDAY = "workday", _("working day")
        DAY_OFF = "day_off", _("day off")

    day = models.DateField(primary_key=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    source = models.CharField(max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"


class CalendarYear(models.Model):
    """Whether the yearly notice of the State Council has been entered; a year without it gives provisional dates."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    complete = models.BooleanField(default=False)
    source = models.CharField(max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return str(self.year)
