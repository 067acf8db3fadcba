"""The portal's one clock. Legal days are dates in Asia/Shanghai; moments are aware datetimes in UTC.

Everything asks here, so that a demonstration or a test can stand on another day: ``PORTAL_CLOCK_OFFSET`` (seconds,
for all
processes of a demonstration) or :func:`travel` (this process).
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.conf import settings

SHANGHAI = ZoneInfo("Asia/Shanghai")

# A plain global, not a context variable: the live server of a browser test answers from another thread.
_standing: dt.datetime | None = None


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    if _standing is not None:
        return _standing
    offset = dt.timedelta(seconds=getattr(settings, "PORTAL_CLOCK_OFFSET", 0))
    return dt.datetime.now(dt.UTC) + offset


_arrival: ContextVar[dt.datetime | None] = ContextVar("arrival", default=None)


@contextmanager
def arriving() -> Iterator[dt.datetime]:
    """A request reaches the portal now and is answered inside the block (``kernel.middleware.ArrivalMiddleware``)."""
    moment = now()
    token = _arrival.set(moment)
    try:
        yield moment
    finally:
        _arrival.reset(token)


def arrived() -> dt.datetime:
    """When the request being answered reached the portal, by the server's clock; outside of one the present moment."""
    return _arrival.get() or now()


def today() -> dt.date:
    """The present day in Asia/Shanghai; at 00:30 there it is already tomorrow for UTC."""
    return local(now()).date()


def local(moment: dt.datetime) -> dt.datetime:
    """The moment on the clock of Asia/Shanghai."""
    return moment.astimezone(SHANGHAI)


def at(day: dt.date, hour: int = 9, minute: int = 0) -> dt.datetime:
    """That hour of the day in Asia/Shanghai, as an aware datetime."""
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=SHANGHAI)


def end_of_day(day: dt.date) -> dt.datetime:
    """24:00 of the day in Asia/Shanghai: the first moment that is too late (domain.md R-30)."""
    return at(day + dt.timedelta(days=1), 0)


def minute() -> str:
    """The present minute in Asia/Shanghai as every page shows it: ``2026-11-19 10:02``."""
    return local(now()).strftime("%Y-%m-%d %H:%M")


@contextmanager
def travel(to: dt.datetime | dt.date) -> Iterator[dt.datetime]:
    """Stand still at a moment (a date means 09:00 Shanghai) until the block ends."""
    global _standing  # noqa: PLW0603 - see above: one clock for all threads of the process
    before = _standing
    moment = to if isinstance(to, dt.datetime) else at(to)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    _standing = moment.astimezone(dt.UTC)
    try:
        yield _standing
    finally:
        _standing = before
