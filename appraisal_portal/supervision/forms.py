"""Forms of the supervision campaign."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock
from appraisal_portal.supervision.models import SupervisionItem
from appraisal_portal.supervision.rules import ITEMS
from committees.plans.models import Committee


class OpenForm(forms.Form):
    """Which committee's year is checked."""

    year = forms.IntegerField(label=_("Year of the appraisal"), min_value=2018, max_value=2100)
    committee = forms.ModelChoiceField(label=_("Committee"), queryset=Committee.objects.order_by("code"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = clock.today().year - 1


class JudgeForm(forms.Form):
    """A finding and a note for each item of the checklist."""

    def __init__(self, *args: Any, items: list[SupervisionItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            label = ITEMS[item.code].label
            self.fields[f"finding_{item.code}"] = forms.ChoiceField(
                label=label, choices=SupervisionItem.Finding.choices, widget=forms.RadioSelect, required=False,
                initial=item.finding or None,
            )  # fmt: skip
            self.fields[f"note_{item.code}"] = forms.CharField(
                label=_("Note on: %(item)s") % {"item": label}, max_length=1000, required=False, initial=item.note,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip

    def judged(self) -> dict[str, tuple[str, str]]:
        """Code → (finding, note)."""
        given = self.cleaned_data
        return {item.code: (given[f"finding_{item.code}"], given[f"note_{item.code}"]) for item in self.items}


class _OfTransition(forms.Form):
    """A form drawn inside the page of a transition."""

    def __init__(self, *args: Any, obj: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class MendForm(_OfTransition):
    """By when the defects are mended."""

    rectify_by = forms.DateField(label=_("To be mended by"), widget=forms.DateInput(attrs={"type": "date"}))


class AnswerForm(_OfTransition):
    """What the committee mended."""

    answer = forms.CharField(
        label=_("What was mended, and how"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8})
    )
