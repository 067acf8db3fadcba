"""What changed between two contents the bureau decides on, in words a page can show."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from appraisal_portal.kernel.approvals import canonical


@dataclass(frozen=True)
class Difference:
    """One entry that differs; ``before`` or ``after`` is None where it did not exist."""

    path: str
    before: str | None
    after: str | None


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{path} › {key}" if path else key)
    elif isinstance(value, list):
        for place, inner in enumerate(value, 1):
            yield from _flat(inner, f"{path} {place}")
    else:
        yield path, "" if value is None else str(value)


def differences(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[Difference]:
    """Entries that differ between two contents (either may be None), in the order of the later one."""
    old, new = dict(_flat(canonical(before or {}))), dict(_flat(canonical(after or {})))
    names = [*new, *(name for name in old if name not in new)]
    return [Difference(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]
