"""Attempts are counted in PostgreSQL: a flushed cache or a second server gives nobody a fresh start."""

import datetime as dt

from django.conf import settings
from django.utils.crypto import salted_hmac

from appraisal_portal.accounts.models import LoginAttempt, User
from appraisal_portal.kernel import clock


def _hash(purpose: str, name: str) -> str:
    return salted_hmac(f"accounts.{purpose}", User.normalise_username(name), algorithm="sha256").hexdigest()


def too_many_attempts(purpose: str, name: str, address: str | None) -> bool:
    """Count one more attempt ("login", "register", "reset") and say whether it is beyond the limit of name or address.

    Known and unknown names are counted alike. Old rows go as new ones come, so that the table stays small.
    """
    now = clock.now()
    since = now - dt.timedelta(minutes=settings.PORTAL_LOGIN_MINUTES)
    key = _hash(purpose, name)
    LoginAttempt.objects.create(account_hash=key, from_address=address, at=now)
    LoginAttempt.objects.filter(account_hash=key, at__lt=since).delete()
    recent = LoginAttempt.objects.filter(at__gte=since)
    if recent.filter(account_hash=key).count() > settings.PORTAL_LOGINS_PER_ACCOUNT:
        return True
    return address is not None and recent.filter(from_address=address).count() > settings.PORTAL_LOGINS_PER_ADDRESS


def succeeded(purpose: str, name: str) -> None:
    """The right person came: the account's attempts are forgotten."""
    LoginAttempt.objects.filter(account_hash=_hash(purpose, name)).delete()


def used_up(purpose: str, key: str, *, limit: int, minutes: int) -> dt.datetime | None:
    """Count one more question of a public page under ``key`` (an address, a number). None when it is to be answered;
    beyond ``limit`` within ``minutes``: the moment from which the next one is, if nobody asks before. Apart from the
    log-ins: who checks papers locks nobody out.
    """
    now = clock.now()
    hashed = _hash(purpose, key)
    LoginAttempt.objects.create(account_hash=hashed, from_address=None, at=now)
    window = dt.timedelta(minutes=minutes)
    LoginAttempt.objects.filter(account_hash=hashed, at__lt=now - window).delete()
    latest = LoginAttempt.objects.filter(account_hash=hashed).order_by("-at").values_list("at", flat=True)[: limit + 1]
    return latest[limit - 1] + window if len(latest) > limit else None
