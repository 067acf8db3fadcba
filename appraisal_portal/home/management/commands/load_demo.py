"""Load the demonstration year into an empty database: relative to today, synthetic people only."""

import gc
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from applications.models import Declaration
from appraisal_portal.home.story import year as story
from appraisal_portal.kernel import clock, outbox

PROCESSES = 2


class Command(BaseCommand):
    """Does nothing when declarations exist. The chapters are told by two processes, for they touch different people."""

    help = "Loads the demonstration year (does nothing when declarations exist)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--chapters`` is how the command calls itself."""
        parser.add_argument("--chapters", nargs="+", help="tell only these, the foundation being laid")
        parser.add_argument("--processes", type=int, default=PROCESSES)

    def handle(self, *args: Any, **options: Any) -> None:
        """Lay the foundation, then tell the chapters side by side."""
        today = clock.today()
        if options["chapters"]:
            gc.disable()  # a short process that keeps little: collecting takes a tenth of its time
            with outbox.without_hints():
                chosen = tuple(getattr(story, name) for name in options["chapters"])
                story.tell(story.foundation(today), chosen)
            return
        if Declaration.objects.exists():
            return
        started = time.monotonic()
        with outbox.without_hints():
            story.foundation(today)
        connections.close_all()
        names = [chapter.__name__ for chapter in story.CHAPTERS]
        shares = [names[place :: options["processes"]] for place in range(options["processes"])]
        tellers = [
            subprocess.Popen([sys.executable, settings.BASE_DIR / "manage.py", "load_demo", "--chapters", *share])
            for share in shares
            if share
        ]
        if any([teller.wait() for teller in tellers]):
            raise CommandError("The demonstration year could not be loaded; empty the database and try again.")
        count = Declaration.objects.count()
        self.stdout.write(f"Demonstration year loaded: {count} declarations in {time.monotonic() - started:.0f} s")
