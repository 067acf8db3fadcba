"""A slow upload blocks nobody: gunicorn as in the demonstration, twenty-eight uploads trickle, others are served."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from appraisal_portal.home.benchmark.load import HOST, ask
from appraisal_portal.home.benchmark.server import free_port
from appraisal_portal.kernel.management.commands.demo import SLOW_CLIENTS

HEAD = (
    "POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    f"Cookie: {settings.CSRF_COOKIE_NAME}={'c' * 32}\r\n"
)
"""With the cookie the check for forgery reads the form; without one it would refuse at once, and no thread be held."""
PART = '--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\n'


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Two workers as in the demonstration; the address asked for below needs no database."""
    free = free_port()
    command = [sys.executable, "-m", "gunicorn", "appraisal_portal.wsgi", "--bind", f"{HOST}:{free}", "--workers", "2"]
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "appraisal_portal.home.benchmark.settings"}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *SLOW_CLIENTS, "--preload", "--no-control-socket", "--log-level", "warning"],
            env=environ, cwd=settings.BASE_DIR, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                socket.create_connection((HOST, free), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield free
    finally:
        process.terminate()
        process.wait(20)


def trickle(port: int, stop: threading.Event) -> None:
    with socket.create_connection((HOST, port)) as client:
        client.sendall(f"{HEAD}Content-Length: 2000000\r\n\r\n{PART}".encode())
        while not stop.is_set():
            try:
                client.sendall(b"y" * 100)
            except OSError:
                return
            time.sleep(0.1)


@pytest.mark.slow
def test_slow_uploads_let_others_through(port: int) -> None:
    """Twenty-eight of the thirty-two threads are held, for half an hour each; four readers are answered meanwhile."""
    stop = threading.Event()
    slow = [threading.Thread(target=trickle, args=(port, stop), daemon=True) for _ in range(28)]
    for thread in slow:
        thread.start()
    time.sleep(1)
    request = f"GET /bench/hello/ HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n".encode()
    try:
        for _ in range(20):
            assert ask(port, request).startswith(b"HTTP/1.1 200")
            assert all(thread.is_alive() for thread in slow), "an upload ended: it was not slow, or was refused"
    finally:
        stop.set()
        for thread in slow:
            thread.join(5)
