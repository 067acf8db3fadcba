"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """Dashboards, public column and search: the only place that sees all stages."""

    name = "appraisal_portal.home"
    label = "home"
    verbose_name = _("Home")
