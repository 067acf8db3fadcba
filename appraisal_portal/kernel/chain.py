"""Check of the hash chain: an edit, a deletion, an insertion or a swap shows at its exact place."""

import hashlib
from dataclasses import dataclass

from appraisal_portal.kernel.models import ChainEntry, ChainHead


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
