"""The rows and files of a world, read once and written again wherever the same world is built in empty tables.

A factory wears ``@ground`` where many larger worlds begin with it: a city, its cycle, a meeting. Told step by step they
take seconds, written again a tenth of one.
"""

import copy
import datetime as dt
import shutil
import tempfile
from collections.abc import Callable
from functools import cache as once
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import translation

from appraisal_portal.accounts.models import Organisation
from appraisal_portal.kernel import clock as portal_clock

P = ParamSpec("P")
R = TypeVar("R")

FOLDERS = ("MEDIA_ROOT", "PORTAL_BALLOT_KEYS")
"""The settings that name a folder with files of a world."""


class Written:
    """One world as it stands now: every row, the files that were not there ``before``, what the factory gave."""

    def __init__(self, made: Any, before: frozenset[Path] = frozenset()) -> None:
        self._made = copy.deepcopy(made)
        self._folder = tempfile.TemporaryDirectory(prefix="portal-rows-")
        for setting in FOLDERS:
            for file in files_now(setting) - before:
                _copy(file, Path(getattr(settings, setting)), Path(self._folder.name, setting))
        with connection.cursor() as cursor:
            _judge_now(cursor)
            self._tables = {name: _read(cursor, name) for name in filled()}
            cursor.execute(
                "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences WHERE last_value > 0"
            )
            self._sequences: list[tuple[str, int]] = cursor.fetchall()

    def stand(self) -> Any:
        """Rows and files as they were, in place of the few that every database holds; a copy of what was given."""
        cache.clear()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # rows of one moment: no trigger has a say
            for name in filled():
                cursor.execute(f'DELETE FROM "{name}"')
            for name, rows in self._tables.items():
                with cursor.copy(f'COPY "{name}" FROM STDIN (FORMAT binary)') as copied:
                    copied.write(rows)
            # Never back: keys of one test must not name what another one cached.
            later = (f"setval('{name}', greatest({last}, (SELECT last_value FROM {name})))"
                     for name, last in self._sequences)  # fmt: skip
            cursor.execute(f"SELECT {', '.join(later)}")
            cursor.execute("SET LOCAL session_replication_role = origin")  # where a larger transaction goes on
        for setting in FOLDERS:
            if (kept := Path(self._folder.name, setting)).exists():
                shutil.copytree(kept, getattr(settings, setting), dirs_exist_ok=True)
        return copy.deepcopy(self._made)


class _Begun(NamedTuple):
    """What a factory's call depends on, and the tables that were filled when it began."""

    factory: Callable[..., Any]
    args: tuple[Any, ...]
    options: tuple[tuple[str, Any], ...]
    moment: dt.datetime
    language: str | None
    committing: bool
    filled: frozenset[str]


_worlds: dict[_Begun, Written] = {}


def ground(factory: Callable[P, R]) -> Callable[P, R]:
    """A factory whose world is written again where nothing but it stands; else it is built here and now."""

    @wraps(factory)
    def given(*args: P.args, **kwargs: P.kwargs) -> R:
        if Organisation.objects.exists():
            return factory(*args, **kwargs)
        now = portal_clock.now()
        standing = portal_clock.now() == now
        begun = _Begun(
            factory, args, tuple(kwargs.items()), now if standing else now.replace(minute=0, second=0, microsecond=0),
            translation.get_language(), not connection.in_atomic_block, frozenset(filled()),
        )  # fmt: skip
        if begun in _worlds:
            return _worlds[begun].stand()  # type: ignore[no-any-return]
        before = frozenset[Path]().union(*map(files_now, FOLDERS))
        made = factory(*args, **kwargs)
        _worlds[begun] = Written(made, before)
        return made

    return given


def filled() -> list[str]:
    """The tables that hold rows: to touch all 240 takes the server half a second, to look a tenth of it."""
    with connection.cursor() as cursor:
        cursor.execute(_looking())
        return [name for [name] in cursor.fetchall()]


def files_now(setting: str) -> frozenset[Path]:
    """The files in the folder a setting names."""
    return frozenset(path for path in Path(getattr(settings, setting)).rglob("*") if path.is_file())


def emptying(_style: object, tables: list[str], **_options: bool) -> list[str]:
    """What empties the tables after a test that commits: only those with rows, so not a file of each of 240 is made
    anew, which takes the server a second a time."""
    names = ", ".join(f"'{name}'" for name in tables)
    return [
        f"""DO $$ DECLARE named text; filled boolean; BEGIN
            SET LOCAL session_replication_role = replica;
            FOREACH named IN ARRAY ARRAY[{names}]::text[] LOOP
                EXECUTE format('SELECT EXISTS (SELECT FROM %I)', named) INTO filled;
                IF filled THEN EXECUTE format('DELETE FROM %I', named); END IF;
            END LOOP; END $$"""
    ]


@once
def _looking() -> str:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    return " UNION ALL ".join(f"""SELECT '{name}' WHERE EXISTS (SELECT FROM "{name}")""" for name in names)


def _judge_now(cursor: Any) -> None:
    """Deferred triggers write their rows (the chain's links) before these are read; written again, none fires."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _read(cursor: Any, name: str) -> bytes:
    with cursor.copy(f'COPY "{name}" TO STDOUT (FORMAT binary)') as rows:
        return b"".join(bytes(part) for part in rows)


def _copy(file: Path, root: Path, to: Path) -> None:
    target = to / file.relative_to(root)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(file, target)
