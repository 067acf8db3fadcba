"""Forms of the working-day calendar."""

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.models import CalendarDay

from .fields import DayField


class DayForm(forms.Form):
    """A day off or a make-up working day (调休)."""

    day = DayField(label=_("Day"))
    kind = forms.ChoiceField(label=_("Kind of day"), choices=CalendarDay.Kind.choices)
    source = forms.CharField(
        label=_("Document"), max_length=200, help_text=_("The holiday notice of the State Council that says so.")
    )


class YearForm(forms.Form):
    """The holidays of a year are entered completely."""

    source = forms.CharField(
        label=_("Document"), max_length=200, help_text=_("The holiday notice of the State Council.")
    )
