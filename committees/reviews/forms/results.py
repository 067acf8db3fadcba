"""Forms of publicity, objections and reports."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from committees.reviews.models import Objection, ResultPublicity


def _helper(label: Any) -> FormHelper:
    helper = FormHelper()
    helper.attrs = {"novalidate": True}
    helper.add_input(Submit("save", label))
    return helper


class PublicityForm(forms.ModelForm):
    """Where the list is made public and whom readers can reach."""

    class Meta:
        model = ResultPublicity
        fields = ["how", "contact", "phone"]
        help_texts = {"how": _("For instance: the title column of the bureau's site, and the notice board of the office.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(_("Make the list"))


class ObjectionForm(forms.ModelForm):
    """An objection of anybody: in one's own name, with what shows it."""

    class Meta:
        model = Objection
        fields = ["filed_by", "contact", "content"]
        help_texts = {
            "filed_by": _("Only an objection with a real name holds the certificate back. Only the office and the supervisor see it."),
            "contact": _("Telephone or e-mail, so that the office can ask you."),
        }
        widgets = {"content": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(_("Raise an objection"))


class ConclusionForm(forms.Form):
    """What the handler found and thinks; the bureau decides."""

    evidence = forms.CharField(label=_("What was found"), widget=forms.Textarea(attrs={"rows": 6}), max_length=4000)
    opinion = forms.ChoiceField(label=_("Opinion"), choices=Objection.Opinion.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, obj: Any = None, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class ReportForm(forms.Form):
    """Whom the bureau can ask about the report."""

    contact = forms.CharField(label=_("Contact person"), max_length=50)
    phone = forms.CharField(label=_("Telephone"), max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(_("Prepare the report"))
