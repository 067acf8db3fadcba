"""Ready parts of pages in the memory of a process: what surrounds a public page, and what changes only with a record.

The whole page as ready bytes is the business of ``home/published.py``; here a page is still made for each reader.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from appraisal_portal.kernel import context

SECONDS = 60
"""How long a part is kept: names that change without a record show after that time."""

_TITLE, _PATH, _MAIN = "\x02title\x02", "\x02path\x02", "\x02main\x02"


def remembered(make: Callable[[], str], *version: Any) -> SafeString:
    """HTML made by ``make`` once for each ``version``, which names everything that decides what it says (the language
    is added). Only for parts without a form: a CSRF token belongs to one reader."""
    key = hashlib.sha256(repr((get_language(), *version)).encode()).hexdigest()
    part: str | None = caches["pages"].get(key)
    if part is None:
        part = str(make())
        caches["pages"].set(key, part, SECONDS)
    return mark_safe(part)  # noqa: S308 - it came from a template


def public_page(request: HttpRequest, *, title: str, main: SafeString, indexed: bool = True) -> str:
    """A page for visitors around ``main``, like a template that extends base_public.html, at a third of the cost."""
    preferences = getattr(request, "preferences", None)
    shell = _shell(get_language() or "", getattr(preferences, "html_class", ""), indexed, request)
    for place, text in ((_TITLE, title), (_PATH, request.path), (_MAIN, main)):
        shell = shell.replace(place, conditional_escape(text))
    return shell


_shells: dict[tuple[str, str, bool], str] = {}


def _shell(language: str, html_class: str, indexed: bool, request: HttpRequest) -> str:
    """Made with the first request of its kind: of a request only language and preferences are seen in it."""
    key = (language, html_class, indexed)
    if key not in _shells:
        around = {**context.portal(request)["portal"], "path": _PATH}
        words = {"portal": around, "shell_title": _TITLE, "shell_main": _MAIN, "indexed": indexed}
        _shells[key] = render_to_string("portal/shell.html", words, request)
    return _shells[key]
