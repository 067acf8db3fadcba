"""`manage.py test`: hands over to pytest with every argument; the plugin `pytest_services` starts the services."""

import os
import sys
from collections.abc import Sequence

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Run the tests; arguments are pytest's (`manage.py test tests/kernel -k calendar`)."""

    help = "Runs the tests with pytest; every argument is handed on."

    def run_from_argv(self, argv: Sequence[str]) -> None:
        """Become pytest: nothing of this process may outlive the settings it has read."""
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *argv[2:]])  # noqa: S606 - our own interpreter
