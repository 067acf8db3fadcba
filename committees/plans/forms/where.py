"""The public question: where do I apply?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import Organisation
from appraisal_portal.kernel import clock
from committees.plans.models import Level, Series, Subfield


class WhereForm(forms.Form):
    """Series, subfield, level, kind of employer; asked by GET, nothing is stored."""

    series = forms.ModelChoiceField(Series.objects.none(), label=_("Series"), empty_label=_("Please choose"))
    subfield = forms.ModelChoiceField(
        Subfield.objects.none(),
        label=_("Subfield"),
        required=False,
        empty_label=_("none of these"),
        help_text=_("Only engineering is divided into subfields."),
    )
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices, initial=Level.INTERMEDIATE)
    employer = forms.ChoiceField(label=_("Kind of employer"), choices=Organisation.EmployerKind.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = clock.today()
        self.fields["series"].queryset = Series.objects.valid_on(day)  # type: ignore[attr-defined]
        self.fields["subfield"].queryset = Subfield.objects.valid_on(day)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The subfield belongs to the series."""
        data = super().clean() or {}
        series, subfield = data.get("series"), data.get("subfield")
        if series and subfield and subfield.series_id != series.pk:
            self.add_error("subfield", _("This subfield does not belong to the series."))
        return data
