"""The acting membership of each request, chosen in the session; asked only when somebody asks for the user. And the
record of what a supervisor is shown."""

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.checks import declared_access
from appraisal_portal.kernel.views import client_address

SESSION_KEY = "acting_membership"


class Visitor(AnonymousUser):
    """Nobody signed in: answers what predicates ask of an actor, always with no."""

    acting = None
    acting_organisation_id = None

    def acts_as(self, *roles: str) -> bool:
        """A visitor has no role."""
        return False

    def memberships_today(self) -> list[Any]:
        """A visitor has no membership."""
        return []


def acting_user(request: HttpRequest) -> Any:
    """The signed-in user in the role chosen in this session; a role that has ended meanwhile is no choice any more."""
    user = get_user(request)
    if not user.is_authenticated:
        return Visitor()
    chosen = request.session.get(SESSION_KEY)
    if chosen is not None:
        user.act_as(next((row for row in user.memberships_today() if row.pk == chosen), None))
    return user


class ActingMembershipMiddleware:
    """Wraps ``request.user``. A page that never asks for it (the public column) costs neither session nor query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: acting_user(request))  # type: ignore[assignment]
        return self.get_response(request)


OWN = ("accounts:account-", "accounts:contact-", "accounts:message-", "accounts:password-", "home:work", "home:no-role",
       "home:roles", "kernel:")  # fmt: skip
"""Pages that show nothing but the reader's own: no look at anything."""
_TITLE = re.compile(rb"<title>\s*(.*?)\s*</title>", re.DOTALL)
_FILE = re.compile(r"filename\*?=(?:utf-8'')?\"?([^\";]+)", re.IGNORECASE)


class LookMiddleware:
    """Writes down every page and file a supervisor is shown, before it leaves (decision 52). One row, and
    nobody else pays for it; an answer whose record cannot be written is not given.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if match is None or request.method not in ("GET", "HEAD") or response.status_code not in (200, 304):
            return response
        if declared_access(match.func) is PUBLIC or match.view_name.startswith(OWN):
            return response
        user: Any = request.user
        if user.is_authenticated and user.acts_as("supervisor"):
            _write(request, response, user)
        return response


def _write(request: HttpRequest, response: HttpResponse, user: Any) -> None:
    from appraisal_portal.accounts.models import Look  # noqa: PLC0415 - settings name this file before there are models

    match: Any = request.resolver_match
    Look.objects.create(
        user=user,
        acting_as=str(user.acting)[:200],
        url_name=match.view_name,
        path=request.path[:300],
        page=_heading(response)[:200],
        subject=_subject(match)[:100],
        from_address=client_address(request),
    )


def _heading(response: HttpResponse) -> str:
    """The title of the page, the name of the file; empty where the browser kept the page (304) and for data."""
    named = _FILE.search(response.headers.get("Content-Disposition", ""))
    if named:
        return unquote(named[1])
    found = None if response.streaming else _TITLE.search(response.content[:4000])
    title = html.unescape(" ".join(found[1].decode().split())) if found else ""
    return title.rpartition(" - ")[0] or title  # the name of the portal stands behind each


def _subject(match: Any) -> str:
    """``reviews.Meeting 12``: what the address is about, as far as it says."""
    view = getattr(match.func, "view_class", match.func)
    workflow = getattr(match.func, "view_initkwargs", {}).get("workflow")
    model = workflow.model if workflow is not None else getattr(view, "model", None)
    key = match.kwargs.get("pk")
    return "" if key is None else f"{model._meta.label if model else match.view_name} {key}"
