"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """Dashboards, public column and search: the only place that sees all stages."""

    name = "appraisal_portal.home"
    label = "home"
    verbose_name = _("Home")

    def ready(self) -> None:
        """Entries of the navigation."""
        from appraisal_portal.home import menu  # noqa: PLC0415 - like all apps, once everything is loaded

        menu.register()
