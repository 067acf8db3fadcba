"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    """What may be reviewed this year: series, titles, committees, plans."""

    name = "committees.plans"
    label = "plans"
    verbose_name = _("Committees and plans")

    def ready(self) -> None:
        """Status triggers from the tables, navigation entries."""
        from committees.plans import menu, workflow  # noqa: PLC0415 - models are loaded only now

        for table in workflow.TABLES:
            table.guard_database()
        menu.register()
