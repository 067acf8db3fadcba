"""Forms about conflicts of interest."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Declaration
from committees.reviews.access.conflict import BEFORE_THE_MEETING
from committees.reviews.models import Admission, Attendee
from committees.reviews.querysets.conflict import others_of


class NamedForm(forms.Form):
    """Somebody who should keep away from one's own case, and why."""

    declaration = forms.ModelChoiceField(Declaration.objects.none(), label=_("Declaration"))
    name = forms.CharField(label=_("Name of the expert"), max_length=50)
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("For example: a lawsuit between us."))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Declaration.objects.own(user).filter(status__in=BEFORE_THE_MEETING).select_related("title")
        self.fields["declaration"].queryset = own  # type: ignore[attr-defined]
        self.initial.setdefault("declaration", own.first())


class ConflictSheet(forms.Form):
    """A juror's answers about several cases at once: who is ticked has a ground, for all others there is no conflict.

    ``shown``: the cases the page showed (admissions), so that none is answered for that was not on it.
    """

    shown = forms.TypedMultipleChoiceField(coerce=int, widget=forms.MultipleHiddenInput)
    declared = forms.BooleanField(
        label=_("With nobody else shown here: not relatives, not of one unit, nothing achieved together, no interest.")
    )

    def __init__(self, *args: Any, cases: Sequence[Admission], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cases = cases
        self.fields["shown"].choices = [(case.pk, case.pk) for case in cases]  # type: ignore[attr-defined]
        self.initial["shown"] = [case.pk for case in cases]
        for case in cases:
            self.fields[f"back-{case.pk}"] = forms.BooleanField(label=_("I stand back"), required=False)
            self.fields[f"ground-{case.pk}"] = forms.CharField(
                label=_("Ground of the recusal"), max_length=200, required=False
            )

    def rows(self) -> list[tuple[Admission, Any, Any]]:
        """Each case with its two fields."""
        return [(case, self[f"back-{case.pk}"], self[f"ground-{case.pk}"]) for case in self.cases]

    @property
    def conflicts(self) -> dict[int, str]:
        """Admission → ground, of those ticked."""
        data = self.cleaned_data
        return {case.pk: data[f"ground-{case.pk}"] for case in self.cases if data[f"back-{case.pk}"]}


class ConflictForm(forms.Form):
    """A juror's answer about one case."""

    conflict = forms.ChoiceField(
        label=_("Is there a conflict of interest between you and this person?"),
        choices=[
            (
                "no",
                _("No: not relatives, not of one unit, nothing achieved together, no interest of mine."),
            ),
            ("yes", _("Yes: I stand back from this person.")),
        ],
        widget=forms.RadioSelect,
    )
    ground = forms.CharField(
        label=_("Ground, when there is a conflict"), max_length=200, required=False,
        help_text=_("For example: relatives; co-author of the representative work; my doctoral student."),
    )  # fmt: skip


class _Person(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        """Number, name, unit, title."""
        said = obj.declaration
        return " · ".join((str(obj.seq), said.applicant.name, said.unit.name, str(said.title)))


class DeclareForm(forms.Form):
    """A conflict with somebody of another panel."""

    admission = _Person(Admission.objects.none(), label=_("Person"))
    ground = forms.CharField(label=_("Ground"), max_length=200)

    def __init__(self, *args: Any, attendee: Attendee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["admission"].queryset = others_of(attendee)  # type: ignore[attr-defined]
