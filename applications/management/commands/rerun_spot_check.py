"""``python3 manage.py rerun_spot_check FILE``: does announced rule, population and seed give the sample they say?"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications.rules.spot_check import drawn


class Command(BaseCommand):
    """Needs no database: the file of a spot check's page says all. Exits non-zero when the sample differs."""

    help = "Runs the draw of a spot check again from its file and compares the sample."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the file lies."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw and compare."""
        try:
            said = json.loads(options["file"].read_text(encoding="utf-8"))
            found = drawn(said["seed"], said["population"], said["rule"])
            expected = list(said["sample"])
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            raise CommandError(f"{options['file']} is not the file of a drawn spot check: {error!r}") from error
        if found != expected:
            raise CommandError(f"The sample differs. Said: {', '.join(expected)}. Drawn: {', '.join(found)}.")
        self.stdout.write(f"Spot check {said['check']}: {len(found)} of {len(said['population'])}, the same sample.")
