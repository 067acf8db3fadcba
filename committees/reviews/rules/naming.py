"""How a refusal names a case to somebody who may keep away from it in any part."""

from typing import Any

from django.utils.translation import gettext as _

from applications.querysets_recusal import stands_back
from applications.rules import recusal
from committees.reviews.querysets.meeting import OFFICE


def said_to(actor: Any, declaration: Any) -> str:
    """By its number; to somebody of the office who keeps away from it in any part, not even so (P12)."""
    if actor is not None and actor.acts_as(*OFFICE):
        if type(declaration)._base_manager.filter(stands_back(actor), pk=declaration.pk).exists():
            return _("A person you keep away from")
        return str(declaration)
    return recusal.said_to(actor, declaration)
