"""Keys of open rounds (票箱密钥): 32 random bytes in a 0600 file on tmpfs, in no database, log or backup.

Every web process must reach the folder ``PORTAL_BALLOT_KEYS``. Written before the round's row is committed, destroyed
after the commit of its seal or voiding; what a crash leaves in between is destroyed by :func:`sweep`.
"""

import os
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

BYTES = 32


def folder() -> Path:
    """The folder of the keys, made for this user alone. Raises PermissionError when it belongs to somebody else."""
    place = Path(settings.PORTAL_BALLOT_KEYS)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    if place.is_symlink() or place.stat().st_uid != os.geteuid():
        raise PermissionError(f"{place} belongs to somebody else")
    return place


def _write(name: str, content: bytes) -> None:
    path = folder() / name
    path.unlink(missing_ok=True)  # of an opening that was rolled back
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)


def create(round_pk: int) -> bytes:
    """A fresh key for a round that is about to open."""
    key = secrets.token_bytes(BYTES)
    _write(str(round_pk), key)
    return key


def read(round_pk: int) -> bytes | None:
    """The key of an open round; None when it is not on this machine (sealed, or lost with a reboot)."""
    try:
        key = (folder() / str(round_pk)).read_bytes()
    except FileNotFoundError:
        return None
    return key if len(key) == BYTES else None


def destroy(round_pk: int) -> bool:
    """Remove the key; whether there was one. On tmpfs nothing of it remains anywhere."""
    path = folder() / str(round_pk)
    existed = path.exists()
    path.unlink(missing_ok=True)
    return existed


def age(round_pk: int) -> float:
    """Seconds since the key was written; 0 when it has just been destroyed."""
    try:
        return time.time() - (folder() / str(round_pk)).stat().st_mtime
    except FileNotFoundError:
        return 0.0


def kept() -> list[int]:
    """The rounds whose keys lie in the folder."""
    return sorted(int(path.name) for path in folder().iterdir() if path.name.isdigit())


def sweep(over: Iterable[int]) -> int:
    """Destroy the keys of rounds that are over; how many there were."""
    return sum(destroy(round_pk) for round_pk in over)
