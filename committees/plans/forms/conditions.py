"""Relief and classes of a standard, row by row, on a page of their own."""

import hashlib
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.plans.models import Level, StandardVersion

Row = dict[str, Any]


def _small(label: Any, help_text: Any = "") -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "w5"})
    return forms.IntegerField(
        label=label, min_value=0, max_value=90, required=False, widget=widget, help_text=help_text
    )


class ConditionForm(forms.Form):
    """A row; its code stays while the row stays, for what people have claimed hangs on it."""

    code = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)
    text = forms.CharField(label=gettext_lazy("What it is called"), max_length=100)
    evidence = forms.CharField(label=gettext_lazy("What proves it"), max_length=200)
    document = forms.CharField(
        label=gettext_lazy("Document it rests on"), max_length=200,
        help_text=gettext_lazy("Title and number, as applicants will read it."),
    )  # fmt: skip

    def row(self, known: set[str]) -> Row:
        """As it is stored; a code nobody has given is not taken from the request."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "DELETE"}
        if data["code"] not in known:
            data["code"] = f"c{hashlib.sha256(data['text'].encode()).hexdigest()[:8]}"
        return data


class TiltForm(ConditionForm):
    """Relief for hardship areas and grass-roots posts (倾斜)."""

    years_less = _small(gettext_lazy("Years less in the present title"))
    hours_less = _small(gettext_lazy("Class hours less a year"))
    free_of = forms.MultipleChoiceField(
        label=gettext_lazy("Evidence that need not be brought"), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("code", "text", "years_less", "hours_less", "free_of", "evidence", "document")

    def __init__(self, *args: Any, shown: list[Row], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["free_of"].choices = [(entry["code"], entry["text"]) for entry in shown]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A relief takes something off."""
        data = super().clean() or {}
        for name in ("years_less", "hours_less"):
            data[name] = data.get(name) or 0
        if data.get("text") and not (data["years_less"] or data["hours_less"] or data.get("free_of")):
            self.add_error("years_less", _("Say what it relieves: years, class hours or a piece of evidence."))
        return data


class ClassForm(ConditionForm):
    """A class of applicants whom a talent agency declares for."""

    hint = forms.CharField(
        label=gettext_lazy("Who belongs to it"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    level_from = forms.ChoiceField(
        label=gettext_lazy("May ask from this title on"),
        choices=[("none", gettext_lazy("no title needed")), *Level.choices],
        initial="none",  # an empty row posts it too and stays an empty row
    )
    years = _small(gettext_lazy("Years of work in the field"))
    field_order = ("code", "text", "hint", "level_from", "years", "evidence", "document")

    def clean(self) -> dict[str, Any]:
        """No years means none."""
        data = super().clean() or {}
        data["years"] = data.get("years") or 0
        return data


class Rows(BaseFormSet):
    """Rows with distinct names."""

    def clean(self) -> None:
        """The same name twice would be the same row twice."""
        names = [form.cleaned_data.get("text") for form in self.kept() if form.is_valid()]
        if len(names) != len(set(names)):
            raise forms.ValidationError(_("Two entries have the same name."))

    def kept(self) -> list[ConditionForm]:
        """The filled forms that are not struck out."""
        return [form for form in self.forms if form.has_changed() and not self._should_delete_form(form)]

    def rows(self) -> list[Row]:
        """The list as it is stored; unchanged rows stay as they are."""
        known = {form.initial.get("code") for form in self.initial_forms}
        stay = [form for form in self.forms if form in self.initial_forms or form.has_changed()]
        return [form.row(known) for form in stay if not self._should_delete_form(form)]


TiltRows = formset_factory(TiltForm, formset=Rows, extra=1, can_delete=True, can_delete_extra=False, max_num=20)
ClassRows = formset_factory(ClassForm, formset=Rows, extra=1, can_delete=True, can_delete_extra=False, max_num=20)


def rows_of(version: StandardVersion, *posted: Any) -> dict[str, Any]:
    """Field of the version → its formset."""
    return {
        "tilts": TiltRows(
            *posted, prefix="tilts", initial=version.tilts, form_kwargs={"shown": version.evidence_required}
        ),
        "classes": ClassRows(*posted, prefix="classes", initial=version.classes),
    }
