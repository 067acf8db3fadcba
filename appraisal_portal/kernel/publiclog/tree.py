"""Where the hashes of the Merkle tree stand, and which of them a root or a proof is made of (RFC 9162 §2.1). Pure.

The hash of every complete part of the tree is stored once, under one number: the in-order number of its root, so leaf
``n`` has ``2 n`` and what stands above two parts has the number between them. It never changes when lines are added.
"""

from collections.abc import Mapping, Sequence

from .check_log import leaf_hash, node_hash

Range = tuple[int, int]
"""Leaves from the first up to, not including, the second."""


def number_of(level: int, position: int) -> int:
    """The number of the part of ``2 ** level`` leaves that is the ``position``-th of its size."""
    return (position << (level + 1)) + (1 << level) - 1


def parts(start: int, end: int) -> list[int]:
    """The numbers of the complete parts a range is made of, left to right, largest first. ``start`` is a multiple of
    the size of the first."""
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append(number_of(level, start >> level))
        start += 1 << level
    return found


def grown(size: int, peaks: Mapping[int, bytes], lines: Sequence[bytes]) -> dict[int, bytes]:
    """The hashes that come to stand when ``lines`` are added to a tree of ``size`` lines. ``peaks``: the hashes of
    ``parts(0, size)``."""
    known, new = dict(peaks), {}
    for place, line in enumerate(lines, size):
        number, found = number_of(0, place), leaf_hash(line)
        known[number] = new[number] = found
        level = 0
        while (place >> level) & 1:  # the second of two equal parts: now both are one
            found = node_hash(known[number_of(level, (place >> level) - 1)], found)
            level += 1
            number = number_of(level, place >> level)
            known[number] = new[number] = found
    return new


def joined(hashes: Sequence[bytes]) -> bytes:
    """The root over the parts of a range, left to right."""
    found = hashes[-1]
    for left in reversed(hashes[:-1]):
        found = node_hash(left, found)
    return found


def inclusion(place: int, size: int) -> list[Range]:
    """The ranges whose roots prove that a line stands at ``place`` among ``size`` lines, from the leaf upwards."""
    found, start, end = [], 0, size
    while end - start > 1:
        middle = start + _half(end - start)
        if place < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency(first: int, second: int) -> list[Range]:
    """The ranges whose roots prove that the tree of ``second`` lines begins with that of ``first`` lines."""
    found, start, end = [], 0, second
    while end != first:
        middle = start + _half(end - start)
        if first <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    if start:
        found.append((start, end))
    return found[::-1]


def _half(length: int) -> int:
    """The largest power of two below ``length`` (2 or more)."""
    return 1 << ((length - 1).bit_length() - 1)
