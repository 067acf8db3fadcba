"""Forms of spot checks: rule and population of a new one, the draw, the finding on one case."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications.models import Declaration, SpotCheck
from applications.rules.spot_check import STATES
from applications.services import spot_checks
from committees.plans.models import PlanLine

_STATE_WORDS = dict(Declaration.Status.choices)


class AnnounceForm(forms.ModelForm):
    """Rule and population. The defaults are settings: no published rule gives a number."""

    lines = forms.ModelMultipleChoiceField(
        PlanLine.objects.none(), label=_("Cycle lines"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Lines with cases between the examination and the document."),
    )  # fmt: skip
    statuses = forms.MultipleChoiceField(
        label=_("States of the cases"),
        choices=[(state, _STATE_WORDS[state]) for state in STATES],
        initial=list(STATES),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = SpotCheck
        fields = ["lines", "statuses", "share", "minimum"]
        widgets = {
            "share": forms.NumberInput(attrs={"class": "w5", "min": 1, "max": 100}),
            "minimum": forms.NumberInput(attrs={"class": "w5", "min": 0, "max": 1000}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = {"share": settings.PORTAL_SPOT_CHECK_SHARE, "minimum": settings.PORTAL_SPOT_CHECK_MINIMUM}
        super().__init__(*args, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)
        lines: Any = self.fields["lines"]
        lines.queryset = spot_checks.open_lines()

    @property
    def helper(self) -> FormHelper:
        """For crispy: fields only."""
        helper = FormHelper(self)
        helper.form_tag = False
        return helper


class DrawForm(forms.Form):
    """Nothing to fill in: brings the seed, if its day is over."""

    def __init__(self, *args: Any, obj: SpotCheck, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obj = obj

    def clean(self) -> dict[str, Any]:
        """The daily head that is the seed, or None."""
        return {**(super().clean() or {}), "head": spot_checks.seed_head(self.obj)}


class FindingForm(forms.Form):
    """The finding in words; what was judged item by item comes with it."""

    reason = forms.CharField(
        label=_("Finding in words"),
        help_text=_("The office reads it; after a defect the unit and the applicant read it too."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, obj: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obj = obj

    def clean(self) -> dict[str, Any]:
        """With the judgements that stand, and every item there is."""
        return {**(super().clean() or {}), **spot_checks.judgements(self.obj)}
