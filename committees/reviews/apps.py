"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    """What the committee decided (评审): meetings, verdicts, publicity, objections."""

    name = "committees.reviews"
    label = "reviews"
    verbose_name = _("Reviews")
