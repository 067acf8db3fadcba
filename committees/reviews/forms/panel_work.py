"""Forms of a panel's work on one person: the score sheet, the defence, the opinion."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.plans.scoring import Counted, Sheet
from committees.reviews.models import DefenceAttendance


class ScoreForm(forms.Form):
    """A field for each indicator of the standard; bounds are judged by the rules, in words."""

    def __init__(self, *args: Any, sheet: Sheet, own: dict[str, Any], **kwargs: Any) -> None:
        """``own``: what the applicant entered, by code of the indicator."""
        super().__init__(*args, **kwargs)
        self.codes = {f"s-{row.code}": row.code for row in sheet.rows}
        for group in sheet.groups:
            for row in group.rows:
                parts = [row.counted_words, row.hint]
                said = row.shown(own.get(row.code))
                if said:
                    parts.append(_("the applicant: {entry}").format(entry=said))
                choices = [("", "—"), ("1", _("yes")), ("0", _("no"))]
                field = self.fields[f"s-{row.code}"] = forms.CharField(
                    label=f"{group.label} · {row.label}" if group.label else row.label,
                    help_text=_("; ").join(part for part in parts if part),
                    required=False,
                    max_length=20,
                    widget=forms.Select(choices=choices)
                    if row.counted == Counted.YES_NO
                    else forms.TextInput(attrs={"inputmode": "decimal", "class": "w5"}),
                )
                field.asked = True  # type: ignore[attr-defined]  # nothing is optional once it is handed in

    @property
    def entries(self) -> dict[str, str]:
        """What was typed, by code of the indicator."""
        return {code: self.cleaned_data[name] for name, code in self.codes.items()}


class DefenceForm(forms.Form):
    """Whether the person came, what was asked, how it went."""

    attended = forms.ChoiceField(
        label=gettext_lazy("Did the person come to the defence?"),
        choices=[("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
        widget=forms.RadioSelect,
    )
    questions = forms.CharField(
        label=gettext_lazy("Questions and answers in short"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    grade = forms.ChoiceField(
        label=gettext_lazy("Grade, when the person came"),
        choices=[("", "—"), *DefenceAttendance.Grade.choices],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grade"].asked = True  # type: ignore[attr-defined]  # asked for whenever the person came


class OpinionForm(forms.Form):
    """The text of the opinion; ``ask_named``: whether the warning about a name is to be confirmed."""

    text = forms.CharField(
        label=gettext_lazy("What the panel says of this person"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("The committee reads it before the vote, the applicant in form 2-1. Name no member."),
    )
    named_anyway = forms.BooleanField(label=gettext_lazy("The applicant may read this name"), required=False)

    def __init__(self, *args: Any, ask_named: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].asked = True  # type: ignore[attr-defined]  # may be kept empty, is not signed empty
        if not ask_named:
            del self.fields["named_anyway"]
