"""Forms of the register of objections."""

import re
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.meaning import at_least
from appraisal_portal.kernel.widgets import FilesField
from committees.reviews.models import Objection, ObjectionAnswer

FILES_HINT = _("PDF, JPEG or PNG, up to 10 MB each, five at most.")


def _files() -> FilesField:
    return FilesField(
        label=_("Files that show it"), required=False, limit=settings.PORTAL_OBJECTION_FILES, help_text=FILES_HINT
    )


class CodeForm(forms.Form):
    """The code of an objection, as somebody wrote it down."""

    code = forms.CharField(
        label=_("Code of your objection"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "w20", "autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("Ten letters and digits, shown when you raised it."),
    )

    def clean_code(self) -> str:
        """Without the spaces and strokes people put between groups, in capitals."""
        code = re.sub(r"[\s\-]", "", self.cleaned_data["code"]).upper()
        if not re.fullmatch(r"[A-Z0-9]{10}", code):
            raise forms.ValidationError(_("Please check the code: ten letters and digits."))
        return code


class ObjectionForm(forms.ModelForm):
    """An objection of anybody: in one's own name, with what shows it."""

    class Meta:
        model = Objection
        fields = ["filed_by", "contact", "content"]
        help_texts = {
            "filed_by": _(
                "Only an objection with a real name holds somebody back, and only it gets a written reply. Only who "
                "investigates it and the supervisor see the name."
            ),
            "contact": _("Telephone or e-mail, so that the office can ask you."),
            "content": at_least(_("What is wrong, and what shows it.")),
        }
        widgets = {"content": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = _files()
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": True}
        self.helper.add_input(Submit("save", _("Raise an objection")))


class _OfTransition(forms.Form):
    """A form drawn inside the page of a transition."""

    def __init__(self, *args: Any, obj: Any = None, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obj = obj
        self.helper = FormHelper()
        self.helper.form_tag = False


class SubstanceForm(_OfTransition):
    """What the person concerned is told: the matter, not the author."""

    substance = forms.CharField(
        label=_("What the person concerned is told"),
        help_text=at_least(
            _("The matter in your words, so that it can be answered. Never who objected, nor how you know them.")
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=Objection._meta.get_field("substance").max_length,
    )


class ReportedForm(_OfTransition):
    """Whether a late or anonymous report can be followed up."""

    checkable = forms.TypedChoiceField(
        label=_("Does it name something that can be checked?"),
        choices=[("yes", _("Yes: I follow it up")), ("no", _("No: it is kept"))],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )


class FindingsForm(_OfTransition):
    """What became of a report."""

    evidence = forms.CharField(
        label=_("What was found"), help_text=at_least(), widget=forms.Textarea(attrs={"rows": 6}), max_length=4000
    )


class AnswerForm(forms.ModelForm):
    """The answer of the person concerned."""

    class Meta:
        model = ObjectionAnswer
        fields = ["content"]
        help_texts = {"content": at_least()}
        widgets = {"content": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, obj: Any = None, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = _files()
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": True}
        self.helper.add_input(Submit("save", _("Send the answer")))


class ConclusionForm(FindingsForm):
    """What the handler found and thinks; the bureau decides."""

    opinion = forms.ChoiceField(label=_("Opinion"), choices=Objection.Opinion.choices, widget=forms.RadioSelect)
    reply = forms.CharField(
        label=_("Reply to whoever objected"),
        help_text=at_least(_("They read it with their code as soon as the bureau has decided.")),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=Objection._meta.get_field("reply").max_length,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.obj is not None and not self.obj.filed_by.strip():
            del self.fields["reply"]
        self.fields["files"] = _files()
        for name in ("evidence", "opinion", "reply"):
            if name in self.fields and self.obj is not None:
                self.initial.setdefault(name, getattr(self.obj, name))
