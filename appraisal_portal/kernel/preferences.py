"""Text size, contrast and language: plain POST forms that set a cookie and come back to the same page."""

from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from .access import PUBLIC, Predicate
from .middleware import CONTRAST_COOKIE, SIZE_COOKIE

A_YEAR = 365 * 24 * 60 * 60


def same_page(request: HttpRequest) -> str:
    """Where the reader came from, within this site: the referring page, else the posted ``next``,
    else the front page."""
    for candidate in (request.META.get("HTTP_REFERER", ""), request.POST.get("next", "")):
        if candidate and url_has_allowed_host_and_scheme(
            candidate, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            parts = urlsplit(candidate)
            return parts.path + (f"?{parts.query}" if parts.query else "") or "/"
    return "/"


class CookieView(View):
    """Base of the two views. Exempt from CSRF: public pages are served as ready bytes and carry no token, and nothing
    but the look of the reader's own pages can change. A post from another site is refused all the same."""

    access: ClassVar[Predicate] = PUBLIC

    @method_decorator(csrf_exempt)
    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Post from elsewhere: back to the page without any change."""
        if request.method == "POST" and request.META.get("HTTP_SEC_FETCH_SITE", "same-origin") != "same-origin":
            return HttpResponseRedirect(same_page(request))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def keep(self, response: HttpResponse, name: str, value: str) -> None:
        """A cookie of one year, unreadable for scripts."""
        response.set_cookie(name, value, max_age=A_YEAR, secure=self.request.is_secure(), httponly=True, samesite="Lax")


class PreferencesView(CookieView):
    """GET explains the choices; POST with ``size`` (large, normal) or ``contrast`` (high, normal) keeps them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page of choices."""
        return render(request, "kernel/preferences.html")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep what was chosen; anything else is left alone."""
        response = HttpResponseRedirect(same_page(request))
        for name, values in ((SIZE_COOKIE, ("large", "normal")), (CONTRAST_COOKIE, ("high", "normal"))):
            if request.POST.get(name) in values:
                self.keep(response, name, request.POST[name])
        return response


class SetLanguageView(CookieView):
    """POST ``language`` ("zh-hans", "en"): Django's own language cookie;
    the address stays the same in both languages."""

    http_method_names: ClassVar[list[str]] = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the language when the portal speaks it."""
        response = HttpResponseRedirect(same_page(request))
        language = request.POST.get("language", "")
        if check_for_language(language) and language in dict(settings.LANGUAGES):
            self.keep(response, settings.LANGUAGE_COOKIE_NAME, language)
        return response
