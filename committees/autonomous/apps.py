"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AutonomousConfig(AppConfig):
    """What units with an appraisal of their own plan, log and file (自主评聘)."""

    name = "committees.autonomous"
    label = "autonomous"
    verbose_name = _("Independent appraisal")

    def ready(self) -> None:
        """Status triggers from the tables, the reminders, the entry of the navigation."""
        from appraisal_portal.kernel import navigation  # noqa: PLC0415
        from committees.autonomous import tasks, workflow  # noqa: F401, PLC0415 - models are loaded only now
        from committees.autonomous.access import READERS  # noqa: PLC0415

        for table in workflow.TABLES:
            table.guard_database()
        navigation.register(
            navigation.NavItem("autonomous:delegation-list", _("Independent appraisal"), roles=READERS, order=77)
        )
