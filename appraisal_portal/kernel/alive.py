"""Whether the person a page was made for is still logged in (decision 90): asked by the page's script before chosen
files are sent, because a browser sends a form once and gives no file back.

Asking changes nothing: it saves no session and so makes none last longer.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from . import kept
from .access import PUBLIC
from .views import AccessMixin

_ENDED = gettext_lazy(
    "You have been logged out; nothing is sent yet. What you typed and the files you chose are still on this page. "
    "Log in in a new window, come back to this one and press the button again."
)
_OTHER = gettext_lazy(
    "Another account has logged in in this browser; nothing is sent. What you typed and the files you chose are still "
    "on this page. Log in with your own account in a new window, come back to this one and press the button again."
)
_ROLE = gettext_lazy(
    "You act in another role now; nothing is sent yet. What you typed and the files you chose are still on this page. "
    "Switch the role back at the top of a new window, come back to this one and press the button again."
)
_BACK = gettext_lazy(
    "You are logged in again. Press the button: what you typed and the files you chose are still here."
)


def address(user: Any = None) -> str:
    """Where a page made for ``user`` asks, without one the page being drawn; empty where nobody has to be logged in."""
    user = user or kept.sender()
    return f"{reverse('kernel:session')}?who={mark(user)}" if user else ""


def mark(user: Any) -> str:
    """Account and role a page is made for. It opens nothing."""
    return f"{user.pk}.{user.acting.pk if user.acting else 0}"


class SessionView(AccessMixin, View):
    """JSON: ``state`` "same" with the form ``token``, which each log-in changes, and the words ``back`` for whoever
    comes back to the window; or "ended", "other", "role" with what to do in ``text`` and a ``link``."""

    access = PUBLIC
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> JsonResponse:
        """Compare the mark of the page with who asks."""
        account, _dot, role = request.GET.get("who", "").partition(".")
        user: Any = request.user
        if not user.is_authenticated:
            answer = {"state": "ended", "text": _ENDED, "link": _link(settings.LOGIN_URL, _("Log in in a new window"))}
        elif account != str(user.pk):
            answer = {"state": "other", "text": _OTHER, "link": _link(settings.LOGIN_REDIRECT_URL)}
        elif role != mark(user).partition(".")[2]:
            answer = {"state": "role", "text": _ROLE, "link": _link(settings.LOGIN_REDIRECT_URL)}
        else:
            answer = {"state": "same", "back": _BACK, "token": get_token(request)}
        return JsonResponse(answer, headers={"Cache-Control": "no-store"})


def _link(name: str, text: str = "") -> dict[str, str]:
    return {"href": resolve_url(name), "text": text or _("Open a new window")}
