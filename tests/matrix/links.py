"""Where a page leads its reader: links and forms of the pages the matrix opens, kept to be followed at its end.

Opened anew those pages would cost as much again; so ``test_pages.py`` leaves here what it has in its hands, and
``test_where_links_lead.py`` follows. For each reader, page and named parameter (a transition, a paper, a part) one
object is followed; ``MATRIX_OBJECTS=5`` follows five.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

LINK = re.compile(rb'<a\s(?:[^>]*?\s)?href="([^"]*)"')
FORM = re.compile(rb"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
BUTTON = re.compile(rb"<button\b([^>]*)>")
HIDDEN = re.compile(rb'<input\b([^>]*type="hidden"[^>]*)>')
GIVEN = re.compile(rb'(action|method|name|value|type)="([^"]*)"')
CHOICE = re.compile(r"[a-z_-]{1,30}")  # what a form or its button stands for; not a number, an address, a hash
OBJECTS = int(os.environ.get("MATRIX_OBJECTS", "1"))
NOWHERE = "nowhere"
HERE = "testserver"


@dataclass(frozen=True)
class Lead:
    """A link or a form: how it asks, for which address, who is led there, with what values, from which page."""

    method: str
    url: str
    user: Any
    values: tuple[tuple[str, str], ...] = ()
    page: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.url} (on {self.page})"


@cache
def goal(path: str) -> tuple[str, ...]:
    """The page of an address and its named parameters; objects are not told apart by their numbers."""
    try:
        found = resolve(path)
    except Resolver404:
        return (NOWHERE, path)
    named = sorted(str(value) for value in found.kwargs.values() if not str(value).isdigit() and len(str(value)) < 40)
    return (found.view_name, *named)


def given(tag: bytes) -> dict[str, str]:
    """What a tag says about where and what is sent."""
    return {name.decode(): unescape(value.decode()) for name, value in GIVEN.findall(tag)}


def leads(body: bytes) -> Iterator[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """Method and address of each link and form of a page as they stand there; of a form with a button also what it
    sends when nothing is typed and its first button is pressed."""
    for found in dict.fromkeys(LINK.findall(body)):
        if not found.startswith(b"#"):
            yield "GET", unescape(found.decode()), ()
    for tag, content in FORM.findall(body):
        if buttons := [given(button) for button in BUTTON.findall(content)]:
            form, sent = given(tag), [*map(given, HIDDEN.findall(content)), buttons[0]]
            values = {one["name"]: one.get("value", "") for one in sent if one.get("name")}
            values.pop("csrfmiddlewaretoken", None)
            yield form.get("method", "get").upper(), form.get("action", ""), tuple(values.items())


class Leads:
    """What the pages opened so far lead to, by reader, and what was answered already."""

    def __init__(self) -> None:
        self.pages: set[tuple[str, str]] = set()  # reader and name of the pages of the table that were opened
        self._answered: dict[tuple[Any, str, str], tuple[int, str]] = {}
        self._kinds: dict[tuple[str, ...], int] = {}
        self._known: set[tuple[str, ...]] = set()
        self._waiting: dict[str, list[Lead]] = {}

    def note(self, who: str, lead: Lead, answer: Any) -> tuple[int, str]:
        """Keep what was answered (status, where it redirects to) and where the page or the redirection leads."""
        said = answer.status_code, answer.get("Location", "")
        first = self._answered.setdefault((lead.user.pk, lead.method, lead.url), said) is said
        if lead.method == "GET" and first:
            if said[0] == 200 and answer.get("Content-Type", "").startswith("text/html"):
                for method, where, values in leads(answer.content):
                    self._wait(who, lead, method, where, values)
            elif said[1]:
                self._wait(who, lead, "GET", said[1], ())
        return said

    def _wait(self, who: str, at: Lead, method: str, where: str, values: tuple[tuple[str, str], ...]) -> None:
        there = urlsplit(urljoin(at.url, where))
        if there.scheme not in {"", "http", "https"} or there.netloc not in {"", HERE}:
            return
        if method == "GET" and values:
            there = there._replace(query=urlencode(values))
        full = there._replace(scheme="", netloc="", fragment="").geturl()
        chosen = [f"{name}={value}" for name, value in values if CHOICE.fullmatch(value)]
        if (who, method, full, *chosen) in self._known or full.startswith(settings.STATIC_URL):
            return
        self._known.add((who, method, full, *chosen))
        kind = (who, method, *goal(there.path), *chosen)
        self._kinds[kind] = self._kinds.get(kind, 0) + 1
        if self._kinds[kind] <= OBJECTS:
            self._waiting.setdefault(who, []).append(Lead(method, full, at.user, values, at.url))

    def taken(self, who: str) -> Iterator[tuple[Lead, tuple[int, str] | None]]:
        """What waits to be followed for that reader, with what was answered there already; more may come meanwhile."""
        while waiting := self._waiting.get(who):
            lead = waiting.pop()
            yield lead, self._answered.get((lead.user.pk, lead.method, lead.url))


LEADS = Leads()
