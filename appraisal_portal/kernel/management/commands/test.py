"""`manage.py test`: hands over to pytest with every argument; the plugin `pytest_services` starts the services."""

import os
import sys
from collections.abc import Sequence

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Run the tests; arguments are pytest's (`manage.py test tests/kernel -k calendar`).

    Without arguments everything runs, one process more than there are cores (five at most: each waits for its
    browser and its database a quarter of the time), each with a database of its own.
    """

    help = "Runs the tests with pytest; every argument is handed on."

    def run_from_argv(self, argv: Sequence[str]) -> None:
        """Become pytest: nothing of this process may outlive the settings it has read."""
        os.chdir(settings.BASE_DIR)
        arguments = argv[2:] or [
            "-n",
            str(min(4, os.cpu_count() or 1) + 1),
            "--dist",
            "loadscope",
            "--no-loadscope-reorder",
            "--max-worker-restart=0",  # a test that ended its process (`timeout` in pyproject.toml) would begin again
        ]
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])  # noqa: S606 - our own interpreter
