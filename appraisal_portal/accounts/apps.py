"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Persons, organisations and dated memberships."""

    name = "appraisal_portal.accounts"
    label = "accounts"
    verbose_name = _("Accounts")
