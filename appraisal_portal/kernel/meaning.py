"""How much a text has to say before anybody can act on it, and the hint that tells so before it is typed."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

MEANINGFUL = 10
"""Characters below which a text says nothing anybody could check."""


def says_something(text: str | None) -> bool:
    """Whether it is long enough to mean something."""
    return len((text or "").strip()) >= MEANINGFUL


def at_least(hint: Any = "") -> Any:
    """The hint of a field whose text a rule measures by :func:`says_something`: what it says, then how much."""
    words = _("{hint} At least {number} characters.") if hint else _("At least {number} characters.")
    return format_lazy(words, hint=hint, number=MEANINGFUL)
