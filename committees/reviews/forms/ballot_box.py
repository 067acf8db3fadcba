"""The ballot sheet a member fills in (选票)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.reviews.models import Admission, Ballot, RoundItem


def _label(admission: Admission) -> str:
    return admission.jury_name if admission.blind else f"{admission.seq} · {admission.jury_name}"


class SheetForm(forms.Form):
    """For, against or abstain for each person; nothing is chosen beforehand."""

    def __init__(self, *args: Any, items: Sequence[RoundItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {f"c{item.admission_id}": item.admission_id for item in items}
        for name, item in zip(self.names, items, strict=True):
            self.fields[name] = forms.ChoiceField(
                label=_label(item.admission),
                help_text=item.admission.jury_words,
                choices=Ballot.Choice.choices,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose for, against or abstain.")},
            )

    @property
    def choices(self) -> dict[int, str]:
        """Admission → choice."""
        return {admission: self.cleaned_data[name] for name, admission in self.names.items()}
