"""``python3 manage.py check_counts``: do the counts of the work lists say what the declarations say?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications.services import counts


class Command(BaseCommand):
    """Compare; count anew when asked to."""

    help = "Compares the counts of the work lists with the declarations; ends with 1 when they differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mend", action="store_true", help="count anew; declarations cannot move meanwhile")

    def handle(self, **options: Any) -> None:
        """One line a difference."""
        found = counts.differences()
        for line, status, counted, true in found:
            self.stdout.write(f"line {line}, {status}: counted {counted}, true {true}")
        if options["mend"]:
            counts.count_anew()
        elif found:
            raise CommandError(f"{len(found)} counts differ; --mend counts anew", returncode=1)
