"""What is due now? Run by beat, at each worker start and by ``manage.py sweep``; carries no state, so a missed night
repairs itself."""

import logging
from collections.abc import Callable

from django.db import DatabaseError

log = logging.getLogger(__name__)
_sweeps: dict[str, Callable[[], int]] = {}
_at_web_start: list[str] = []


def register(name: str, *, at_web_start: bool = False) -> Callable[[Callable[[], int]], Callable[[], int]]:
    """Register a function that does whatever is due of its kind and returns how many it did; it must be repeatable.

    ``at_web_start``: it clears something that lies on the web host itself, so each web process runs it when it starts.
    """

    def wrap(function: Callable[[], int]) -> Callable[[], int]:
        _sweeps[name] = function
        if at_web_start:
            _at_web_start.append(name)
        return function

    return wrap


def names() -> list[str]:
    """The registered sweeps in the order of registration."""
    return list(_sweeps)


def run(name: str) -> int:
    """Run one sweep."""
    return _sweeps[name]()


def run_at_web_start() -> int:
    """Run what concerns this host. A database or a folder that cannot be reached yet does not keep the site from
    starting: beat sweeps again."""
    done = 0
    for name in _at_web_start:
        try:
            done += run(name)
        except (DatabaseError, OSError):
            log.warning("sweep %s could not run at the start", name, exc_info=True)
    return done
