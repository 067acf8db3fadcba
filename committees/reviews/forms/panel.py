"""Forms about specialty panels (专业组)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.reviews.models import Admission, Attendee, Meeting, Panel
from committees.reviews.services import panels


class _Voters(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        """Name, specialty and unit of a member."""
        return _voter(obj)


class _Voter(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        """Name, specialty and unit of a member."""
        return _voter(obj)


class _Cases(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        """Number, name, specialty and unit of a person on the roster."""
        said = obj.declaration
        parts = (str(obj.seq), said.applicant.name, said.specialty, said.unit.name)
        return " · ".join(part for part in parts if part)


def _voter(row: Attendee) -> str:
    parts = (row.user.full_name, row.member.specialty, row.member.unit) if row.member else (row.user.full_name,)
    return " · ".join(part for part in parts if part)


class PanelForm(forms.Form):
    """Name, members, head and persons of one panel."""

    name = forms.CharField(
        label=_("Name of the panel"), max_length=40, help_text=_("For example: panel 1, silviculture.")
    )
    members = _Voters(Attendee.objects.none(), label=_("Members"), widget=forms.CheckboxSelectMultiple)
    head = _Voter(Attendee.objects.none(), label=_("Head of the panel"))
    cases = _Cases(Admission.objects.none(), label=_("Persons"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, meeting_row: Meeting, panel: Panel | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        voters = panels.free_voters(meeting_row, panel)
        self.fields["members"].queryset = self.fields["head"].queryset = voters  # type: ignore[attr-defined]
        self.fields["cases"].queryset = panels.free_cases(meeting_row, panel)  # type: ignore[attr-defined]
        if panel is not None:
            seats = list(panel.seats.all())
            self.initial |= {
                "name": panel.name,
                "members": [seat.attendee_id for seat in seats],
                "head": next((seat.attendee_id for seat in seats if seat.head), None),
                "cases": list(panel.admissions.values_list("pk", flat=True)),
            }
