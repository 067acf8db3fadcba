"""The server under measurement, and the processor time of its processes and of PostgreSQL's backends."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from appraisal_portal import services
from appraisal_portal.home.benchmark.load import HOST

WORKERS = 2
READY_SECONDS = 60
STOP_SECONDS = 40
"""gunicorn gives its workers thirty for the request under way."""


class ServerError(Exception):
    """The server cannot be measured; the text says why."""


def free_port() -> int:
    """A port nobody listens on: a server left over from another run would be measured instead."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def need_free(port: int) -> None:
    """ServerError when somebody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise ServerError(f"port {port} is in use: a server left there would be measured instead") from None


@contextmanager
def running(port: int, log: Path, *, clock_offset: float = 0) -> Iterator["Server"]:
    """gunicorn as in the demonstration, with the yardsticks beside the portal, on a clock so many seconds ahead."""
    need_free(port)
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "appraisal_portal.home.benchmark.settings",
        "LOG_LEVEL": "WARNING",
        "PORTAL_CLOCK_OFFSET": str(round(clock_offset)),
    }
    command = [sys.executable, "-m", "gunicorn", "appraisal_portal.wsgi", "--bind", f"{HOST}:{port}"]
    command += ["--workers", str(WORKERS), "--preload", "--no-control-socket", "--log-level", "warning"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*services.dying_with_parent("TERM"), *command],
            env=environ,
            cwd=settings.BASE_DIR,
            stdout=out,
            stderr=out,
        )
    try:
        server = Server(process, port, log)
        server.wait()
        yield server
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


class Server:
    """The running gunicorn: its processes, and what they have used so far."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process, self.port, self.log = process, port, log

    def wait(self) -> None:
        """Return when it accepts connections."""
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                socket.create_connection((HOST, self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise ServerError("the server did not start:\n" + self.log.read_text(errors="replace")[-2000:])

    def processor_seconds(self) -> float:
        """Of the master and its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return sum(used(int(pid)) for pid in [self.process.pid, *children])


def backends() -> list[int]:
    """The process numbers of PostgreSQL's backends, our own aside; none when it runs on another machine."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        pids = [int(row[0]) for row in cursor.fetchall()]
    return [pid for pid in pids if _is_postgres(pid)]


def used(pid: int) -> float:
    """Seconds on the processor of a process with one thread, to the nanosecond (``stat`` counts in hundredths)."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def used_here(work: Callable[[], Any]) -> float:
    """Seconds of processor this process and its own backend of PostgreSQL take for the work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    before = time.process_time() + used(backend)
    work()
    return time.process_time() + used(backend) - before


def _is_postgres(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"
    except FileNotFoundError:
        return False
