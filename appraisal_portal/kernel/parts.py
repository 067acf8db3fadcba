"""Ready parts of pages in the memory of a process: what surrounds a public page, and what changes only with a record.

The whole page as ready bytes is the business of ``home/published.py``; here a page is still made for each reader.
"""

import re
import secrets
import time
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.template.response import SimpleTemplateResponse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from appraisal_portal.kernel import clock, context
from appraisal_portal.kernel.middleware import WROTE_COOKIE

Kept = TypeVar("Kept")

SECONDS = 60
"""How long a part is kept: names that change without a record show after that time."""

# Random, so that nobody's own words can be one.
_TITLE, _PATH, _MAIN, _TOKEN, _CLOCK = (f"\x02{secrets.token_hex(8)}\x02" for _part in range(5))


class Store(Generic[Kept]):
    """A few hundred things in the memory of a process, the oldest forgotten first. Django's own cache in memory would
    pickle them at every reading, which costs as much as the query that says whether they still hold. A key is any
    immutable value: a tuple of rows is compared faster than it is put into words."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._things: dict[Hashable, Kept] = {}

    def get(self, key: Hashable) -> Kept | None:
        """What was put there, or None."""
        return self._things.get(key)

    def put(self, key: Hashable, thing: Kept) -> None:
        """Keep it; over the limit the oldest goes."""
        self._things.pop(key, None)
        self._things[key] = thing
        while len(self._things) > self.most:
            self._things.pop(next(iter(self._things)), None)


_parts: Store[tuple[float, SafeString]] = Store(500)


def remembered(make: Callable[[], str], *version: Any, among: Store[tuple[float, SafeString]] = _parts) -> SafeString:
    """HTML made by ``make`` once for each ``version``, which names everything that decides what it says (the language
    is added). Only for parts without a form: a CSRF token belongs to one reader. ``among``: a store of its own for what
    is kept in great number, as the lines of a table."""
    key = repr((get_language(), *version))
    made, part = among.get(key) or (0.0, SafeString())
    if not part or time.monotonic() - made > SECONDS:
        part = mark_safe(make())  # noqa: S308 - it came from a template
        among.put(key, (time.monotonic(), part))
    return part


def public_page(request: HttpRequest, *, title: str, main: SafeString, indexed: bool = True) -> str:
    """A page for visitors around ``main``, like a template that extends base_public.html, at a third of the cost."""
    preferences = getattr(request, "preferences", None)
    shell = _shell(get_language() or "", getattr(preferences, "html_class", ""), indexed, request)
    for place, text in ((_TITLE, title), (_PATH, request.path), (_CLOCK, clock.minute()), (_MAIN, main)):
        shell = shell.replace(place, conditional_escape(text))
    return shell


def own_page(request: HttpRequest, *, title: str, main: SafeString, reader: Any, body_class: str = "") -> str:
    """A page of the signed-in reader around ``main``, like a template that extends base.html. ``reader`` names what
    decides header and navigation: the account, its name and roles. Messages and the CSRF token are of this request."""
    html_class = getattr(getattr(request, "preferences", None), "html_class", "")

    def make() -> str:
        around = {**context.portal(request)["portal"], "clock": _CLOCK}
        words = {
            "portal": around,
            "shell_title": _TITLE,
            "shell_main": _MAIN,
            "csrf_token": _TOKEN,
            "shell_class": body_class,
        }
        return render_to_string("portal/shell_own.html", words, request)

    page = str(remembered(make, "own-page", reader, html_class, request.path, body_class))
    said = render_to_string("components/messages.html", request=request) if messages.get_messages(request) else ""
    body = mark_safe(said) + main  # noqa: S308 - both came from templates
    for place, text in ((_TITLE, title), (_TOKEN, get_token(request)), (_CLOCK, clock.minute()), (_MAIN, body)):
        page = page.replace(place, conditional_escape(text))
    return page


_pages: Store[tuple[float, bytes]] = Store(500)
_OWN_TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')
_OWN_CLOCK = re.compile(r'(<time datetime=")[^"]*(\+08:00" data-clock="[^"]*">)[^<]*')


def ready_page(request: HttpRequest, respond: Callable[[], HttpResponse], *version: Hashable) -> HttpResponse:
    """The whole page of one reader, forms included, made once for each ``version``: what it says and who reads it.

    CSRF token and clock are put in for each request; what the reader posted since makes it anew, whatever ``version``
    says. Only a 200 is kept, and never one with a message on it.
    """
    html_class = getattr(getattr(request, "preferences", None), "html_class", "")
    wrote = request.COOKIES.get(WROTE_COOKIE, "")
    key = (get_language(), html_class, request.path, wrote, *version)
    made, page = _pages.get(key) or (0.0, b"")
    if len(messages.get_messages(request)):
        return respond()
    if not page or time.monotonic() - made > SECONDS:
        response = respond()
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        if response.status_code != 200:
            return response
        text = _OWN_TOKEN.sub(rf"\g<1>{_TOKEN}", response.content.decode())
        page = _OWN_CLOCK.sub(rf"\g<1>{_CLOCK}\g<2>{_CLOCK}", text).encode()
        _pages.put(key, (time.monotonic(), page))
    page = page.replace(_TOKEN.encode(), get_token(request).encode())
    return HttpResponse(page.replace(_CLOCK.encode(), clock.minute().encode()))


_shells: dict[tuple[str, str, bool], str] = {}


def _shell(language: str, html_class: str, indexed: bool, request: HttpRequest) -> str:
    """Made with the first request of its kind: of a request only language and preferences are seen in it."""
    key = (language, html_class, indexed)
    if key not in _shells:
        around = {**context.portal(request)["portal"], "path": _PATH, "clock": _CLOCK}
        words = {"portal": around, "shell_title": _TITLE, "shell_main": _MAIN, "indexed": indexed}
        _shells[key] = render_to_string("portal/shell.html", words, request)
    return _shells[key]
