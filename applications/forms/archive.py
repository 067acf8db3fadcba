"""Forms of the personal archive."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.sections import DayInput, PastDates
from applications.forms.unit import InnerForm
from applications.models import ArchivedAchievement
from appraisal_portal.kernel.widgets import UploadField


class ArchiveForm(PastDates, forms.ModelForm):
    """One entry with one more file."""

    file = UploadField(label=_("Add a file that proves it (PDF, JPEG or PNG, at most 10 MB)"), required=False)

    class Meta:
        model = ArchivedAchievement
        fields = ("kind", "title", "role", "rank", "reached_on", "level")
        labels = {
            "kind": _("Kind"),
            "title": _("Name of the achievement"),
            "role": _("Own part"),
            "rank": _("Rank among authors"),
            "reached_on": _("Date"),
            "level": _("Level"),
        }
        widgets = {"reached_on": DayInput()}

    helper = InnerForm.helper

    def values(self) -> dict[str, Any]:
        """The fields of the entry."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class ArchiveChoice(InnerForm):
    """Which entries go into the declaration."""

    entries = forms.ModelMultipleChoiceField(
        queryset=None,
        label=_("Entries of your archive"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one entry.")},
    )

    def __init__(self, *args: Any, queryset: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["entries"]
        field.queryset = queryset
        field.label_from_instance = lambda row: " · ".join(
            str(part) for part in (row.title, row.get_kind_display(), row.reached_on, row.rank) if part
        )
