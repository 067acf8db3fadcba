"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    """The bureau's yearly look at each committee (notice V(2))."""

    name = "appraisal_portal.supervision"
    label = "supervision"
    verbose_name = _("Supervision")

    def ready(self) -> None:
        """Guard the status in the database; the entry of the navigation."""
        from appraisal_portal.kernel import navigation  # noqa: PLC0415 - like all apps, once everything is loaded
        from appraisal_portal.supervision import tasks  # noqa: F401, PLC0415 - registers its sweep
        from appraisal_portal.supervision.workflow import SUPERVISION_CHECK  # noqa: PLC0415

        SUPERVISION_CHECK.guard_database()
        navigation.register(
            navigation.NavItem(
                "supervision:check-list",
                _("Supervision"),
                roles=("bureau_reviewer", "bureau_approver", "supervisor", "office_clerk", "committee_director"),
                order=82,
            )
        )
