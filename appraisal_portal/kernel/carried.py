"""What was typed into a form whose session had ended (decision 69): sealed into the log-in page, opened for nobody but
the account the form was made for, and sent again only by that person's own click. Nothing of it lies on the server.
"""

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import (  # type: ignore[attr-defined] # Django has no public name for "is it of this secret?"
    InvalidTokenFormat,
    _check_token_format,
    _does_token_match,
    get_token,
)

from .access import PUBLIC
from .uploads import clean_filename

OWNER_COOKIE = "owner"
"""Who logged in in this browser, and with which form secret, sealed: it opens nothing, and it outlives the session by
which the form came. Each log-in makes a new secret, so that a form's own token tells for whom it was made."""

REMEMBERED = 6  # log-ins of one browser: an older form belongs to nobody

SECONDS = 60 * 60
MOST = 1024 * 1024
# What a page posts by itself. A form with nothing else in it is a button, and is not pressed again by us.
_BY_ITSELF = re.compile(
    r"(.*-)?(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS|.+-token|.+-kept|version|form_version|seen_status|content_hash|seal"
)
_NEVER = re.compile("csrfmiddlewaretoken|password", re.IGNORECASE)
_WORDS = re.compile(r"[^\x00-\x7f]|\w \w")


@dataclass(frozen=True)
class Carried:
    """One form: whose, from which page, its fields as they were posted; ``files``: the names of those chosen, by
    control; no page can send them again."""

    owner: str
    path: str
    fields: list[tuple[str, list[str]]]
    files: list[tuple[str, list[str]]] = field(default_factory=list)

    @property
    def pairs(self) -> Iterator[tuple[str, str]]:
        """Each name with each of its values, for hidden controls."""
        return ((name, value) for name, values in self.fields for value in values)

    @property
    def typed(self) -> bool:
        """Whether there is more than files and what a page posts by itself."""
        return _typed(self.fields)

    @property
    def words(self) -> list[str]:
        """What a person recognises of it: the texts, without numbers, days and choices."""
        return [value for _name, value in self.pairs if _WORDS.search(value)]

    def sealed(self) -> str:
        """For the log-in page: nobody reads or changes it there."""
        return _seal([self.owner, self.path, self.fields, self.files])


def remember(response: HttpResponse, request: HttpRequest) -> None:
    """At the log-in: note whose forms carry the secret that was made with it."""
    get_token(request)
    log_ins = [*_log_ins(request), [str(request.user.pk), request.META["CSRF_COOKIE"]]][-REMEMBERED:]
    response.set_cookie(
        OWNER_COOKIE, _seal(log_ins), httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def last_owner(request: HttpRequest) -> str:
    """Key of the account that logged in last in this browser; empty when nobody knows."""
    log_ins = _log_ins(request)
    return log_ins[-1][0] if log_ins else ""


def _made_for(request: HttpRequest) -> str:
    """Key of the account in whose session the posted form was made; empty when nobody knows."""
    token = request.POST.get("csrfmiddlewaretoken", "")
    try:
        _check_token_format(token)
    except InvalidTokenFormat:
        return ""
    return next((owner for owner, secret in _log_ins(request) if _does_token_match(token, secret)), "")


def _log_ins(request: HttpRequest) -> list[list[str]]:
    """[account, form secret] of the last log-ins in this browser, the newest last."""
    found = _open(request.COOKIES.get(OWNER_COOKIE, ""))
    return found if isinstance(found, list) else []


def of_request(request: HttpRequest) -> Carried | None:
    """What a posted form would lose; None when nothing was typed, or nobody knows whose it is. What is typed on a
    public page belongs to no account."""
    view = getattr(request.resolver_match and request.resolver_match.func, "view_class", None)
    if request.method != "POST" or getattr(view, "access", None) is PUBLIC or not getattr(view, "typed_again", True):
        return None
    if "X-Requested-With" in request.headers:
        return None
    fields = [(name, values) for name, values in request.POST.lists() if not _NEVER.search(name)]
    files = [(name, [clean_filename(file.name or "") for file in sent]) for name, sent in request.FILES.lists()]
    if not (_typed(fields) or files) or sum(len(value) for _name, values in fields for value in values) > MOST:
        return None
    owner = _made_for(request)
    return Carried(owner, request.get_full_path(), fields, files) if owner else None


def opened(sealed: str, user: Any) -> Carried | None:
    """What was sealed within the last hour by this portal for this person; None for everything else."""
    found = _open(sealed, SECONDS)
    if not isinstance(found, list) or found[0] != str(user.pk):
        return None
    owner, path, fields, files = found
    return Carried(owner, path, [(name, values) for name, values in fields], [(name, names) for name, names in files])


def _typed(fields: list[tuple[str, list[str]]]) -> bool:
    return any(value.strip() for name, values in fields if not _BY_ITSELF.fullmatch(name) for value in values)


def _seal(value: Any) -> str:
    return _locks().encrypt(zlib.compress(json.dumps(value).encode())).decode()


def _open(sealed: str, seconds: int | None = None) -> Any:
    try:
        return json.loads(zlib.decompress(_locks().decrypt(sealed.encode(), ttl=seconds)))
    except InvalidToken:
        return None


def _locks() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    named = (hashlib.sha256(b"portal.carried:" + str(key).encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in named])
