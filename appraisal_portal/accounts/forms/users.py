"""Accounts and roles as bureau and operator handle them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.accounts.forms.fields import day_field
from appraisal_portal.accounts.models import Membership, Organisation, User
from appraisal_portal.kernel import clock, names


class ReasonForm(forms.Form):
    """Why something is done to an account."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class HireForm(forms.Form):
    """A new account for staff. A link to set the password goes to the e-mail address."""

    username = forms.RegexField(
        r"[a-z0-9][a-z0-9.@_-]{2,149}",
        label=gettext_lazy("Login name"),
        help_text=gettext_lazy("Small letters, digits, . - _ @; at least three."),
        error_messages={"invalid": gettext_lazy("Small letters, digits, . - _ @ only; at least three.")},
    )
    full_name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    email = forms.EmailField(label=gettext_lazy("E-mail"))

    def clean_username(self) -> str:
        """Not taken yet: who may make accounts may know which exist."""
        name = User.normalise_username(self.cleaned_data["username"])
        if User.objects.filter(username=name).exists():
            raise forms.ValidationError(_("This login name is taken."))
        return name

    def clean_full_name(self) -> str:
        """Spelt as a name, so that it can stand under a decision."""
        problems = names.name_problems(self.cleaned_data["full_name"])
        if problems:
            raise forms.ValidationError([str(problem) for problem in problems])
        return names.normalise_name(self.cleaned_data["full_name"])


class GrantForm(forms.Form):
    """A role for an account: in which organisation, from when to when, why."""

    username = forms.CharField(label=gettext_lazy("Login name"), max_length=150)
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    organisation = forms.CharField(
        label=gettext_lazy("Organisation"), max_length=120, help_text=gettext_lazy("Its full name, or a part of it.")
    )
    starts_on = day_field(gettext_lazy("Start date"))
    ends_on = day_field(gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: until it is ended."))
    instead_of = forms.CharField(
        label=gettext_lazy("As a substitute for (login name)"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("Empty: in one's own right. A substitute needs a last day."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(r.value, r.label) for r in Membership.Role if r != Membership.Role.APPLICANT]
        self.fields["starts_on"].initial = clock.today()

    def clean_username(self) -> User:
        """The account itself."""
        return self._account("username")

    def clean_instead_of(self) -> User | None:
        """Whoever is stood in for, if anybody."""
        return self._account("instead_of") if self.cleaned_data["instead_of"].strip() else None

    def _account(self, name: str) -> User:
        user: User | None = User.objects.filter(username=User.normalise_username(self.cleaned_data[name])).first()
        if user is None:
            raise forms.ValidationError(_("No account has this login name."))
        return user

    def clean_organisation(self) -> Organisation:
        """The one in use that fits."""
        text = " ".join(self.cleaned_data["organisation"].split())
        bodies = Organisation.objects.active()
        found = list(bodies.filter(name=text)[:2]) or list(bodies.filter(name__icontains=text)[:6])
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("No organisation in use has this name."))
        shown = " · ".join(body.name for body in found[:5])
        raise forms.ValidationError(_("Several organisations fit; enter the full name: {names}").format(names=shown))


class EndMembershipForm(forms.Form):
    """When a role ends and why."""

    last_day = day_field(
        gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Empty: at once, with the holder's next click."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)
