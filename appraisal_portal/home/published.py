"""Ready bytes of public pages, one small store per process, judged against PostgreSQL at each request.

Every publication is a transition, and its record moves the head of the hash chain in the same commit. So the head is
the version: one row by its key, read before the page is made. Records of single declarations move it too; whether one
of the others came in between is a second look at the few links since. What changes without a transition (a holiday
entered, a name corrected) shows within :data:`SECONDS`.
"""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakSet

import psycopg
from django.db import connection
from psycopg.pq import ExecStatus

from applications.models import DeclarationRecord, UnitPublicityRecord
from appraisal_portal.accounts.models import EmploymentRecord
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.models import ChainEntry, ChainHead
from appraisal_portal.kernel.parts import Store
from certificates.models import DisclosureRecord

SECONDS = 60
"""How long a page may be served at most."""
LINKS = 1000
"""After more links than this the page is made anew without looking through them."""

PRIVATE = (DeclarationRecord, UnitPublicityRecord, EmploymentRecord, DisclosureRecord)
"""Records of which no published page shows anything; all others count."""

_HEAD = f"SELECT seq, hash FROM {ChainHead._meta.db_table} WHERE id = 1"  # noqa: S608 - table names only
_SINCE = (
    f"SELECT count(*) FILTER (WHERE seq = %s AND hash = %s), "  # noqa: S608 - table names only
    f"count(*) FILTER (WHERE seq > %s AND table_name <> ALL(%s)) "
    f"FROM {ChainEntry._meta.db_table} WHERE seq >= %s"
)


@dataclass(frozen=True)
class Head:
    """The version: number and hash of the last link. The hash tells two histories with equal numbers apart."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Page:
    """One page as sent: ``headers`` as the view and the inner middleware left them, ``etag`` with its quotes."""

    body: bytes
    headers: Mapping[str, str]
    head: Head
    minute: str = field(default_factory=clock.minute)  # it stands on the page
    made: float = field(default_factory=time.monotonic)

    @property
    def etag(self) -> str:
        """From the bytes themselves, so that all processes agree."""
        return self.headers["ETag"]


_pages: Store[Page] = Store(500)
_NAME = b"published_head"
_prepared: "WeakSet[psycopg.Connection[Any]]" = WeakSet()


def head() -> Head | None:
    """The version now; None inside a transaction (what it sees may never be committed) and before the first record.

    Goes past both cursors where a connection is open: this is the only query of most public requests, and Django's
    health check would double it. Prepared once a connection: PostgreSQL took longer to plan it than to run it.
    """
    if connection.in_atomic_block:
        return None
    raw = connection.connection
    if raw is not None:
        try:
            if raw not in _prepared:
                raw.pgconn.prepare(_NAME, _HEAD.encode())
                _prepared.add(raw)
            result = raw.pgconn.exec_prepared(_NAME, None)
        except psycopg.OperationalError:
            result = None
        if result is not None and result.status == ExecStatus.TUPLES_OK:
            return Head(int(result.get_value(0, 0)), result.get_value(0, 1).decode()) if result.ntuples else None
        connection.close()  # the server was restarted: the next cursor opens a new connection
    with connection.cursor() as cursor:
        cursor.execute(_HEAD)
        row = cursor.fetchone()
    return Head(*row) if row else None


def fetch(key: str) -> Page | None:
    """The stored page if it still says what a new one would; one query, a second one after other records came in."""
    page = _pages.get(key)
    if page is None or page.minute != clock.minute() or time.monotonic() - page.made > SECONDS:
        return None
    now = head()
    if now is None:
        return None
    if now == page.head:
        return page
    if not 0 < now.seq - page.head.seq <= LINKS or _published_since(page.head):
        return None
    page = replace(page, head=now)
    _pages.put(key, page)
    return page


def store(key: str, body: bytes, headers: Mapping[str, str], version: Head) -> Page:
    """Keep a page that was made after ``version`` had been read; returns it."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    page = Page(body, {**headers, "ETag": etag, "Cache-Control": "no-cache"}, version)
    _pages.put(key, page)
    return page


def _published_since(seen: Head) -> bool:
    private = [model._meta.db_table for model in PRIVATE]
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, [seen.seq, seen.hash, seen.seq, private, seen.seq])
        same_history, others = cursor.fetchone()
    return not same_history or bool(others)
