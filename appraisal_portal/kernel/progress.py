"""How far long work has come: whoever does it counts, whoever started it listens; without a listener nothing is kept.

The count goes down through the call by a context variable, so that a renderer need not know who waits for its rows.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Row = TypeVar("Row")

EVERY = 200
"""Told at least once in so many rows."""

Listener = Callable[[int, int], None]


class _Count:
    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.done = self.total = 0

    def tell(self) -> None:
        self.listener(self.done, self.total)


_listening: ContextVar[_Count | None] = ContextVar("progress", default=None)


@contextmanager
def told_to(listener: Listener) -> Iterator[None]:
    """Within the block `listener(rows done, rows of all)` hears how far it has come."""
    token = _listening.set(_Count(listener))
    try:
        yield
    finally:
        _listening.reset(token)


def expect(rows: int) -> None:
    """So many rows will be counted in all; may be said again when more is known."""
    count = _listening.get()
    if count is not None:
        count.total = rows
        count.tell()


def counted(rows: Iterable[Row]) -> Iterator[Row]:
    """The same rows, each counted as it is taken."""
    count = _listening.get()
    if count is None:
        yield from rows
        return
    for row in rows:
        yield row
        count.done += 1
        if count.done % EVERY == 0:
            count.tell()
    count.tell()
