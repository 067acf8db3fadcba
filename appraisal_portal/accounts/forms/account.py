"""One's own account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.forms.fields import AddressFields
from appraisal_portal.accounts.models import User


class AccountForm(forms.ModelForm):
    """Language of pages and messages, size of the text."""

    class Meta:
        model = User
        fields = ("language", "large_text")
        widgets = {"language": forms.RadioSelect}


class ContactForm(AddressFields):
    """A new e-mail address or mobile number; the password shows that it is the owner who asks."""

    password = forms.CharField(
        label=_("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), strip=False
    )
