"""Worlds that many tests begin with, built once and kept: each test works on a savepoint inside one open transaction.

A factory wears ``@kept``; a module names the call its tests begin with: ``pytestmark = [..., begins_with(a_line)]``.
The first test builds it, the tests that follow are given copies, until a test begins with something else or commits.
"""

import copy
import datetime as dt
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import override_settings
from django.utils import translation

from appraisal_portal.kernel import clock as portal_clock
from tests.rows import Written

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Call:
    """What is called, and on which day; on any when none is named."""

    factory: Callable[..., Any]
    args: tuple[Any, ...]
    options: tuple[tuple[str, Any], ...]
    on: dt.date | None


class _Stage:
    """What stands now: the call, what it made, the folder of its files."""

    def __init__(self) -> None:
        self.call: Call | None = None
        self.made: Any = None
        self.media: Path | None = None
        self._open = ExitStack()

    def build(self, call: "Call", blocker: Any) -> None:
        """Make another world stand; the one before is taken back."""
        if call == self.call:
            return
        self.clear()
        with ExitStack() as begun:
            folder = begun.enter_context(tempfile.TemporaryDirectory(prefix="portal-stage-"))
            begun.enter_context(blocker.unblock())
            begun.enter_context(_taken_back())
            media = Path(folder, "media")
            day = portal_clock.travel(call.on) if call.on else nullcontext()
            with translation.override("zh-hans"), override_settings(MEDIA_ROOT=media), day:
                made = call.factory(*call.args, **dict(call.options))
            stands()
            self._open = begun.pop_all()
        self.call, self.made, self.media = call, made, media

    def clear(self) -> None:
        """Nothing stands any more."""
        self.call = self.made = self.media = None
        self._open.close()


class _taken_back(ExitStack):
    """A transaction that always ends by being rolled back."""

    def __enter__(self) -> "_taken_back":
        super().__enter__()
        atomic = transaction.atomic()
        atomic._from_testcase = True  # type: ignore[attr-defined]  # durable blocks are allowed inside, as in TestCase
        self.enter_context(atomic)
        self.callback(transaction.set_rollback, True)
        return self


class _Rows:
    """Worlds that were committed: every row and file of each, written back for the next test that commits."""

    def __init__(self) -> None:
        self._worlds: dict[Call, Written] = {}

    def stand(self, call: Call) -> Any:
        """A copy of what the call makes; its rows stand in the (empty) tables, its files in ``MEDIA_ROOT``."""
        if call in self._worlds:
            return self._worlds[call].stand()
        cache.clear()
        made = call.factory(*call.args, **dict(call.options))
        self._worlds[call] = Written(made)
        return made


def stands() -> None:
    """The planner learns of the rows of what was built, which nobody else can count before they are committed (a page
    planned for empty tables once took ten seconds), and with it the foreign keys forget how they were looked up in
    empty tables; then deferred triggers judge what was built once, not at the end of every test."""
    with connection.cursor() as cursor:
        # What was written, however long it takes: clearing away what other tests left may hold a table.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL lock_timeout = 0")
        cursor.execute("SET LOCAL default_statistics_target = 10")
        cursor.execute("SELECT format('%I', relname) FROM pg_stat_xact_user_tables WHERE n_tup_ins > 0")
        if written := ", ".join(name for [name] in cursor.fetchall()):
            cursor.execute(f"ANALYZE {written}")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL default_statistics_target TO DEFAULT")
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


STAGE, ROWS = _Stage(), _Rows()


def kept(factory: Callable[P, R]) -> Callable[P, R]:
    """A factory whose world may stand already: a copy of it is given then, else it is built here and now."""

    @wraps(factory)
    def given(*args: P.args, **kwargs: P.kwargs) -> R:
        here = STAGE.call
        if here and here == Call(factory, args, tuple(kwargs.items()), here.on and portal_clock.today()):
            return copy.deepcopy(STAGE.made)  # type: ignore[no-any-return]
        return factory(*args, **kwargs)

    return given


def begins_with(
    factory: Callable[..., Any], *args: Any, on: dt.date | None = None, **options: Any
) -> pytest.MarkDecorator:
    """The mark of tests that begin with this call of a kept factory; ``on`` a day, where it depends on today."""
    call = Call(factory.__wrapped__, args, tuple(options.items()), on)  # type: ignore[attr-defined]
    return pytest.mark.begins_with(call)


def clear_for(item: pytest.Item) -> None:
    """Nothing may stand where a test commits, has a world of its class or begins with empty tables."""
    if wanted_by(item) is None and reads_tables(item):
        STAGE.clear()


def reads_tables(item: pytest.Item) -> bool:
    """Whether a test asks for the database at all; what stands neither helps nor disturbs one that does not."""
    asked = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") is not None
    return bool(asked) or marked or hasattr(getattr(item, "cls", None), "setUpTestData")


def wanted_by(item: pytest.Item) -> Any:
    """The call a test begins with; None for one that needs the tables for itself or reads none."""
    if not reads_tables(item):
        return None
    mark, database = item.get_closest_marker("begins_with"), item.get_closest_marker("django_db")
    committing = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    alone = committing or (database is not None and database.kwargs.get("transaction"))
    return mark.args[0] if mark and not alone and not hasattr(getattr(item, "cls", None), "setUpTestData") else None


def files_into(folder: Path) -> None:
    """The files of what stands, where a test may change them."""
    if STAGE.media is not None and STAGE.media.exists():
        shutil.copytree(STAGE.media, folder)
