"""Forms of the working-day calendar."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.models import CalendarDay
from committees.plans.rules import holiday_notice
from committees.plans.services import Change

from .fields import DayField


class DayForm(forms.Form):
    """A day off or a make-up working day (调休)."""

    day = DayField(label=_("Day"))
    kind = forms.ChoiceField(label=_("Kind of day"), choices=CalendarDay.Kind.choices)
    source = forms.CharField(
        label=_("Document"), max_length=200, help_text=_("The holiday notice of the State Council that says so.")
    )

    def change(self) -> Change:
        """The one day."""
        data = self.cleaned_data
        return Change(data["source"], {data["day"]: data["kind"]})


class YearForm(forms.Form):
    """The holidays of a year are entered completely."""

    source = forms.CharField(
        label=_("Document"), max_length=200, help_text=_("The holiday notice of the State Council.")
    )

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        self.year = year
        super().__init__(*args, **kwargs)

    def change(self) -> Change:
        """No day; the year is known from now on."""
        return Change(self.cleaned_data["source"], completes=self.year)


class HolidayNoticeForm(YearForm):
    """The yearly holiday notice (放假安排通知) as text."""

    text = forms.CharField(
        label=_("Text of the notice"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Copy it from the State Council's page. Weekdays and numbers of days are checked against it."),
    )
    field_order = ["text", "source"]

    def clean_text(self) -> holiday_notice.HolidayNotice:
        """What was read; every problem at once."""
        notice = holiday_notice.read(self.cleaned_data["text"], self.year)
        if notice.problems:
            raise ValidationError(notice.problems)
        return notice

    def change(self) -> Change:
        """All days of the notice, and the year is complete."""
        notice = self.cleaned_data["text"]
        days: dict[Any, str | None] = dict.fromkeys(notice.off, CalendarDay.Kind.DAY_OFF.value)
        days |= dict.fromkeys(notice.work, CalendarDay.Kind.WORKDAY.value)
        return Change(self.cleaned_data["source"], days, completes=self.year)
