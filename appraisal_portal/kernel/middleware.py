"""Small middlewares: the strict content security policy, the reader's preferences from cookies (no session),
the calendar read once, answers to what the database refuses."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from . import calendar, clock, files, kept

log = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponse]

# Strict: no inline script or style, no data: image, nothing from elsewhere (ui.md §1)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# With "no-referrer" a browser sends "Origin: null" with every form, which the CSRF check must refuse.
REFERRER_POLICY = "same-origin"

SIZE_COOKIE = "size"
CONTRAST_COOKIE = "contrast"


class ArrivalMiddleware:
    """First of all: notes when the request reached the portal. Who hands in by a last day is judged by that moment,
    however long locks and queries take afterwards; nothing the browser sends has a say in it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with clock.arriving():
            return self.get_response(request)


class ServerClockMiddleware:
    """Tells every browser the portal's time of this very answer, in milliseconds since 1970: the script of the clock
    counts on from it, whether the page was made now, kept as ready bytes or answered with 304.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Server-Timing"] = f"clock;dur={clock.now().timestamp() * 1000:.0f}"
        return response


WROTE_COOKIE = "wrote"


class OwnWritesMiddleware:
    """After anything a signed-in reader posts, the pages kept for that reader are made anew, in every process."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.set_cookie(
                WROTE_COOKIE, secrets.token_hex(4), httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
            )
        return response


class ContentSecurityPolicyMiddleware:
    """Sends the policy with every answer of the portal; a delivered file keeps its own, which is stricter."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Referrer-Policy", REFERRER_POLICY)
        return response


@dataclass(frozen=True)
class Preferences:
    """What the reader chose: 大字版 (``large``) and 高对比 (``contrast``)."""

    large: bool = False
    contrast: bool = False

    @property
    def html_class(self) -> str:
        """The class of ``<html>``: "", "large", "contrast" or both."""
        return " ".join(name for name in ("large", "contrast") if getattr(self, name))


class PreferencesMiddleware:
    """Puts ``request.preferences`` in place; cached pages are kept apart by their ``html_class`` and the language."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.preferences = Preferences(  # type: ignore[attr-defined]
            large=request.COOKIES.get(SIZE_COOKIE) == "large",
            contrast=request.COOKIES.get(CONTRAST_COOKIE) == "high",
        )
        response = self.get_response(request)
        patch_vary_headers(response, ("Cookie",))
        return response


class DamagedFileMiddleware:
    """A stored file that is missing or changed is never delivered; the reader gets a plain page, the operator the
    log."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 503 for a damaged file and for nothing else."""
        if not isinstance(exception, files.DamagedFile):
            return None
        log.critical("%s (asked for at %s)", exception, request.path)
        return render(request, "damaged.html", status=503)


_WAITED = {"55P03", "40P01", "40001"}
"""SQL states of a lock waited for too long, a deadlock, a serialisation failure: nothing was written, trying helps."""
_NUL_IN_JSON = "22P05"


class BusyMiddleware:
    """Somebody else holds the row this request wanted: nothing has been changed, and the reader is told to try again.

    Without it the lock time-out (``LOCK_TIMEOUT_MS``) would be a fault of the portal's.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 503 for a row that is locked and for nothing else."""
        if getattr(exception.__cause__, "sqlstate", "") not in _WAITED:
            return None
        response = render(request, "busy.html", status=503)
        response.headers["Retry-After"] = "5"
        return response


class UnreadableTextMiddleware:
    """A NUL character, in an address or a field, which PostgreSQL keeps in no text: nothing has been changed, and the
    reader is told that the request could not be read.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 400 for that character and for nothing else."""
        cause = exception.__cause__
        in_text = "NUL (0x00)" in str(cause)  # psycopg refuses before it sends, without a state
        if not isinstance(exception, DataError) or not (in_text or getattr(cause, "sqlstate", "") == _NUL_IN_JSON):
            return None
        return render(request, "400.html", status=400)


class RememberedCalendarMiddleware:
    """A page with many deadlines reads the working-day calendar once."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with calendar.remembered():
            return self.get_response(request)


class KeptFilesMiddleware:
    """Fields of forms know whose kept files they may open (``kernel/kept.py``)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with kept.asked_by(request):
            return self.get_response(request)
