"""Load the demonstration year into an empty database: relative to today, synthetic people only."""

import datetime as dt
import gc
import multiprocessing
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connections

from appraisal_portal.home.story import year as story
from appraisal_portal.kernel import clock, outbox
from applications.models import Declaration


class Command(BaseCommand):
    """Does nothing when declarations exist. Two processes tell the chapters, for these touch different people."""

    help = "Loads the demonstration year (does nothing when declarations exist)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many processes share the work."""
        parser.add_argument("--processes", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        """Lay the foundation, then hand out the chapters, the longest first."""
        if Declaration.objects.exists():
            return
        started = time.monotonic()
        today = clock.today()
        with outbox.without_hints():
            story.foundation(today)
        connections.close_all()  # a connection must not be shared with a forked process
        gc.freeze()
        names = [chapter.__name__ for chapter in story.CHAPTERS]
        fork = multiprocessing.get_context("fork")
        with fork.Pool(options["processes"], initializer=gc.disable) as pool:
            pool.starmap(_tell, [(name, today) for name in names], chunksize=1)
        count = Declaration.objects.count()
        self.stdout.write(f"Demonstration year loaded: {count} declarations in {time.monotonic() - started:.0f} s")


def _tell(name: str, today: dt.date) -> None:
    """One chapter, in a process of the pool."""
    with outbox.without_hints():
        story.tell(story.foundation(today), (getattr(story, name),))
    connections.close_all()
