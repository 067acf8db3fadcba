"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    """What a person declares (申报) and the unit vouches for."""

    name = "applications"
    label = "applications"
    verbose_name = _("Declarations")
