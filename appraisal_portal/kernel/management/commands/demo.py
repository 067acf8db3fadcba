"""`manage.py demo`: services, migrations, the demonstration year, then web, worker and beat until Ctrl-C."""

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils.module_loading import import_string

from appraisal_portal import services
from appraisal_portal.kernel import clock

HOST = "127.0.0.1"
READY_SECONDS = 60
STOP_SECONDS = 10
WORKER_STATEMENT_TIMEOUT_MS = "300000"
SLOW_CLIENTS = ("--worker-class", "gthread", "--threads", "16", "--worker-connections", "16", "--keep-alive", "0")
"""Without a buffering proxy in front a slow upload holds a thread of these, not a worker (docs/operations.md).

No worker takes a connection it has no thread for: by default it takes up to a thousand, and who was taken by a worker
full of slow uploads waited for them although the other worker was free."""


class Command(BaseCommand):
    """Serve the demonstration until Ctrl-C."""

    help = "Serves the portal with its demonstration year until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (8000)")
        parser.add_argument("--day", type=dt.date.fromisoformat, help="stand on this day, as 2026-12-25")

    def handle(self, *, port: int, day: dt.date | None, **_options: Any) -> None:
        """Start everything in order, watch it, end everything: whichever way this ends, nothing is left running."""
        started = time.monotonic()
        address = f"http://{HOST}:{port}/"
        own = None if services.given() else services.Services(settings.PORTAL_DATA_DIR, lasting=True)
        children: dict[str, subprocess.Popen[bytes]] = {}
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, _interrupt)
        try:
            if own:
                own.claim(address)
            _need_free(port)
            if own:
                own.start()
            if day:
                # Worker, web and this process stand on the same day; hours and minutes go on.
                settings.PORTAL_CLOCK_OFFSET = (day - clock.today()).days * 24 * 60 * 60
            settings.PORTAL_SITE_URL = address.rstrip("/")  # printed in the QR codes of the year's certificates
            self._fill()
            children |= _start(port, address, "web")
            self._wait_until_answered(address, children["web"])
            self._greet(address, time.monotonic() - started)
            self._tell()
            children |= _start(port, address, "worker", "beat")
            self._watch({**children, **(own.processes if own else {})})
        except services.ServicesError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            self.stdout.write("Stopping …")
        finally:
            for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(sign, signal.SIG_IGN)
            _stop(children)
            if own:
                own.stop()
        self.stdout.write("Stopped.")

    def _fill(self) -> None:
        """Migrate, and lay the foundation of the demonstration year: accounts, plan, standards, notices."""
        self.stdout.write("Preparing the database …")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_demo", foundation=True, stdout=self.stdout)
        connections.close_all()

    def _tell(self) -> None:
        """Fill in the year while the portal answers already; worker and beat start when it is complete."""
        self.stdout.write("The demonstration year is being filled in; at the first start this takes a minute or two …")
        self.stdout.flush()
        call_command("load_demo", stdout=self.stdout)
        applicants: Callable[[], Sequence[str]] = import_string(settings.PORTAL_DEMO_APPLICANTS)
        self.stdout.write("\n".join(["", *applicants(), ""]))
        connections.close_all()
        self.stdout.write("Everything is there. Ctrl-C ends it.")
        self.stdout.flush()

    def _wait_until_answered(self, address: str, web: subprocess.Popen[bytes]) -> None:
        """Return at the first answer, whatever it says; a refused connection is none."""
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end and web.poll() is None:
            try:
                urllib.request.urlopen(address, timeout=10).close()  # noqa: S310 - our own address
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise CommandError("The web server did not start. " + _last_words("web"))

    def _greet(self, address: str, seconds: float) -> None:
        """Say where the portal is, who can sign in and what to try."""
        guide: Callable[[], Sequence[str]] = import_string(settings.PORTAL_DEMO_GUIDE)
        lines = ["", f"The portal answers at {address} (after {seconds:.0f} s)", "", *guide(), ""]
        lines.append(f"Logs are in {settings.PORTAL_DATA_DIR}")
        self.stdout.write("\n".join(lines))
        self.stdout.flush()

    def _watch(self, processes: dict[str, subprocess.Popen[bytes]]) -> None:
        """Return never: Ctrl-C interrupts, and a process that ends ends everything."""
        while True:
            for name, process in processes.items():
                if process.poll() is not None:
                    message = f"{name} ended with {process.returncode}, so everything stops; start again to go on. "
                    raise CommandError(message + _last_words(name))
            time.sleep(0.2)


def _interrupt(_sign: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _need_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            message = f"Port {port} is in use by another program; type: python3 manage.py demo --port {port + 1}"
            raise CommandError(message) from None


def _start(port: int, address: str, *names: str) -> dict[str, subprocess.Popen[bytes]]:
    """Start what is named of web, worker and beat, each in a session of its own (Ctrl-C reaches only us).

    They die with us.
    """
    environ = {
        **os.environ,
        **({} if services.given() else services.addresses(settings.PORTAL_DATA_DIR)),
        "PORTAL_CLOCK_OFFSET": str(settings.PORTAL_CLOCK_OFFSET),
        "SITE_URL": address,
    }
    folder = settings.PORTAL_DATA_DIR
    folder.mkdir(parents=True, exist_ok=True)
    celery = [sys.executable, "-m", "celery", "-A", "appraisal_portal.celery"]
    commands = {
        "web": [sys.executable, "-m", "gunicorn", "appraisal_portal.wsgi", "--bind", f"{HOST}:{port}", "--workers", "2"]
        + [*SLOW_CLIENTS, "--preload", "--no-control-socket", "--log-level", "warning"],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "warning"]
        + ["--without-gossip", "--without-mingle"],
        "beat": [*celery, "beat", "--schedule", str(folder / "beat-schedule"), "--pidfile=", "--loglevel", "warning"],
    }
    children = {}
    for name in names:
        command = commands[name]
        timeout = {"STATEMENT_TIMEOUT_MS": WORKER_STATEMENT_TIMEOUT_MS} if name == "worker" else {}
        with _log(name).open("wb") as log:
            children[name] = subprocess.Popen(
                [*services.dying_with_parent("TERM"), *command],
                env={**environ, **timeout},
                cwd=settings.BASE_DIR,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
    return children


def _log(name: str) -> Path:
    return Path(settings.PORTAL_DATA_DIR) / f"{name}.log"


def _last_words(name: str) -> str:
    lines = _log(name).read_text(errors="replace").strip().splitlines()[-8:]
    return "\n".join([f"The end of {_log(name)}:", *lines])


def _stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    for child in children.values():
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
