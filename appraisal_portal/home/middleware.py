"""Serves public pages as ready bytes before session, user and template are touched.

A view asks for it with ``published = True``.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.translation import get_language_from_request

from appraisal_portal.home import published
from appraisal_portal.kernel.middleware import CONTRAST_COOKIE, SIZE_COOKIE

Handler = Callable[[HttpRequest], HttpResponse]


class PublishedPagesMiddleware:
    """Stands outside the session's middleware. Pages are kept apart by address, language, text size and contrast."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The stored page, a 304, or a new page that is stored for the next reader."""
        if request.method != "GET" or request.META.get("QUERY_STRING"):
            return self.get_response(request)
        request.get_host()  # a wrong host is refused here too
        key = page_key(request)
        page = published.fetch(key)
        if page is None:
            response = self.get_response(request)
            version = getattr(request, "published_version", None)
            if version is None or not _may_be_kept(response):
                return response
            page = published.store(key, response.content, dict(response.items()), version)
        if page.etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
            kept = ("ETag", "Cache-Control", "Vary", "X-Robots-Tag")
            return HttpResponseNotModified(headers={name: page.headers[name] for name in kept if name in page.headers})
        return HttpResponse(page.body, headers=page.headers)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Read the version before the view reads anything: what is published meanwhile only makes the page outdated."""
        if request.method == "GET" and getattr(getattr(view, "view_class", None), "published", False):
            request.published_version = published.head()  # type: ignore[attr-defined]


def page_key(request: HttpRequest) -> str:
    """What tells two stored pages apart."""
    size, contrast = request.COOKIES.get(SIZE_COOKIE) == "large", request.COOKIES.get(CONTRAST_COOKIE) == "high"
    return f"{get_language_from_request(request)} {size:d}{contrast:d} {request.path}"


def _may_be_kept(response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "no-store" not in response.get("Cache-Control", "")
    )
