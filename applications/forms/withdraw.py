"""Small forms of single steps."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class WithdrawForm(forms.Form):
    """Why a declaration is withdrawn; a draft needs no reason."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        required=False,
        help_text=_("Your unit and the committee office read it."),
    )

    def __init__(self, *args: Any, obj: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if obj.status == "draft":
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True


class SignForm(forms.Form):
    """The password entered again is the signature; a checkbox is none."""

    password = forms.CharField(
        label=_("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
        help_text=_("Entering it again is your signature under the text above."),
    )


class AsItIsForm(forms.Form):
    """What was asked for and is not corrected is sent back as it is only when the person says so: there may be nothing
    to correct, but nobody uses up the one reply by a press too early."""

    as_it_is = forms.BooleanField(
        label=_("I have looked at what is not corrected above. It is right as it is; send it so."),
        error_messages={"required": _("Correct every item first, or say that it is right as it is.")},
    )
