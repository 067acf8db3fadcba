"""Check of the hash chain: an edit, a deletion, an insertion or a swap shows at its exact place. And its daily heads.

A daily head is the hash of a day's last entry. Nobody knows it before 24:00, and whoever wrote it down can tell later
whether the chain up to that day is still the same.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.db import transaction

from appraisal_portal.kernel import clock, sweeps
from appraisal_portal.kernel.models import ChainEntry, ChainHead, DailyHead


@dataclass(frozen=True)
class Broken:
    """The first place where the chain does not hold."""

    seq: int
    why: str


def verify(start: int = 1, prev: str = "") -> Broken | None:
    """Walk the chain from ``start`` (whose predecessor's hash is ``prev``) to the head; None when it holds.

    A tail cut off together with the head row is not visible here; it needs a head published outside.
    """
    expected = start
    for entry in ChainEntry.objects.filter(seq__gte=start).order_by("seq").iterator(chunk_size=5000):
        if entry.seq != expected:
            return Broken(expected, "entry missing")
        if entry.prev != prev:
            return Broken(entry.seq, "does not follow its predecessor")
        if hashlib.sha256((prev + entry.payload).encode()).hexdigest() != entry.hash:
            return Broken(entry.seq, "payload changed")
        prev, expected = entry.hash, expected + 1
    head = ChainHead.objects.filter(pk=1).first()
    if head and (head.seq, head.hash) != (expected - 1, prev):
        return Broken(expected, "head does not match the last entry")
    return None


SETTLED_AFTER = dt.timedelta(minutes=10)
"""So long after 24:00 an act of the day may still be waiting for its commit: a statement takes five minutes at most."""

_LAST = """
    SELECT seq, hash FROM kernel_chainentry WHERE payload::jsonb ->> 'at' < %s ORDER BY seq DESC LIMIT 1
"""


def daily_head(day: dt.date) -> DailyHead | None:
    """The head of a day that is over, fixed when it is first asked for; None before that, or while nothing is linked.

    Reads backwards from the head, so only entries made since that day are looked at.
    """
    there = DailyHead.objects.filter(day=day).first()
    end = clock.end_of_day(day)
    if there is not None or clock.now() < end + SETTLED_AFTER:
        return there
    until = end.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    last = next(iter(ChainEntry.objects.raw(_LAST, [until])), None)
    if last is None:
        return None
    with transaction.atomic():
        DailyHead.objects.bulk_create([DailyHead(day=day, seq=last.seq, hash=last.hash)], ignore_conflicts=True)
    return DailyHead.objects.get(day=day)


def holds(head: DailyHead) -> bool:
    """Whether the chain still has that entry at that place."""
    return ChainEntry.objects.filter(seq=head.seq, hash=head.hash).exists()


def place_of(record: object) -> int:
    """The place of a transition record in the chain."""
    where = {"table_name": record._meta.db_table, "record_id": record.pk}  # type: ignore[attr-defined]
    return ChainEntry.objects.values_list("seq", flat=True).get(**where)


@sweeps.register("daily heads of the chain")
def sweep_daily_heads() -> int:
    """Fix the heads of the days that are over, since the last one fixed; at first only yesterday's."""
    yesterday = clock.today() - dt.timedelta(days=1)
    last = DailyHead.objects.order_by("-day").values_list("day", flat=True).first()
    day = last + dt.timedelta(days=1) if last else yesterday
    done = 0
    while day <= yesterday and daily_head(day) is not None:
        day, done = day + dt.timedelta(days=1), done + 1
    return done
