"""The acting membership of each request, chosen in the session; asked only when somebody asks for the user."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

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
