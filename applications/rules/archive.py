"""When an entry of the personal archive (个人业绩库) still says what was verified."""

import hashlib
from collections.abc import Iterable
from typing import Any

FIELDS = ("kind", "title", "role", "rank", "reached_on", "level")
"""What an entry and a declaration's row have in common; "before the present title" depends on the declaration."""


def same_claim(entry: Any, row: Any) -> bool:
    """Whether both say the same, field by field."""
    return all(getattr(entry, name) == getattr(row, name) for name in FIELDS)


def files_sha256(hashes: Iterable[str]) -> str:
    """One hash for the files of an entry: the file's own where there is one, else of the sorted hashes, one a line."""
    found = sorted(hashes)
    if len(found) == 1:
        return found[0]
    return hashlib.sha256("\n".join(found).encode()).hexdigest() if found else ""
