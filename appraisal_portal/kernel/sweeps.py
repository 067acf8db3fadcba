"""What is due now? Run by beat, at each worker start and by ``manage.py sweep``; carries no state, so a missed night
repairs itself."""

from collections.abc import Callable

_sweeps: dict[str, Callable[[], int]] = {}


def register(name: str) -> Callable[[Callable[[], int]], Callable[[], int]]:
    """Register a function that does whatever is due of its kind and returns how many it did; it must be repeatable."""

    def wrap(function: Callable[[], int]) -> Callable[[], int]:
        _sweeps[name] = function
        return function

    return wrap


def names() -> list[str]:
    """The registered sweeps in the order of registration."""
    return list(_sweeps)


def run(name: str) -> int:
    """Run one sweep."""
    return _sweeps[name]()
