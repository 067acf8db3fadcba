"""Small pieces the forms share."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.accounts.models import ContactProof
from appraisal_portal.kernel.workflow import Problem

_MOBILE = re.compile(r"1[3-9][0-9]{9}")


def day_field(label: str | Promise, *, required: bool = True, help_text: str | Promise = "") -> forms.DateField:
    """A date with the browser's calendar; typed ISO without one."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


def put_problems(form: forms.BaseForm, problems: Iterable[Problem]) -> None:
    """Every refusal at its field; those of no field above the form."""
    for problem in problems:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.text))


def channel_choices() -> list[tuple[str, Any]]:
    """E-mail; telephone where a gateway for text messages is set up."""
    channels = [ContactProof.Channel.EMAIL]
    if settings.PORTAL_SMS_SENDER:
        channels.append(ContactProof.Channel.PHONE)
    return [(channel.value, channel.label) for channel in channels]


class AddressFields(forms.Form):
    """How to reach somebody: the channel and the address on it, which must be proved with a code."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Where should we send the code?"),
        widget=forms.RadioSelect,
        initial=ContactProof.Channel.EMAIL,
    )
    address = forms.CharField(label=gettext_lazy("E-mail address or mobile number"), max_length=254)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = channel_choices()
        self.fields["channel"].choices = choices
        if len(choices) == 1:
            self.fields["channel"].widget = forms.HiddenInput()
            self.fields["address"].label = _("E-mail address")

    def clean_address(self) -> str:
        """A mobile number of eleven digits, or an e-mail address in lower case."""
        text = unicodedata.normalize("NFKC", self.cleaned_data["address"]).strip()
        if self.cleaned_data.get("channel") == ContactProof.Channel.PHONE:
            number = re.sub(r"[\s-]+", "", text).removeprefix("+86")
            if not _MOBILE.fullmatch(number):
                raise forms.ValidationError(_("A mobile number has eleven digits and begins with 1."))
            return number
        return forms.EmailField(max_length=150).clean(text).lower()
