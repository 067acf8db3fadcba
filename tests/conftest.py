"""Fixtures of every test: the clock, the browser, files in a folder of their own."""

import datetime as dt
import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils import translation
from xdist.scheduler import LoadScopeScheduling

from appraisal_portal import bootstrap
from appraisal_portal.kernel import clock as portal_clock
from tests import rows, stage

# Playwright's synchronous interface runs an event loop in the test's own thread; the ORM is right to be wary, but the
# loop never runs while a query does.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Worlds of a thousand rows live for a whole run: to walk through them at every turn costs a twentieth of its time.
gc.set_threshold(100_000, 50, 100)
# No file of a test need outlive a power cut; with the disk busy each waits for it twice.
os.fsync = lambda descriptor: None

BROWSER = bootstrap.browser()
NO_BROWSER = "no Chromium is installed (as root: apt-get install chromium)"
BROWSER_FIXTURES = {"page", "context", "browser", "new_context"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use a browser; without one they are skipped, and fail where CI promises one.

    Journeys come first, then the matrix, then what is marked slow: few tests that take long, and a core that begins
    one last lets the others wait.
    """
    items.sort(key=_how_late)
    for item in items:
        if not BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            continue
        item.add_marker(pytest.mark.browser)
        if BROWSER is None and os.environ.get("CI", "").lower() != "true":
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def _how_late(item: pytest.Item) -> tuple[bool, bool, bool]:
    folders = Path(item.nodeid.split("::")[0]).parts
    return "journeys" not in folders, "matrix" not in folders, item.get_closest_marker("slow") is None


class _Files(LoadScopeScheduling):
    """One process takes a file as a whole, and the matrix as a whole: its world takes forty seconds to tell.

    The marks of ``--dist loadgroup`` would say the same, but pytest-xdist 3.8 writes them into a name that pytest 9.2
    no longer reads; each test went to whichever process was free, and every process told every world.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "matrix" if "/matrix/" in file else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _Files:
    """How the tests are shared among the processes."""
    return _Files(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Whatever stood for the tests before is taken back before anything of this test begins."""
    stage.clear_for(item)


@pytest.fixture
def _kept_world(request: pytest.FixtureRequest, django_db_blocker: Any) -> None:
    call = stage.wanted_by(request.node)
    if call is not None:
        request.getfixturevalue("django_db_setup")
        stage.STAGE.build(call, django_db_blocker)


@pytest.fixture
def _django_db_helper(_kept_world: None, _django_db_helper: None) -> None:
    """The world a test begins with stands before pytest-django opens the test's own savepoint."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Debian's Chromium; as root it starts only without its sandbox."""
    if BROWSER is None:
        pytest.fail(NO_BROWSER)
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return {**browser_type_launch_args, "executable_path": BROWSER, "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """A visitor of Lishui: Chinese, in Shanghai's time."""
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def clock() -> Iterator[Callable[[dt.datetime | dt.date], dt.datetime]]:
    """Stand on another day for the rest of the test: `clock(date(2026, 5, 6))`; again to travel on."""
    with ExitStack() as stack:
        yield lambda to: stack.enter_context(portal_clock.travel(to))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Nobody asks for Django's own permissions; they would be written anew after every test that commits."""
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Threads and servers of tests may still hold a session when everything is over: it must not keep the database."""
    with django_db_blocker.unblock():
        connection.ops.sql_flush = rows.emptying  # type: ignore[method-assign]
    yield
    # Where the browser's event loop ran and is over, the world stands in another connection: it ends with that below.
    if connection.in_atomic_block:
        stage.STAGE.clear()
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        cursor.execute(f"SELECT pg_terminate_backend(pid) {others}")


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    """A request leaves its language behind in the thread; every test begins in Chinese."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture(autouse=True)
def _own_media(settings: object, tmp_path: Path, _kept_world: None) -> None:
    """Stored files of one test are gone before the next."""
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    stage.files_into(tmp_path / "media")
    settings.PORTAL_BALLOT_KEYS = tmp_path / "ballot-keys"  # type: ignore[attr-defined]
