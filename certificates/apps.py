"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    """What the bureau made final: issue documents and e-certificates (证书)."""

    name = "certificates"
    label = "certificates"
    verbose_name = _("Certificates")
