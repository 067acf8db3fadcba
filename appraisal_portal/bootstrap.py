"""What the first run needs before anything is installed: the environment, the packages, the message catalogues.

Standard library only: a bare `python3` runs this. Messages go to the terminal in plain English sentences.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)

EXTRAS = {"demo": "", "setup": "", "rehearse": "", "bench": "bench", "test": "test", "lint": "test"}
"""The commands that prepare themselves, with the extra of pyproject.toml each needs."""

LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
"""Shared libraries WeasyPrint opens by name, and the Debian package of each."""

HEADLESS, FULL = "chromium-headless-shell", "chromium"
"""Debian's Chromium without its windows: the same pages in a quarter less time; older and other systems lack it."""
BROWSERS = (HEADLESS, FULL, "chromium-browser", "google-chrome")
CJK_FONT_FOLDERS = (Path("/usr/share/fonts/opentype/noto"), Path("/usr/share/fonts/truetype/noto"))


def settings_module(argv: Sequence[str]) -> str:
    """The settings a command runs under when the environment names none."""
    return "appraisal_portal.settings.test" if argv[1:2] == ["test"] else "appraisal_portal.settings.dev"


def prepare(argv: Sequence[str]) -> None:
    """Make the environment of the commands a newcomer types, and go on inside it; other commands only enter it."""
    command = argv[1] if len(argv) > 1 else ""
    inside = Path(sys.prefix) == VENV
    if command in EXTRAS:
        if sys.version_info < OLDEST:
            sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
        extra = EXTRAS[command]
        _system_packages(extra)
        with _one_at_a_time():
            changed = _environment(extra, inside=inside)
        if inside and not changed:
            compile_catalogues()
            return
    elif inside or not PYTHON.exists():
        if not inside and find_spec("django") is None:
            sys.exit("Nothing is installed yet. Type first: python3 manage.py demo")
        return
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "manage.py"), *argv[1:]])  # noqa: S606 - our own interpreter


def browser() -> str | None:
    """The path of an installed Chromium, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def compile_catalogues() -> None:
    """Write the `.mo` file of every catalogue newer than it (bare machines have no msgfmt)."""
    stale = [
        po
        for po in sorted((ROOT / "appraisal_portal" / "locale").glob("*/LC_MESSAGES/*.po"))
        if not po.with_suffix(".mo").exists() or po.with_suffix(".mo").stat().st_mtime < po.stat().st_mtime
    ]
    if not stale:
        return
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - not installed before the first run
    from babel.messages.pofile import read_po  # noqa: PLC0415

    for po in stale:
        with po.open("rb") as source:
            # pybabel's own command would skip the whole file, silently, when its header is marked fuzzy.
            catalogue = read_po(source, locale=po.parts[-3])
        part = po.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as target:
            write_mo(target, catalogue)
        part.replace(po.with_suffix(".mo"))


def missing_packages(extra: str) -> tuple[list[str], list[str]]:
    """Debian packages that are missing: those nothing runs without, and those only browser and picture tests need."""
    needed = [package for library, package in LIBRARIES.items() if not _loads(library)]
    if not PYTHON.exists() and find_spec("ensurepip") is None:
        needed.insert(0, "python3-venv")
    wanted = []
    if extra == "test":
        wanted += [] if browser() else [HEADLESS]
        wanted += [] if any(folder.is_dir() for folder in CJK_FONT_FOLDERS) else ["fonts-noto-cjk"]
        wanted += [] if shutil.which("pdftoppm") else ["poppler-utils"]
    return needed, wanted


def requirements(extra: str) -> list[str]:
    """The requirement lines of pyproject.toml: run time, and those of the extra."""
    import tomllib  # noqa: PLC0415 - a Python that is too old must get as far as the sentence that says so

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *(project["optional-dependencies"][extra] if extra else [])]


def _system_packages(extra: str) -> None:
    needed, wanted = missing_packages(extra)
    if not needed and not wanted:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends"]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _say(f"installing {' '.join(needed + wanted)} (apt-get)")
        if needed and not _apt([*install, *needed]):
            sys.exit(f"apt-get could not install them; see the lines above, then type: {' '.join(install + needed)}")
        full = [FULL if package == HEADLESS else package for package in wanted]
        if wanted and not _apt([*install, *wanted]) and not (full != wanted and _apt([*install, *full])):
            _say("without them the browser tests are skipped")
    elif needed:
        line = " ".join(install + needed)
        sys.exit(f"System packages are missing. Type this line, then start again:\n  sudo {line}")
    else:
        _say(f"browser tests are skipped until you type: sudo {' '.join(install + wanted)}")


def _apt(command: list[str]) -> bool:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if _quiet(command, environ):
        return True
    # A fresh machine has no package lists yet.
    return (
        _quiet(["apt-get", "update"], environ)
        and not subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, check=False).returncode
    )


def _quiet(command: list[str], environ: dict[str, str]) -> bool:
    return subprocess.run(command, env=environ, capture_output=True, check=False).returncode == 0


def _environment(extra: str, *, inside: bool) -> bool:
    """Make `.venv` and install what pyproject.toml lists; a stamp says that it is done. Whether anything changed."""
    lines = requirements(extra)
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    stamp = VENV / f".stamp-{extra or 'runtime'}"
    # After an upgrade of the system's Python the interpreter still starts, but finds none of its packages.
    outgrown = inside and find_spec("django") is None
    if stamp.exists() and stamp.read_text() == digest and PYTHON.exists() and not outgrown:
        return False
    if outgrown or not _pip_works():
        _say("making .venv")
        base = getattr(sys, "_base_executable", sys.executable)
        subprocess.run([base, "-m", "venv", "--clear", str(VENV)], check=True)
    _say("installing the Python packages (about 15 seconds)")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    if subprocess.run([*pip, *lines], check=False).returncode:
        sys.exit("The Python packages could not be installed; see the lines above (is the network reachable?).")
    stamp.write_text(digest)
    return True


def _pip_works() -> bool:
    return PYTHON.exists() and _quiet([str(PYTHON), "-m", "pip", "--version"], dict(os.environ))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two commands started together must not install into each other."""
    folder = ROOT / ".portal"
    folder.mkdir(exist_ok=True)
    with (folder / "set-up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _say(text: str) -> None:
    print(f"[set-up] {text}", flush=True)  # noqa: T201 - a command's output
