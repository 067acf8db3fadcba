"""Forms of forwarder and committee office."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.forms.unit import InnerForm, ReasonForm
from applications.rules.words import GROUNDS, LEVELS, REVEAL_REASONS


class _LineField(forms.ModelChoiceField):
    """A plan line, named by its committee."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.committee} · {obj.get_level_display()}"


class ForwardForm(InnerForm):
    """Opinion of the county bureau or competent department; the committee may be set right."""

    opinion = forms.CharField(
        label=gettext_lazy("Opinion"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write your opinion.")},
    )
    line = _LineField(
        queryset=None,
        label=gettext_lazy("Committee, only if another one reviews this title"),
        required=False,
        empty_label=gettext_lazy("the committee the applicant chose"),
    )

    def __init__(self, *args: Any, lines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = lines


class RedirectForm(ReasonForm):
    """The committee that reviews the title, and why."""

    field_order = ("line", "reason")
    line = _LineField(
        queryset=None,
        label=gettext_lazy("Committee that reviews this title"),
        error_messages={"required": gettext_lazy("Choose the committee.")},
    )

    def __init__(self, *args: Any, lines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = lines


class DisqualifyForm(ReasonForm):
    """Ground by its code (printed on roster 3-2) and the reason in words."""

    field_order = ("ground", "reason")
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground"),
        choices=list(GROUNDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the ground.")},
    )


class RevealForm(InnerForm):
    """Why the full document number is needed; recorded."""

    reveal_reason = forms.ChoiceField(
        label=gettext_lazy("Why you need the full number"), choices=list(REVEAL_REASONS.items())
    )

    def words(self) -> str:
        """The chosen reason as it is recorded."""
        return str(REVEAL_REASONS[self.cleaned_data["reveal_reason"]])


class WorkListFilter(forms.Form):
    """The filter beside the work list; unknown values are ignored, never an error page."""

    q = forms.CharField(label=gettext_lazy("Name, unit or number"), required=False, max_length=60)
    level = forms.MultipleChoiceField(
        label=gettext_lazy("Level"), required=False, choices=list(LEVELS.items()), widget=forms.CheckboxSelectMultiple
    )
    handler = forms.ChoiceField(label=gettext_lazy("Handler"), required=False)

    def __init__(self, *args: Any, handlers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handler"].choices = [("", _("All")), ("none", _("Not assigned")), *handlers]
