"""Words that several pages and messages of this stage share."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def list_name(user: Any) -> Promise:
    """What the list of certificates is called, in the menu and on its pages: to their holder by the name that letters
    and messages use."""
    return _("My certificates") if user.acts_as("applicant") else _("Certificates")
