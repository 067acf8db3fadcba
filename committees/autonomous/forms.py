"""Forms of independent appraisal; strictness lives in ``rules``."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.accounts.forms.fields import day_field
from appraisal_portal.accounts.models import Organisation, PostStructure
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.widgets import UploadField, UploadInput
from committees.autonomous import rules
from committees.autonomous.models import AutonomousPlan, Delegation
from committees.plans.models import Level


def helper(label: Any) -> FormHelper:
    """A form with one button."""
    found = FormHelper()
    found.attrs = {"novalidate": True}
    found.add_input(Submit("save", label))
    return found


class DelegationForm(forms.ModelForm):
    """Which titles are left to which unit, from when, by which document."""

    starts_on = day_field(gettext_lazy("From"))
    ends_on = day_field(gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: until it is ended."))
    levels = forms.MultipleChoiceField(
        label=gettext_lazy("Levels"), choices=Level.choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = Delegation
        fields = ("unit", "kind", "series", "levels", "document", "starts_on", "ends_on")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Organisation.objects.filter(kind="unit", status="active").order_by("name")
        if user.acts_as("forwarder"):
            units = units.filter(forwarder=user.acting_organisation_id)
        self.fields["unit"].queryset = units
        self.fields["levels"].asked = True  # judged by the rules, which know the kind of unit
        self.helper = helper(gettext_lazy("Store and look through"))

    def _post_clean(self) -> None:
        """Values go onto the row; what must hold is said by the service, at the field it belongs to."""
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields)


class OpenPlanForm(forms.Form):
    """The year and its days; those of universities are the notice's."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2018, max_value=2100)
    due_on = day_field(gettext_lazy("Plan due on"))
    result_due_on = day_field(gettext_lazy("Results due on"))

    def __init__(self, *args: Any, delegation: Delegation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.delegation = delegation
        self.fields["year"].initial = clock.today().year
        if delegation.kind == Delegation.Kind.UNIVERSITY:
            del self.fields["due_on"], self.fields["result_due_on"]
        self.helper = helper(gettext_lazy("Open the plan of the year"))

    def clean(self) -> dict[str, Any]:
        """Universities: 31 October, 31 March."""
        given = super().clean() or {}
        fixed = rules.days_of(self.delegation.kind, given["year"]) if given.get("year") else None
        if fixed:
            given["due_on"], given["result_due_on"] = fixed
        return given


class PlanForm(forms.Form):
    """What the unit enters: procedure, standard, and the inventory of posts, a row for each level."""

    procedure = forms.CharField(
        label=gettext_lazy("Procedure"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Who appraises, in which steps, how the result is publicised and objections are heard."),
    )  # fmt: skip
    standard = UploadField(label=gettext_lazy("Your own standard (PDF, JPEG or PNG, at most 10 MB)"), required=False)

    def __init__(self, *args: Any, plan: AutonomousPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["procedure"].initial = plan.procedure
        for name in ("procedure", "standard"):
            self.fields[name].asked = True  # may be kept empty, is not submitted empty
        if plan.standard:
            self.fields["standard"].help_text = _("Leave empty to keep: {name}").format(name=plan.standard)
        known = {post.level: post for post in plan.posts.all()}
        for level, label in PostStructure.Level.choices:
            for name, words in self.PARTS.items():
                self.fields[f"{level}-{name}"] = forms.IntegerField(
                    label=f"{label}{_(', ')}{words}", min_value=0, max_value=9999, required=False,
                    initial=getattr(known.get(level), name, None),
                    widget=forms.NumberInput(attrs={"class": "w5"}),
                )  # fmt: skip

    PARTS = {
        "approved": gettext_lazy("approved posts"),
        "used": gettext_lazy("of these taken"),
        "wanted": gettext_lazy("to be filled this year"),
    }

    def posts(self) -> dict[str, tuple[int, int, int]]:
        """By level, those without any number left out."""
        given = self.cleaned_data
        found = {
            level: tuple(given.get(f"{level}-{name}") or 0 for name in self.PARTS)
            for level in PostStructure.Level.values
        }
        return {level: numbers for level, numbers in found.items() if any(numbers)}  # type: ignore[misc]

    def rows(self) -> list[tuple[Any, list[Any]]]:
        """(level in words, its three controls)."""
        return [
            (label, [self[f"{level}-{name}"] for name in self.PARTS]) for level, label in PostStructure.Level.choices
        ]


class LogForm(forms.Form):
    """One line of the process log."""

    held_on = day_field(gettext_lazy("Day"))
    what = forms.CharField(
        label=gettext_lazy("What was done, and by whom"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What is entered stays as it is."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].widget.attrs["max"] = clock.today().isoformat()
        self.helper = helper(gettext_lazy("Enter into the log"))


class BatchForm(forms.Form):
    """The list of results and the work summary."""

    workbook = UploadField(
        label=gettext_lazy("List of results (.xlsx)"), check=None, widget=UploadInput(attrs={"accept": ".xlsx"})
    )
    photos = UploadField(
        label=gettext_lazy("Photographs (ZIP, each file named by the ID number)"),
        check=None,
        largest=settings.PORTAL_PHOTO_ZIP_BYTES,
        widget=UploadInput(attrs={"accept": ".zip"}),
        help_text=gettext_lazy("JPEG or PNG, at most 2 MB each, for the e-certificates."),
    )
    summary = UploadField(label=gettext_lazy("Work summary (PDF, JPEG or PNG, at most 10 MB)"))

    def __init__(self, *args: Any, batch: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if batch is not None:
            self.fields["summary"].required = self.fields["photos"].required = False
            self.fields["photos"].help_text = _("Leave empty to keep those of before.")
            self.fields["summary"].help_text = _("Leave empty to keep: {name}").format(name=batch.summary)
        self.helper = helper(gettext_lazy("Read the list"))
