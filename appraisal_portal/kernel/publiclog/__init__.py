"""The public log (公开日志): one line for all the portal made public, in a Merkle tree whose head anybody can keep.

A line says what kind of thing it was, when it was logged, and a commitment to what was published: SHA-256 of a random
salt and the content. It tells a stranger nothing about a person, not even to somebody who guesses names; whoever is
shown the content (on a list, on the check of a certificate) is given the salt and the path to the root with it.

The lines are made by a sweep that follows the hash chain of the transition records (``kernel/chain.py``): each link
is looked at once, in the order of the commits, under one lock. So none is left out, none comes twice, whichever code
made the transition and however many sweeps run, and a portal that is upgraded takes in its past by itself.
A stage says with :func:`register` which of its transitions are published.
"""

import datetime as dt
import json
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from appraisal_portal.kernel import clock, issuer, sweeps
from appraisal_portal.kernel.models import (
    ChainEntry,
    ChainHead,
    LogEntry,
    LogHead,
    LogNode,
    LogSignature,
    LogState,
)
from appraisal_portal.kernel.records import TransitionRecord
from appraisal_portal.kernel.signing import compact
from appraisal_portal.kernel.signing.keys import KeyMissing

from . import tree
from .check_log import commitment

HEAD_TYPE = "log-head+jwt"
"""``typ`` of a signed head: it cannot be taken for anything else the key signs."""
log = logging.getLogger(__name__)
LINKS = 5000
"""Links of the chain looked at in one transaction."""


@dataclass(frozen=True)
class Fact:
    """What a transition made public: the row it is about, everything that was published of it, and what may stand
    in the line itself (the number of a document, never a word about a person)."""

    subject_id: int
    content: Mapping[str, Any]
    ref: str = ""


@dataclass(frozen=True)
class Head:
    """Lines and root; ``day`` of a daily head, None for the tree as it is now."""

    size: int
    root: str
    day: dt.date | None = None


Publish = Callable[[Any], Fact]
_kinds: dict[tuple[str, str], tuple[str, type[TransitionRecord], Publish]] = {}


def register(kind: str, record_model: type[TransitionRecord], transition: str, publish: Publish) -> None:
    """Log this transition. ``publish(record)`` says what it made public, from rows that do not change any more."""
    _kinds[record_model._meta.db_table, transition] = (kind, record_model, publish)


@sweeps.register("public log")
def sweep() -> int:
    """Fix the heads of the days that are over, then log what was published since. Returns the number of lines."""
    done = 0
    while (added := _follow()) is not None:
        done += added
    return done


@transaction.atomic
def _follow() -> int | None:
    """Look at the next links; None when there are none."""
    LogState.objects.get_or_create(pk=1, defaults={"size": 0, "chain_seq": 0})
    state = LogState.objects.select_for_update().get(pk=1)
    _fix_heads(state)
    last = ChainHead.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
    if last <= state.chain_seq:
        return None
    until = min(last, state.chain_seq + LINKS)
    links = ChainEntry.objects.filter(seq__gt=state.chain_seq, seq__lte=until)
    links = links.filter(table_name__in={table for table, _transition in _kinds}).order_by("seq")
    facts = [fact for link in links if (fact := _fact(link)) is not None]
    _append(state, facts)
    state.size, state.chain_seq = state.size + len(facts), until
    state.save()
    return len(facts)


def _fact(link: ChainEntry) -> tuple[str, Fact] | None:
    transition = json.loads(link.payload)["transition"]
    if (link.table_name, transition) not in _kinds:
        return None
    kind, record_model, publish = _kinds[link.table_name, transition]
    return kind, publish(record_model._default_manager.get(pk=link.record_id))


def canonical(value: Mapping[str, Any]) -> str:
    """JSON as it is hashed: keys in order, no blanks, Chinese as Chinese."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def _append(state: LogState, facts: Sequence[tuple[str, Fact]]) -> None:
    if not facts:
        return
    at = clock.now().astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    rows = []
    for place, (kind, fact) in enumerate(facts, state.size):
        salt, content = secrets.token_hex(16), canonical(fact.content)
        said = {"kind": kind, "at": at, "commitment": commitment(salt, content)}
        line = canonical({**said, "ref": fact.ref} if fact.ref else said)
        rows.append(LogEntry(place=place, kind=kind, subject_id=fact.subject_id, line=line, salt=salt, content=content))
    peaks = _hashes(tree.parts(0, state.size))
    new = tree.grown(state.size, peaks, [row.line.encode() for row in rows])
    LogEntry.objects.bulk_create(rows, batch_size=1000)
    LogNode.objects.bulk_create(
        [LogNode(number=number, hash=found.hex()) for number, found in new.items()], batch_size=1000
    )


def _fix_heads(state: LogState) -> None:
    """The tree did not grow since the last sweep; so it stands now as it stood at the end of every day in between."""
    if not state.size:
        return
    last = LogHead.objects.order_by("-day").values_list("day", flat=True).first()
    day = last + dt.timedelta(days=1) if last else _first_day()
    if day < clock.today():
        root = _root(state.size)
        days = [day + dt.timedelta(days=n) for n in range((clock.today() - day).days)]
        LogHead.objects.bulk_create(LogHead(day=day, size=state.size, root=root) for day in days)


@sweeps.register("signatures of the public log")
def sign_heads() -> int:
    """Sign the daily heads that are not yet; without a key they wait. Returns how many were signed."""
    waiting = list(LogHead.objects.filter(signature=None).order_by("day")[:LINKS])
    if not waiting or not compact.is_set_up():
        return 0
    try:
        key = issuer.publish(compact.portal_key())
        signed = [
            LogSignature(head=head, key=key, jws=compact.sign(head_said(head), typ=HEAD_TYPE)) for head in waiting
        ]
    except KeyMissing:
        log.warning("the heads of the public log wait for a key", exc_info=True)
        return 0
    LogSignature.objects.bulk_create(signed, ignore_conflicts=True)  # another sweep may have been faster
    return len(signed)


def head_said(head: LogHead) -> dict[str, Any]:
    """What is published, and signed, of a daily head."""
    return {"day": head.day.isoformat(), "size": head.size, "root": head.root}


def _first_day() -> dt.date:
    said = json.loads(LogEntry.objects.values_list("line", flat=True).get(place=0))["at"]
    return clock.local(dt.datetime.fromisoformat(said)).date()


def _hashes(numbers: Sequence[int]) -> dict[int, bytes]:
    rows = LogNode.objects.filter(number__in=numbers).values_list("number", "hash")
    return {number: bytes.fromhex(found) for number, found in rows}


def _root(size: int) -> str:
    numbers = tree.parts(0, size)
    found = _hashes(numbers)
    return tree.joined([found[number] for number in numbers]).hex()


def _roots(ranges: Sequence[tree.Range]) -> list[str]:
    """The roots of ranges, hexadecimal, in one query."""
    numbers = [tree.parts(start, end) for start, end in ranges]
    found = _hashes([number for part in numbers for number in part])
    return [tree.joined([found[number] for number in part]).hex() for part in numbers]


def size() -> int:
    """Lines now."""
    return LogState.objects.filter(pk=1).values_list("size", flat=True).first() or 0


def daily_heads() -> models.QuerySet[LogHead]:
    """The daily heads, newest first."""
    return LogHead.objects.order_by("-day")


def latest_head() -> LogHead | None:
    """The newest daily head: what the front page and the letters say."""
    return daily_heads().first()


def printed_head() -> dict[str, str]:
    """Day, size and root of the newest daily head for ``documents/base_letter.html``; empty before the first."""
    head = latest_head()
    return {"day": head.day.isoformat(), "size": str(head.size), "root": head.root} if head else {}


def head_for(place: int) -> Head:
    """The first daily head that covers a line, else the tree as it is now."""
    daily = LogHead.objects.filter(size__gt=place).order_by("day").first()
    if daily is not None:
        return Head(daily.size, daily.root, daily.day)
    now = size()
    return Head(now, _root(now))


def entry_of(kind: str, subject_id: int) -> LogEntry | None:
    """The line about a row, None before the sweep came by."""
    return LogEntry.objects.filter(kind=kind, subject_id=subject_id).first()


def proof(entry: LogEntry) -> dict[str, Any]:
    """What ``check_log.py proof`` reads: the line, the content and salt of its commitment, the path to a head."""
    head = head_for(entry.place)
    return {
        "entry": entry.line,
        "content": entry.content,
        "salt": entry.salt,
        "place": entry.place,
        "size": head.size,
        "root": head.root,
        "day": head.day.isoformat() if head.day else None,
        "path": _roots(tree.inclusion(entry.place, head.size)),
    }


def consistency(first: int, second: int) -> dict[str, Any]:
    """What ``check_log.py consistency`` reads. ``1 <= first <= second <= size()``."""
    return {
        "first": {"size": first, "root": _root(first)},
        "second": {"size": second, "root": _root(second)},
        "path": _roots(tree.consistency(first, second)) if first < second else [],
    }
