"""Forms of the class hours asked for and of the departments that speak for an industry."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.accounts.models import Organisation
from appraisal_portal.kernel import clock
from committees.plans.models import HoursRequirement, Industry


class HoursForm(forms.ModelForm):
    """One requirement; a department chooses among its own industries, the bureau enters general subjects."""

    class Meta:
        model = HoursRequirement
        fields = ("year", "industry", "hours", "subjects", "document")
        labels = {
            "year": gettext_lazy("Year"),
            "industry": gettext_lazy("Industry"),
            "hours": gettext_lazy("Class hours at least"),
            "subjects": gettext_lazy("Subjects"),
            "document": gettext_lazy("Document"),
        }
        help_texts = {
            "subjects": gettext_lazy("As the document names them; applicants read it."),
            "document": gettext_lazy("Name and number; applicants read it beside what is missing."),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours"].min_value = 1  # type: ignore[attr-defined]
        if user.acts_as("bureau_reviewer"):
            del self.fields["industry"]
            self.instance.kind = HoursRequirement.Kind.GENERAL
        else:
            self.fields["industry"].queryset = Industry.objects.filter(  # type: ignore[attr-defined]
                department=user.acting_organisation_id
            ).select_related("series", "subfield")
            self.fields["industry"].required = True
            self.fields["industry"].empty_label = _("Please choose")  # type: ignore[attr-defined]
            self.instance.kind = HoursRequirement.Kind.PROFESSIONAL

    def clean(self) -> dict[str, Any]:
        """A year near today, possible hours, each requirement once."""
        data = super().clean() or {}
        this = clock.today().year
        if data.get("year") and not this - 10 <= data["year"] <= this + 1:
            self.add_error("year", _("Enter a year between {first} and {last}.").format(first=this - 10, last=this + 1))
        if data.get("hours") is not None and not 1 <= data["hours"] <= 1000:
            self.add_error("hours", _("Enter between 1 and 1000 class hours."))
        same = HoursRequirement.objects.filter(
            year=data.get("year"), kind=self.instance.kind, industry=data.get("industry")
        )
        if "year" not in self.errors and same.exclude(pk=self.instance.pk).exists():
            self.add_error("year", _("There is a row for this year already; change that one."))
        return data


class IndustryForm(forms.ModelForm):
    """Which department speaks for a series or subfield."""

    class Meta:
        model = Industry
        fields = ("series", "subfield", "department")
        labels = {
            "series": gettext_lazy("Series"),
            "subfield": gettext_lazy("Subfield"),
            "department": gettext_lazy("Competent department"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Organisation.objects.active().filter(  # type: ignore[attr-defined]
            kind=Organisation.Kind.COMPETENT_DEPARTMENT
        )

    def clean(self) -> dict[str, Any]:
        """The subfield of the series; each only once."""
        data = super().clean() or {}
        series, subfield = data.get("series"), data.get("subfield")
        if series and subfield and subfield.series_id != series.pk:
            self.add_error("subfield", _("This subfield does not belong to the series."))
        elif series and Industry.objects.filter(series=series, subfield=subfield).exists():
            self.add_error("subfield" if subfield else "series", _("A department speaks for this industry already."))
        return data
