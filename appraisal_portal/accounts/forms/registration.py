"""Registration, log-in, forgotten password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordMixin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.accounts import rules, services
from appraisal_portal.accounts.forms.fields import AddressFields, day_field, put_problems
from appraisal_portal.accounts.forms.passwords import say_what_is_needed
from appraisal_portal.accounts.models import Person, User
from appraisal_portal.kernel import clock, identity, names
from appraisal_portal.kernel.views import client_address


class LoginForm(AuthenticationForm):
    """Django's form; wrong name, wrong password and a frozen account get one text, and attempts are counted before."""

    error_messages = {
        "invalid_login": gettext_lazy(
            "Login name or password is wrong, or the account cannot be used. Nothing was changed."
        ),
        "inactive": gettext_lazy(
            "Login name or password is wrong, or the account cannot be used. Nothing was changed."
        ),
        "too_many": gettext_lazy("Too many attempts. Wait a quarter of an hour, or use “Forgotten password”."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Login name")
        self.fields["username"].help_text = _("The e-mail address or mobile number you registered with.")
        self.fields["password"].label = _("Password")

    def clean_username(self) -> str:
        """As stored."""
        return User.normalise_username(self.cleaned_data["username"])

    def clean(self) -> dict[str, Any]:
        """Count first, then ask the backend."""
        name = self.cleaned_data.get("username")
        if name and services.too_many_attempts("login", name, client_address(self.request)):
            raise forms.ValidationError(self.error_messages["too_many"], code="too_many")
        cleaned = super().clean()
        if name:
            services.succeeded("login", name)
        return cleaned


class RegisterForm(SetPasswordMixin, AddressFields):
    """Who somebody is, how to reach them, and a password. Whether the person is known plays no part here."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("As in the document; a name in two parts with · between them."),
    )
    id_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of document"), choices=Person.IdKind.choices, initial=Person.IdKind.RESIDENT
    )
    id_number = forms.CharField(label=gettext_lazy("Document number"), max_length=60)
    birth_date = day_field(
        gettext_lazy("Date of birth"),
        required=False,
        help_text=gettext_lazy("Only for other documents; a resident ID number already contains it."),
    )
    gender = forms.ChoiceField(
        label=gettext_lazy("Gender"),
        required=False,
        choices=[("", gettext_lazy("as in the ID number")), *Person.Gender.choices],
    )
    password1, password2 = SetPasswordMixin.create_password_fields(
        gettext_lazy("Password"), gettext_lazy("Password again")
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("I agree that my document number is stored and used for the appraisal only."),
    )

    field_order = (
        "name",
        "id_kind",
        "id_number",
        "birth_date",
        "gender",
        "channel",
        "address",
        "password1",
        "password2",
        "agreed",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_what_is_needed(self, "password1", "password2")

    def clean_name(self) -> str:
        """One spelling of the separator."""
        return names.normalise_name(self.cleaned_data["name"])

    def clean_id_number(self) -> str:
        """NFKC, X in capitals, no spaces."""
        return identity.normalise_id_number(self.cleaned_data["id_number"])

    def clean(self) -> dict[str, Any]:
        """Everything wrong at once, each at its field."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.validate_passwords()
        who = User(full_name=cleaned.get("name", ""), username=cleaned.get("address", ""))
        self.validate_password_for_user(who, "password2")
        found = rules.person_problems(
            name=cleaned.get("name", ""),
            id_kind=cleaned.get("id_kind", Person.IdKind.RESIDENT),
            id_number=cleaned.get("id_number", ""),
            birth_date=cleaned.get("birth_date"),
            gender=cleaned.get("gender", ""),
            today=clock.today(),
        )
        put_problems(self, [problem for problem in found if problem.field not in self.errors])
        return cleaned


class CodeForm(forms.Form):
    """The code from the message."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        help_text=gettext_lazy("Six digits."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        """Digits only, whatever stands between them."""
        digits = "".join(c for c in self.cleaned_data["code"] if c.isdecimal())
        return "".join(str(int(c)) for c in digits)


class ForgottenForm(forms.Form):
    """Whatever somebody remembers of the account."""

    typed = forms.CharField(
        label=gettext_lazy("Login name, e-mail address or document number"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
