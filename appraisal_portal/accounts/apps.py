"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Persons, organisations and dated memberships."""

    name = "appraisal_portal.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Status triggers of the workflows, deliveries, entries of the navigation."""
        from appraisal_portal.accounts import deliveries, documents, menu, workflow  # noqa: F401, PLC0415

        workflow.ORGANISATION.guard_database()
        workflow.EMPLOYMENT.guard_database()
        workflow.UNIT_SEAL.guard_database()
        menu.register()
