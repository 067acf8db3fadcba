"""Forms of bans after falsification."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Declaration


class OpenForm(forms.Form):
    """Whose material was false, in which declaration, and what."""

    number = forms.CharField(
        label=_("Number of the declaration"), max_length=20, help_text=_("The person and the unit follow from it.")
    )
    review_year = forms.IntegerField(
        label=_("Year of the review"),
        min_value=2018,
        max_value=2100,
        help_text=_("Typed, never guessed: it decides the years of the ban."),
    )
    ground = forms.CharField(label=_("What was false"), widget=forms.Textarea(attrs={"rows": 5}), max_length=2000)
    unit_responsible = forms.BooleanField(label=_("The work unit shares the responsibility"), required=False)

    def clean_number(self) -> Any:
        """The declaration of that number."""
        found = (
            Declaration.objects.filter(number=self.cleaned_data["number"].strip()).select_related("applicant").first()
        )
        if found is None:
            raise forms.ValidationError(_("There is no declaration of this number."))
        return found


class HearForm(forms.Form):
    """The statement of the person concerned and the evidence."""

    statement = forms.CharField(
        label=_("Statement of the person"), widget=forms.Textarea(attrs={"rows": 5}), max_length=4000, required=False
    )
    statement_refused = forms.BooleanField(label=_("The person refused a statement"), required=False)
    evidence = forms.CharField(label=_("Evidence"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)

    def __init__(self, *args: Any, obj: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
