"""`manage.py lint`: every check of the source that CI runs, one line each; ends with 1 when any complains."""

import os
import subprocess
import sys
import time
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandError

LINES = 400
"""Longest source file; a longer one hides a second subject. Stylesheets, catalogues and migrations are exempt."""
SUFFIXES = {".py", ".html", ".js", ".md", ".toml", ".txt"}
GENERATED = {"docs/workflows.md", "tests/matrix/pages.toml", "tests/matrix/transitions.toml"}

TOOLS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
    "import-linter": ["lint-imports", "--no-cache"],
    "djlint": ["djlint", "templates", "--lint", "--quiet"],
}
COMMANDS = {
    "migrations": ["makemigrations", "--check", "--dry-run"],
    "system checks": ["check"],
    "catalogue": ["check_texts"],
    "workflows.md": ["draw_workflows", "--check"],
}


class Command(BaseCommand):
    """Run the linters; names as arguments run only those."""

    help = "Runs every check of the source; with names, only those."
    requires_system_checks = ()  # they are one of the checks

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", help=", ".join([*TOOLS, *COMMANDS, "file length"]))

    def handle(self, *, names: list[str], **_options: Any) -> None:
        """Run them all even when one complains: a person wants the whole list."""
        binaries = Path(sys.executable).parent
        checks = {name: [str(binaries / tool), *rest] for name, (tool, *rest) in TOOLS.items()}
        known = get_commands()
        checks |= {
            name: [sys.executable, "manage.py", *command] for name, command in COMMANDS.items() if command[0] in known
        }
        chosen = {name: command for name, command in checks.items() if not names or name in names}
        with ThreadPoolExecutor(os.cpu_count()) as cores:
            done = list(cores.map(self._run, chosen, chosen.values()))
        complaining = [name for name, good in zip(chosen, done, strict=True) if not good]
        if (not names or "file length" in names) and not self._lengths():
            complaining.append("file length")
        if complaining:
            raise CommandError("complaints of: " + ", ".join(complaining))

    def _run(self, name: str, command: list[str]) -> bool:
        started = time.monotonic()
        done = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env={**os.environ, "PYTHONPATH": str(settings.BASE_DIR), "NO_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self._say(name, not done.returncode, time.monotonic() - started, done.stdout)
        return not done.returncode

    def _lengths(self) -> bool:
        listed = subprocess.run(["git", "ls-files"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
        too_long = [
            f"{path}: {count} lines, {LINES} are allowed"
            for path in map(Path, listed.stdout.splitlines())
            if path.suffix in SUFFIXES
            and "migrations" not in path.parts
            and path.as_posix() not in GENERATED
            and (settings.BASE_DIR / path).exists()
            and (count := len((settings.BASE_DIR / path).read_text(encoding="utf-8").splitlines())) > LINES
        ]
        self._say("file length", not too_long, 0, "\n".join(too_long))
        return not too_long

    def _say(self, name: str, good: bool, seconds: float, output: str) -> None:
        told = f"{'ok  ' if good else 'FAIL'} {name} ({seconds:.1f} s)"
        self.stdout.write(told if good else f"{told}\n{output.rstrip()}")  # at once: two may end together
        self.stdout.flush()
