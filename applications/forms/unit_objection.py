"""Forms about an objection raised inside the unit (单位公示异议): what was said, and what its check found."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from applications.forms.sections import DayInput
from applications.forms.unit import InnerForm
from applications.models import UnitObjection
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.meaning import at_least
from appraisal_portal.kernel.widgets import UploadField, UploadInput

_FILE = gettext_lazy("PDF, JPG or PNG, at most 10 MB.")


def _file_input() -> UploadInput:
    return UploadInput(attrs={"accept": "application/pdf,image/jpeg,image/png"})


class ObjectionForm(InnerForm):
    """What a colleague objects to: with the name an objection, without it a report that can be checked."""

    filed_by = forms.CharField(
        label=gettext_lazy("Who raised it"),
        help_text=gettext_lazy("The real name. Leave empty only for a report that nobody has put a name to."),
        max_length=50,
        required=False,
    )
    checkable = forms.BooleanField(
        label=gettext_lazy("Without a name: it says something that can be checked"), required=False
    )
    received_on = forms.DateField(
        label=gettext_lazy("Received on"),
        initial=clock.today,
        widget=DayInput(attrs={"class": "w10"}),
        error_messages={"required": gettext_lazy("Give the day the objection was received.")},
    )
    content = forms.CharField(
        label=gettext_lazy("What is objected to"),
        help_text=at_least(gettext_lazy("What is wrong, and what shows it.")),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Say what is objected to.")},
    )
    evidence = UploadField(
        label=gettext_lazy("What was handed in with it"), required=False, help_text=_FILE, widget=_file_input()
    )
    substance = forms.CharField(
        label=gettext_lazy("What the person concerned is told"),
        help_text=gettext_lazy("In substance, without a name and without anything that tells who raised it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say in substance what the person concerned has to answer.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["filed_by"].asked = True  # type: ignore[attr-defined]  # not marked as optional: a rule wants it


class ObjectionOutcomeForm(InnerForm):
    """The outcome of the check with its report."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=UnitObjection.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the outcome.")},
    )
    report = forms.CharField(
        label=gettext_lazy("Report: what was checked and what was found"),
        help_text=gettext_lazy("It goes with the declaration: whoever examines it reads it. Name nobody who objected."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Write what was checked and what was found.")},
    )
    report_file = UploadField(
        label=gettext_lazy("Papers of the check"), required=False, help_text=_FILE, widget=_file_input()
    )
