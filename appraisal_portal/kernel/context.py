"""What every template may read as ``portal``: names, language, preferences. Touches neither session nor user."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, to_locale

from . import clock
from .middleware import Preferences


def portal(request: HttpRequest) -> dict[str, Any]:
    """Its ``name``, ``owner``, ``lang`` ("zh-Hans", "en"), ``preferences``, ``path`` (of this page), ``clock``
    (the server's minute in Shanghai)."""
    language = get_language() or settings.LANGUAGE_CODE
    chinese = language.startswith("zh")
    return {
        "portal": {
            "name": settings.PORTAL_SITE_NAME if chinese else settings.PORTAL_SITE_NAME_EN,
            "owner": settings.PORTAL_OWNER_NAME if chinese else settings.PORTAL_OWNER_NAME_EN,
            "lang": to_locale(language).replace("_", "-"),
            "preferences": getattr(request, "preferences", Preferences()),
            "path": request.path,
            "clock": clock.minute(),
        }
    }
