"""Forms of the register of objections."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from committees.reviews.models import Objection


class ObjectionForm(forms.ModelForm):
    """An objection of anybody: in one's own name, with what shows it."""

    class Meta:
        model = Objection
        fields = ["filed_by", "contact", "content"]
        help_texts = {
            "filed_by": _(
                "Only an objection with a real name holds somebody back. Only the office and the supervisor see it."
            ),
            "contact": _("Telephone or e-mail, so that the office can ask you."),
        }
        widgets = {"content": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": True}
        self.helper.add_input(Submit("save", _("Raise an objection")))


class ConclusionForm(forms.Form):
    """What the handler found and thinks; the bureau decides."""

    evidence = forms.CharField(label=_("What was found"), widget=forms.Textarea(attrs={"rows": 6}), max_length=4000)
    opinion = forms.ChoiceField(label=_("Opinion"), choices=Objection.Opinion.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, obj: Any = None, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
