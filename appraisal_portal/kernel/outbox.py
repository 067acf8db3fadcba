"""After-commit deliveries through PostgreSQL: put a row in the transaction that causes it; whoever comes first
delivers it once.

Messages to people wait for the sweep, every few seconds: whoever acts does not pay for telling a worker (decision 72).
Of what somebody waits for before a page, a paper or a code, the broker is hinted. A lost hint, a flushed broker or a
killed worker delays a delivery until the next sweep.
"""

import datetime as dt
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.functional import Promise

from appraisal_portal.kernel import clock, prepared
from appraisal_portal.kernel.days import day_said
from appraisal_portal.kernel.models import Outbox

MESSAGE = "message"
"""The kind of what :func:`message` makes."""
TELLING = "telling"
"""The kind of a record whose messages are still to be made (:mod:`telling`)."""
_UNHURRIED = (TELLING, MESSAGE)
log = logging.getLogger(__name__)
ATTEMPTS = 5
LOCK = dt.timedelta(minutes=10)
DOUBLED_END = re.compile(r"([。！？!?]|(?<!\.)\.)[。.](?!\.)")

Handler = Callable[[Outbox], None]
_handlers: dict[str, Handler] = {}
_words: dict[str, str | Promise] = {}
_alone: dict[str, dt.timedelta] = {}
_hinting = True
_held: ContextVar[dt.datetime | None] = ContextVar("held_until", default=None)


def handler(
    kind: str, words: str | Promise = "", *, alone_within: dt.timedelta | None = None
) -> Callable[[Handler], Handler]:
    """Register the function that delivers this kind. It runs in a transaction of its own and must be repeatable.

    ``words``: what people read for the kind. ``alone_within``: it opens its transactions itself, for it draws or asks
    others, and would hold its locks meanwhile; after so long, the process is taken for dead and another one begins.
    """

    def wrap(function: Handler) -> Handler:
        _words[kind] = words
        if alone_within:
            _alone[kind] = alone_within
        if _handlers.setdefault(kind, function) is not function:
            raise ValueError(f"two handlers for {kind}")
        return function

    return wrap


def words_of(kind: str) -> str:
    """What people read for a kind; the kind itself when nobody delivers it any more."""
    return str(_words.get(kind) or kind)


def put(kind: str, key: str, payload: Mapping[str, Any], *, not_before: dt.datetime | None = None) -> None:
    """Store a delivery; the same (kind, key) a second time is nothing new. Call inside the causing transaction."""
    store([delivery(kind, key, payload, not_before=not_before)])


def delivery(kind: str, key: str, payload: Mapping[str, Any], *, not_before: dt.datetime | None = None) -> Outbox:
    """A delivery that is not stored yet."""
    return Outbox(kind=kind, key=key, payload=dict(payload), not_before=not_before or _held.get() or clock.now())


def store(rows: Sequence[Outbox]) -> None:
    """Store deliveries in one statement, and after the commit hint a worker, once, of those somebody waits for."""
    if not rows:
        return
    prepared.insert_new(rows)
    waited_for = [(row.kind, row.key) for row in rows if row.kind not in _UNHURRIED and row.not_before <= clock.now()]
    if waited_for:
        transaction.on_commit(lambda: _hint(waited_for))


def _filled(text: str | Promise, words: Mapping[str, str]) -> str:
    """The text with its words in place; a reason that ends its own sentence gets no second full stop."""
    return DOUBLED_END.sub(r"\1", str(text).format(**words))


def put_message(
    user: Any,
    *,
    key: str,
    subject: str | Promise,
    body: str | Promise,
    link: str = "",
    by: dt.date | None = None,
    action_needed: bool = False,
    words: Mapping[str, str] | None = None,
) -> None:
    """Store a message to one person; see :func:`message`."""
    store(
        [message(user, key=key, subject=subject, body=body, link=link, by=by, action_needed=action_needed, words=words)]
    )


def message(
    user: Any,
    *,
    key: str,
    subject: str | Promise,
    body: str | Promise,
    link: str = "",
    by: dt.date | None = None,
    action_needed: bool = False,
    words: Mapping[str, str] | None = None,
) -> Outbox:
    """A message to one person (inbox and e-mail), in that person's language, saying what to do and by when."""
    with translation.override(getattr(user, "language", "") or "zh-hans"):
        filled = {**(words or {}), "by": day_said(by) if by else ""}
        return delivery(
            MESSAGE,
            key,
            {
                "user": user.pk,
                "subject": _filled(subject, filled),
                "body": _filled(body, filled),
                "link": link,
                "by": by.isoformat() if by else None,
                "action_needed": action_needed,
            },
        )


@contextmanager
def held(until: dt.datetime) -> Iterator[None]:
    """What is put within the block waits until that moment: as long as its cause can be taken back."""
    token = _held.set(until)
    try:
        yield
    finally:
        _held.reset(token)


def drop(prefix: str) -> int:
    """Nobody is told what was taken back: deliveries still waiting whose key begins so. Returns how many."""
    waiting = Outbox.objects.filter(key__startswith=prefix, status=Outbox.Status.WAITING, attempts=0)
    return waiting.update(status=Outbox.Status.DROPPED, done_at=clock.now())


@contextmanager
def without_hints() -> Iterator[None]:
    """Leave all deliveries of this process to the next sweep: for loading much at once."""
    global _hinting  # noqa: PLW0603 - one switch a process
    _hinting = False
    try:
        yield
    finally:
        _hinting = True


def _hint(rows: list[tuple[str, str]]) -> None:
    if not _hinting:
        return
    from appraisal_portal.kernel.tasks import hint_deliveries  # noqa: PLC0415 - the only door from here to Celery

    hint_deliveries(rows)


def claim(kind: str, key: str) -> Outbox | None:
    """Take one waiting row for this process, or None when it is done, taken or not due. Counts the attempt
    beforehand."""
    moment = clock.now()
    with transaction.atomic():
        row = (
            Outbox.objects.select_for_update(skip_locked=True)
            .filter(kind=kind, key=key, status=Outbox.Status.WAITING, not_before__lte=moment)
            .exclude(locked_until__gt=moment)
            .first()
        )
        if row is None:
            return None
        if row.attempts >= ATTEMPTS:
            row.status = Outbox.Status.DEAD
            row.save(update_fields=["status"])
            return None
        row.attempts += 1
        row.locked_until = moment + _alone.get(kind, LOCK)
        row.save(update_fields=["attempts", "locked_until"])
        return row


def deliver(kind: str, key: str) -> bool:
    """Deliver one row if it is due. True when this call delivered it; a failure is stored in the row and raised."""
    row = claim(kind, key)
    if row is None:
        return False
    try:
        if row.kind in _alone:
            _handlers[row.kind](row)
        with transaction.atomic():
            if row.kind not in _alone:
                _handlers[row.kind](row)
            row.status, row.done_at, row.locked_until, row.last_error = Outbox.Status.DONE, clock.now(), None, ""
            row.save(update_fields=["status", "done_at", "locked_until", "last_error"])
    except Exception as error:
        row.refresh_from_db()
        row.locked_until = None
        row.not_before = clock.now() + dt.timedelta(minutes=2**row.attempts)
        row.last_error = f"{type(error).__name__}: {error}"[:2000]
        if row.attempts >= ATTEMPTS:
            row.status = Outbox.Status.DEAD
        row.save(update_fields=["locked_until", "not_before", "last_error", "status"])
        raise
    return True


def due(limit: int = 500, *, messages: bool | None = None) -> list[tuple[str, str]]:
    """The (kind, key) of deliveries that wait and are due, longest first: all, or ``messages`` alone, or the others."""
    return _due({None: Q(), True: Q(kind=MESSAGE), False: ~Q(kind__in=_UNHURRIED)}[messages], limit)


def make_messages(limit: int = 500) -> int:
    """Work out whom to tell of the records that wait for it; returns of how many that was done. One that fails hurts no
    other: the failure is stored in its row.
    """
    made = 0
    for kind, key in _due(Q(kind=TELLING), limit):
        try:
            made += deliver(kind, key)
        except Exception:
            log.exception("whom to tell of %s could not be worked out", key)
    return made


def _due(among: Q, limit: int) -> list[tuple[str, str]]:
    moment = clock.now()
    return list(
        Outbox.objects.filter(among, status=Outbox.Status.WAITING, not_before__lte=moment)
        .exclude(locked_until__gt=moment)
        .order_by("not_before", "pk")
        .values_list("kind", "key")[:limit]
    )
