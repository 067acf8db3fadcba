"""The embedded servers: second start, left-overs of a killed one, long and Chinese paths."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psycopg
import pytest

from appraisal_portal import services

LONG = "职称评审管理服务平台演示数据" * 5


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder: pytest's own are longer than a socket path may be."""
    path = Path(tempfile.mkdtemp(prefix="portal-run-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def running(folder: Path) -> Iterator[services.Services]:
    own = services.Services(folder, lasting=True)
    own.start()
    yield own
    own.stop()


def ask(folder: Path, query: str) -> object:
    url = services.addresses(folder)["DATABASE_URL"]
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def test_chinese_text_has_trigrams(running: services.Services) -> None:
    with psycopg.connect(services.addresses(running.base)["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("create extension pg_trgm")
        row = connection.execute("select show_trgm('丽水')").fetchone()
    assert row is not None
    assert row[0]


def test_second_start_names_the_address_and_harms_nothing(folder: Path) -> None:
    first = services.Services(folder, lasting=True)
    first.claim("http://127.0.0.1:8000/")
    first.start()
    try:
        with pytest.raises(services.ServicesError, match="open http://127.0.0.1:8000/, or end it with Ctrl-C"):
            services.Services(folder, lasting=True).start()
        assert ask(folder, "select 1") == 1
    finally:
        first.stop()


def test_rows_outlive_a_restart(folder: Path) -> None:
    for expected in (1, 2):
        own = services.Services(folder, lasting=True)
        own.start()
        try:
            with psycopg.connect(services.addresses(folder)["DATABASE_URL"], autocommit=True) as connection:
                connection.execute("create table if not exists starts (at timestamptz default now())")
                connection.execute("insert into starts default values")
            assert ask(folder, "select count(*) from starts") == expected
        finally:
            own.stop()


def test_stale_pid_of_a_foreign_process_is_cleared_and_the_process_left_alone(folder: Path) -> None:
    own = services.Services(folder, lasting=True)
    own.start()
    own.stop()
    with subprocess.Popen(["sleep", "60"]) as foreign:
        (own.data / "postmaster.pid").write_text(f"{foreign.pid}\n{own.data}\n")
        own.start()
        try:
            assert ask(folder, "select 1") == 1
            assert foreign.poll() is None
        finally:
            own.stop()
            foreign.kill()


@pytest.mark.parametrize("content", ["", "no number", "0"])
def test_a_broken_pid_file_is_cleared(folder: Path, content: str) -> None:
    pid_file = folder / "valkey.pid"
    pid_file.write_text(content)
    services._end_orphan(pid_file, folder, signal.SIGTERM)
    assert not pid_file.exists()


def test_an_orphan_working_in_the_folder_is_ended(folder: Path) -> None:
    pid_file = folder / "valkey.pid"
    with subprocess.Popen(["sleep", "60"], cwd=folder) as orphan:
        pid_file.write_text(str(orphan.pid))
        services._end_orphan(pid_file, folder, signal.SIGTERM)
        assert orphan.wait(5) == -signal.SIGTERM
    assert not pid_file.exists()


def test_kill_nine_leaves_nothing_and_the_next_start_works(folder: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from appraisal_portal.services import Services;"
        "own = Services(Path(sys.argv[1]), lasting=True); own.start();"
        "print(*(p.pid for p in own.processes.values()), flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        pids = [int(pid) for pid in supervisor.stdout.readline().split()]
        supervisor.kill()
    assert len(pids) == 2
    own = services.Services(folder, lasting=True)
    own.start()
    try:
        assert ask(folder, "select 1") == 1
        assert not [pid for pid in pids if alive(pid)]
    finally:
        own.stop()


def alive(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def test_a_long_chinese_path_works(folder: Path) -> None:
    base = folder / LONG
    own = services.Services(base, lasting=False)
    own.start()
    try:
        assert len(os.fsencode(own.sockets / ".s.PGSQL.5432")) <= 107
        assert ask(base, "select 1") == 1
    finally:
        own.stop()
    assert not own.sockets.exists()


def test_a_folder_of_somebody_else_is_refused(folder: Path) -> None:
    own = services.Services(folder / LONG, lasting=False)
    own.sockets.symlink_to(folder)
    try:
        with pytest.raises(services.ServicesError, match="belongs to somebody else"):
            own.start()
    finally:
        own.sockets.unlink(missing_ok=True)


def test_a_server_that_ends_says_its_last_line(folder: Path) -> None:
    own = services.Services(folder, lasting=True)
    own.start()
    own.stop()
    (own.data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(services.ServicesError, match="postgres did not start.*contains errors"):
        own.start()
    assert not own.processes


def test_throwaway_leaves_nothing() -> None:
    with services.throwaway() as environ:
        base = Path(environ["PORTAL_DATA_DIR"])
        assert base.is_dir()
    assert not base.exists()


def test_with_services_runs_the_same_line_again(folder: Path) -> None:
    script = folder / "manage.py"
    script.write_text(
        "import os, sys\n"
        "from appraisal_portal import services\n"
        "if sys.argv[1] == 'migrate': print('migrated', flush=True); sys.exit()\n"
        "services.with_services()\n"
        "print('ran', *sys.argv[1:], services.given(), flush=True)\n"
        "sys.exit(7)\n"
    )
    environ = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    environ["PYTHONPATH"] = str(Path(services.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, script, "bench", "--check"], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 7, done.stderr
    assert done.stdout.split("\n")[:2] == ["migrated", "ran bench --check True"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user for PostgreSQL")
def test_root_without_user_namespaces_runs_it_as_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_runs", without("unshare"))
    own = services.Services(folder, lasting=True)
    own.start()
    try:
        assert ask(folder, "select 1") == 1
        assert own.data.stat().st_uid == services.NOBODY
    finally:
        own.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user for PostgreSQL")
def test_root_whose_folder_nobody_can_reach_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_runs", without("unshare", "setpriv"))
    with pytest.raises(services.ServicesError, match="start as an ordinary user, or move the checkout out of /root"):
        services.Services(folder, lasting=True).start()


def without(*programs: str) -> Callable[[Sequence[str]], bool]:
    """`services._runs` on a machine where these programs do not work."""
    real = services._runs
    return lambda command: command[0] not in programs and real(command)
