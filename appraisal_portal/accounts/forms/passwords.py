"""Django's password forms with our words: one line says what a password needs."""

from typing import Any

from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.utils.translation import gettext as _

from appraisal_portal.accounts.validators import PortalPasswordValidator


def say_what_is_needed(form: Any, first: str, second: str) -> None:
    """Put our hint under the first of the two fields, none under the second."""
    form.fields[first].help_text = PortalPasswordValidator().get_help_text()
    form.fields[second].help_text = ""


class NewPasswordForm(SetPasswordForm):
    """After the link of a message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password2"].label = _("New password again")
        say_what_is_needed(self, "new_password1", "new_password2")


class ChangePasswordForm(PasswordChangeForm):
    """Against the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Present password")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password2"].label = _("New password again")
        say_what_is_needed(self, "new_password1", "new_password2")
