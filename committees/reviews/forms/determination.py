"""The form of a determination: number of the letter, contact, and outcome and reason of each person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.telephones import reachable
from committees.reviews.models import Determination, DeterminationItem

OUT = "out"


class DeterminationForm(forms.Form):
    """``outcome-<declaration>`` and ``reason-<declaration>`` for each person who can be on the list."""

    reference = forms.CharField(
        label=_("Number of the letter"), max_length=Determination._meta.get_field("reference").max_length
    )
    contact = forms.CharField(label=_("Contact person"), max_length=50)
    phone = forms.CharField(label=_("Telephone"), max_length=20, validators=[reachable])

    def __init__(self, *args: Any, people: list[Any], before: dict[int, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        for row in people:
            outcome, reason = before.get(row.pk, (DeterminationItem.Outcome.GRANTED, ""))
            self.fields[f"outcome-{row.pk}"] = forms.ChoiceField(
                label=_("Outcome for %(name)s") % {"name": row.applicant.name},
                choices=[*DeterminationItem.Outcome.choices, (OUT, _("not in this letter"))],
                initial=outcome,
            )
            self.fields[f"reason-{row.pk}"] = forms.CharField(
                label=_("Reason for %(name)s, when refused") % {"name": row.applicant.name},
                max_length=300,
                required=False,
                initial=reason,
            )

    def clean(self) -> dict[str, Any]:
        """Somebody is on the list, whoever is refused has a reason."""
        given = super().clean() or {}
        outcomes = [given.get(f"outcome-{row.pk}") for row in self.people]
        if self.people and all(outcome == OUT for outcome in outcomes):
            self.add_error(None, _("Nobody is on the list. Choose at least one person."))
        for row in self.people:
            refused = given.get(f"outcome-{row.pk}") == DeterminationItem.Outcome.REFUSED
            if refused and not (given.get(f"reason-{row.pk}") or "").strip():
                self.add_error(f"reason-{row.pk}", _("Please give the reason for %(name)s.") % {"name": row.applicant})
        return given

    def outcomes(self) -> dict[int, tuple[str, str]]:
        """Declaration pk → (outcome, reason), those left out aside."""
        given = self.cleaned_data
        pairs = {row.pk: (given[f"outcome-{row.pk}"], given[f"reason-{row.pk}"]) for row in self.people}
        return {pk: pair for pk, pair in pairs.items() if pair[0] != OUT}

    def letter(self) -> dict[str, str]:
        """Number and contact."""
        return {name: self.cleaned_data[name] for name in ("reference", "contact", "phone")}

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """(declaration, control of the outcome, control of the reason) of each person."""
        return [(row, self[f"outcome-{row.pk}"], self[f"reason-{row.pk}"]) for row in self.people]
