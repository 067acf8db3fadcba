"""Forms of a decided case."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.meaning import at_least
from committees.reviews.models import PersonalFile


class _FileForm(forms.ModelForm):
    label: Any = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": True}
        self.helper.add_input(Submit("save", self.label))


class ReasonsForm(_FileForm):
    """Why, in words of the standard."""

    label = _("Give the reasons")

    class Meta:
        model = PersonalFile
        fields = ["reasons"]
        help_texts = {
            "reasons": at_least(
                _(
                    "Which demand of the standard was not met, and what would meet it. Never who voted how. The person "
                    "reads it in the decision letter."
                )
            )
        }
        widgets = {"reasons": forms.Textarea(attrs={"rows": 6})}


class FilingForm(_FileForm):
    """Where the papers lie."""

    label = _("Confirm the filing")

    class Meta:
        model = PersonalFile
        fields = ["place"]
        help_texts = {"place": _("For instance: personal file, class 4, number 12.")}
