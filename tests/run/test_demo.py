"""`manage.py demo` from the outside: it serves, says what is wrong in one sentence, and leaves nothing behind."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from appraisal_portal.settings.env import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture
def environ() -> Iterator[dict[str, str]]:
    """No outside services, a data folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="portal-demo-"))
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    yield {**kept, "PORTAL_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "appraisal_portal.settings.dev"}
    shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def demo(port: int, environ: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(port)],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def left_over(folder: str) -> list[str]:
    """Command lines of processes whose environment or arguments name the data folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            text = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if folder.encode() in text and process.name != str(os.getpid()):
            found.append(text[:80].decode(errors="replace"))
    return found


def await_text(file: Path, *parts: str) -> None:
    """Return when one line of the log holds all parts."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if any(all(part in line for part in parts) for line in file.read_text(errors="replace").splitlines()):
            return
        time.sleep(0.2)
    pytest.fail(f"{parts} never came:\n{file.read_text(errors='replace')}")


def test_a_taken_port_is_said_with_the_way_out(environ: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        started = demo(port, environ)
        output, _ = started.communicate(timeout=180)
    assert started.returncode == 1
    assert f"Port {port} is in use by another program; type: python3 manage.py demo --port {port + 1}" in output
    assert not left_over(environ["PORTAL_DATA_DIR"])


def ready(running: subprocess.Popen[str]) -> str:
    """What it said until the year was complete."""
    assert running.stdout is not None
    lines = []
    for line in running.stdout:
        lines.append(line)
        if line.startswith("Everything is there"):
            return "".join(lines)
    pytest.fail("".join(lines))


def ended(running: subprocess.Popen[str], sign: signal.Signals, folder: str) -> int:
    """Its exit code; fails when something it started is still there after a while."""
    running.send_signal(sign)
    running.communicate(timeout=90)
    end = time.monotonic() + 60  # the worker finishes what it has begun
    while left_over(folder) and time.monotonic() < end:
        time.sleep(0.1)
    assert not left_over(folder)
    return int(running.returncode)


def test_serves_until_it_is_ended_and_leaves_nothing(environ: dict[str, str]) -> None:
    port, folder = free_port(), environ["PORTAL_DATA_DIR"]
    running = demo(port, environ)
    said = ready(running)
    assert f"The portal answers at http://127.0.0.1:{port}/" in said
    loaded = re.search(r"Demonstration year loaded: (\d+) declarations", said)
    assert loaded, said
    assert int(loaded.group(1)) > 100
    assert "approver1" in said
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
        assert answer.status == 200
    await_text(Path(folder, "worker.log"), "Task kernel.sweep_outbox", "succeeded")
    second = demo(port, environ)
    output, _ = second.communicate(timeout=180)
    assert f"already runs: open http://127.0.0.1:{port}/" in output
    assert ended(running, signal.SIGINT, folder) == 0
    # The next start finds everything there; a kill leaves nothing running either.
    again = demo(port, environ)
    assert "loaded" not in ready(again)
    assert ended(again, signal.SIGKILL, folder) == -signal.SIGKILL
