"""Organisations and employments."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.accounts import rules
from appraisal_portal.accounts.forms.fields import day_field
from appraisal_portal.accounts.models import Employment, Membership, Organisation
from appraisal_portal.kernel import clock, names

Kind, Role = Organisation.Kind, Membership.Role
EMPLOYERS = (Kind.UNIT, Kind.AGENCY)
SHOWN = 5


class OrganisationForm(forms.ModelForm):
    """A registration. People register their unit or agency; the bureau may register any body but itself."""

    county = forms.ChoiceField(label=gettext_lazy("County"), required=False)
    registered_as = forms.ChoiceField(
        label=gettext_lazy("Your role there"),
        required=False,
        choices=[
            ("", gettext_lazy("none")),
            (Role.UNIT_CLERK, Role.UNIT_CLERK.label),
            (Role.UNIT_HEAD, Role.UNIT_HEAD.label),
        ],
        help_text=gettext_lazy("You receive it with the approval. Clerk and head must be two persons."),
    )

    class Meta:
        model = Organisation
        fields = (
            "kind", "name", "short_name", "credit_code", "employer_kind", "county", "elsewhere", "forwarder",
            "registered_as",
        )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bureau = user.acts_as(Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER)
        kinds = [k for k in Kind if k != Kind.CITY_BUREAU] if bureau else list(EMPLOYERS)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        bodies = Organisation.objects.active().filter(kind__in=(Kind.COUNTY_BUREAU, Kind.COMPETENT_DEPARTMENT))
        self.fields["forwarder"].queryset = bodies
        self.fields["forwarder"].empty_label = _("none: straight to the committee office")
        counties = bodies.exclude(county="").order_by("pk").values_list("county", flat=True)
        self.fields["county"].choices = [("", _("municipal")), *((name, name) for name in dict.fromkeys(counties))]
        self.fields["forwarder"].help_text = _("The department in charge of the unit, or its county bureau.")
        for name in ("county", *(() if bureau else ("credit_code", "employer_kind"))):
            self.fields[name].asked = True  # not marked as optional
        if bureau:
            del self.fields["registered_as"]

    def clean_credit_code(self) -> str:
        """Capitals, no spaces; the check character is right."""
        code = "".join(self.cleaned_data["credit_code"].split()).upper()
        if code:
            problems = rules.credit_code_problems(code)
            if problems:
                raise forms.ValidationError(problems)
        return code

    def clean_name(self) -> str:
        """One space where there were several."""
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        """An employer needs its kind and its code."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("kind") in EMPLOYERS:
            if not cleaned.get("employer_kind"):
                self.add_error("employer_kind", _("Choose the kind of employer: it decides which rules apply."))
            if not cleaned.get("credit_code") and "credit_code" not in self.errors:
                self.add_error("credit_code", _("Enter the unified social credit code of the unit."))
        return cleaned


class EmploymentForm(forms.Form):
    """Where somebody says to work. The unit is typed: a list of thousands helps nobody."""

    unit = forms.CharField(
        label=gettext_lazy("Work unit"),
        max_length=120,
        help_text=gettext_lazy(
            "Its full name, part of it, or its unified credit code. If you have no unit, name your talent agency."
        ),
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
    )
    post = forms.CharField(label=gettext_lazy("Post"), max_length=60, required=False)
    starts_on = day_field(gettext_lazy("Working there since"))
    replaces = forms.ModelChoiceField(
        label=gettext_lazy("Do I leave a unit for this one?"),
        queryset=Employment.objects.none(),
        required=False,
        empty_label=gettext_lazy("No, I leave none"),
        help_text=gettext_lazy(
            "The old employment ends when the new unit confirms. Declarations already recommended stay with the old "
            "unit; those before that come back to you, to be handed in through the new unit."
        ),
    )

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["replaces"].queryset = Employment.objects.confirmed().filter(person=person).select_related("unit")
        self.fields["replaces"].label_from_instance = lambda row: row.unit.name
        if not self.fields["replaces"].queryset:
            del self.fields["replaces"]

    def clean_unit(self) -> Organisation:
        """The one unit in use that fits; several are named, so that one can be copied."""
        text = " ".join(self.cleaned_data["unit"].split())
        employers = Organisation.objects.active().employers()
        exact = (
            employers.filter(name=text).first()
            or employers.filter(credit_code=text.upper()).exclude(credit_code="").first()
        )
        if exact is not None:
            return exact
        alike = list(employers.filter(name__icontains=text).order_by("name")[: SHOWN + 1])
        if len(alike) == 1:
            return alike[0]
        if not alike:
            raise forms.ValidationError(_("No unit in use has this name. If yours is missing, register it first."))
        shown = " · ".join(unit.name for unit in alike[:SHOWN])
        raise forms.ValidationError(_("Several units fit; enter the full name: {names}").format(names=shown))


class ConfirmEmploymentForm(forms.Form):
    """What the unit says about the person; called by the transition page with ``obj`` and ``user``."""

    confirmed_kind = forms.ChoiceField(
        label=gettext_lazy("What kind of staff is the person?"),
        choices=Employment.StaffKind.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Civil servants and staff managed like them cannot take part in the appraisal."),
    )

    def __init__(self, *args: Any, obj: Employment, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class EndEmploymentForm(forms.Form):
    """The last day there."""

    ends_on = day_field(gettext_lazy("Last day"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=names.MAX_LENGTH * 4, required=False)

    def __init__(self, *args: Any, obj: Employment, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].initial = clock.today()
