"""The ballot sheet a member fills in (选票)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.reviews.models import Ballot, RoundItem


class SheetForm(forms.Form):
    """For, against or abstain for each person; nothing is chosen beforehand."""

    def __init__(self, *args: Any, items: Sequence[RoundItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {f"c{item.admission_id}": item.admission_id for item in items}
        for name, item in zip(self.names, items, strict=True):
            declaration = item.admission.declaration
            self.fields[name] = forms.ChoiceField(
                label=f"{item.admission.seq} · {declaration.applicant.name}",
                help_text=" · ".join((declaration.unit.name, str(declaration.title))),
                choices=Ballot.Choice.choices,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose for, against or abstain.")},
            )

    @property
    def choices(self) -> dict[int, str]:
        """Admission → choice."""
        return {admission: self.cleaned_data[name] for name, admission in self.names.items()}
