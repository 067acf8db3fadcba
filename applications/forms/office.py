"""Forms of forwarder and committee office."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.forms.unit import CheckForm, InnerForm, ReasonForm
from applications.models import ItemCheck
from applications.rules.words import GROUNDS, LEVELS, REVEAL_REASONS
from appraisal_portal.accounts.models import User
from committees.plans.models import Channel


class _LineField(forms.ModelChoiceField):
    """A plan line, named by its committee."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.committee} · {obj.get_level_display()}"


class OfficeCheckForm(CheckForm):
    """The office's judgements; one button says of everything not judged yet that it is true.

    The unit compared each item with its original, so the office looks for what is wrong and judges that. What changed
    since somebody judged it is left open all the same: it was looked at once and is another thing now.
    """

    rest = forms.BooleanField(required=False, widget=forms.HiddenInput)  # the name of that button

    def clean(self) -> dict[str, Any]:
        """Fill in the rest; a note without a judgement is no item that was found true."""
        data = super().clean()
        for item in self.items if data.get("rest") else ():
            name, check = f"result-{item.control}", self.checks.get(item.code)
            if data.get(name) or name in self.errors or (check and check.content_sha256 != item.sha256):
                continue
            if data.get(f"note-{item.control}"):
                self.add_error(name, _("{item}: there is a note, so judge it yourself.").format(item=item.label))
            else:
                data[name] = ItemCheck.Result.TRUE.value
        return data


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
        self.fields["reason"].help_text = _("The office of that committee reads it.")


class DisqualifyForm(ReasonForm):
    """Ground by its code (printed on roster 3-2) and the reason in words."""

    field_order = ("ground", "reason")
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground"),
        choices=list(GROUNDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the ground.")},
    )


class AssignForm(InnerForm):
    """Who handles the declaration from now on."""

    handler = forms.ModelChoiceField(
        queryset=None,
        label=gettext_lazy("Handler"),
        empty_label=gettext_lazy("Please choose"),
        error_messages={"required": gettext_lazy("Choose who handles it.")},
    )

    def __init__(self, *args: Any, staff: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handler"].queryset = User.objects.filter(pk__in=[user.pk for user in staff])


class StandBackForm(InnerForm):
    """Why one keeps away from a case."""

    ground = forms.CharField(
        label=gettext_lazy("Ground of the recusal"),
        max_length=200,
        help_text=gettext_lazy("For example: relatives; a dispute; we worked on the same project."),
        error_messages={"required": gettext_lazy("Please give the ground.")},
    )


class BatchForm(AssignForm):
    """What is done to which of the visible declarations at once."""

    DO = (("qualify", gettext_lazy("Find eligible")), ("assign", gettext_lazy("Assign to a handler")))
    do = forms.ChoiceField(choices=DO, error_messages={"required": gettext_lazy("Choose what is to be done.")})
    pk = forms.ModelMultipleChoiceField(
        queryset=None, error_messages={"required": gettext_lazy("Tick at least one declaration.")}
    )

    def __init__(self, *args: Any, seen: Any, largest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.largest = largest
        self.fields["pk"].queryset = seen
        self.fields["handler"].required = False

    def clean_pk(self) -> Any:
        """Not more than fit on a page of the list."""
        chosen = self.cleaned_data["pk"]
        if len(chosen) > self.largest:
            raise forms.ValidationError(_("At most {n} declarations at once.").format(n=self.largest))
        return chosen

    def clean(self) -> dict[str, Any]:
        """Assigning needs somebody to assign to."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("do") == "assign" and not cleaned.get("handler") and "handler" not in self.errors:
            self.add_error("handler", _("Choose who handles it."))
        return cleaned


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

    SUPPLEMENT = (
        ("", gettext_lazy("All")),
        ("open", gettext_lazy("asked for, not answered")),
        ("late", gettext_lazy("reply overdue")),
        ("answered", gettext_lazy("answered")),
    )
    WAITING = (
        ("", gettext_lazy("All")),
        ("7", gettext_lazy("at least 7 days")),
        ("14", gettext_lazy("at least 14 days")),
        ("30", gettext_lazy("at least 30 days")),
    )
    q = forms.CharField(label=gettext_lazy("Name, unit or number"), required=False, max_length=60)
    level = forms.MultipleChoiceField(
        label=gettext_lazy("Level"), required=False, choices=list(LEVELS.items()), widget=forms.CheckboxSelectMultiple
    )
    way = forms.ChoiceField(
        label=gettext_lazy("Way to the title"), required=False, choices=[("", gettext_lazy("All")), *Channel.choices]
    )
    specialty = forms.CharField(label=gettext_lazy("Specialty"), required=False, max_length=50)
    unit = forms.CharField(label=gettext_lazy("Work unit"), required=False, max_length=60)
    handler = forms.ChoiceField(label=gettext_lazy("Handler"), required=False)
    supplement = forms.ChoiceField(label=gettext_lazy("Supplement"), required=False, choices=SUPPLEMENT)
    waiting = forms.ChoiceField(label=gettext_lazy("Lies with us for"), required=False, choices=WAITING)

    def __init__(self, *args: Any, handlers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handler"].choices = [("", _("All")), ("none", _("Not assigned")), *handlers]

    def chosen(self) -> Iterator[tuple[str, str, str]]:
        """Each filter in force: field, value, in words (what was typed, the choice behind the name of its field)."""
        for name, value in self.cleaned_data.items():
            choices = dict(getattr(self.fields[name], "choices", ()))
            for one in value if isinstance(value, list) else [value]:
                if one and name in ("q", "level"):
                    yield name, one, str(choices.get(one, one))
                elif one:
                    words = _("{field}: {value}")
                    yield name, one, words.format(field=self.fields[name].label, value=choices.get(one, one))
