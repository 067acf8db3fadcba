"""Forms of the app; what a form cannot know (state, rights, guards) is judged by services and ``fire``."""

from .account import AccountForm, ContactForm
from .organisations import ConfirmEmploymentForm, EmploymentForm, EndEmploymentForm, OrganisationForm
from .passwords import ChangePasswordForm, NewPasswordForm
from .registration import CodeForm, ForgottenForm, LoginForm, RegisterForm
from .users import EndMembershipForm, GrantForm, HireForm, ReasonForm

__all__ = [
    "AccountForm",
    "ChangePasswordForm",
    "CodeForm",
    "ConfirmEmploymentForm",
    "ContactForm",
    "EmploymentForm",
    "EndEmploymentForm",
    "EndMembershipForm",
    "ForgottenForm",
    "GrantForm",
    "HireForm",
    "LoginForm",
    "NewPasswordForm",
    "OrganisationForm",
    "ReasonForm",
    "RegisterForm",
]
