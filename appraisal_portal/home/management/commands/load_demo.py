"""Load the demonstration year into an empty database: relative to today, synthetic people only."""

import datetime as dt
import gc
import multiprocessing
import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from applications.models import Declaration
from appraisal_portal.accounts.models import User
from appraisal_portal.home.story import year as story
from appraisal_portal.kernel import clock, outbox, publiclog
from appraisal_portal.kernel.models import NumberSeries

TOLD = "demonstration-chapter"  # a counter for each chapter that was told to its end


class Command(BaseCommand):
    """Does nothing when the year is there. Two processes tell the chapters, for these touch different people."""

    help = "Loads the demonstration year (does nothing when it is there)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many processes share the work, and whether only the foundation is wanted now."""
        parser.add_argument("--processes", type=int, default=2)
        parser.add_argument("--foundation", action="store_true", help="only city, plan and accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Lay the foundation, then hand out the chapters, the longest first."""
        if not settings.PORTAL_SAMPLE_MARK:
            raise CommandError("The demonstration year is made of synthetic people; production settings refuse it.")
        names = [chapter.__name__ for chapter in story.CHAPTERS]
        told = set(NumberSeries.objects.filter(series=TOLD).values_list("period", flat=True))
        if {_key(name) for name in names} <= told:
            return
        if told or Declaration.objects.exists():
            raise CommandError(
                f"The demonstration year was interrupted while it was loaded. Remove {settings.PORTAL_DATA_DIR} "
                "(or empty the database) and start again."
            )
        started = time.monotonic()
        today = clock.today()
        with outbox.without_hints():
            year = story.foundation(today)
        # The story gave them when the year began: by today they would be too old, and every login begin with a change.
        User.objects.update(password_changed_at=clock.now())
        if options["foundation"]:
            return
        connections.close_all()  # a connection must not be shared with a forked process
        gc.freeze()
        fork = multiprocessing.get_context("fork")
        with fork.Pool(options["processes"], initializer=_prepare) as pool:
            pool.starmap(_tell, [(name, year) for name in names], chunksize=1)
        _log(today)
        count = Declaration.objects.count()
        self.stdout.write(f"Demonstration year loaded: {count} declarations in {time.monotonic() - started:.0f} s")


def _prepare() -> None:
    """In each process of the pool: Ctrl-C is the parent's to answer; collecting garbage takes a tenth of the time."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.disable()


def _tell(name: str, year: story.Year) -> None:
    """One chapter, in a process of the pool."""
    with outbox.without_hints():
        story.tell(year, tuple(chapter for chapter in story.CHAPTERS if chapter.__name__ == name))
    NumberSeries.objects.create(series=TOLD, period=_key(name), last=1)
    connections.close_all()


def _log(today: dt.date) -> None:
    """The public log as it stood yesterday at 23:00, so that it has a head to show today."""
    with clock.travel(clock.at(today - dt.timedelta(days=1), 23)):
        publiclog.sweep()
    publiclog.sweep()


def _key(name: str) -> str:
    """The chapter's name as long as the column is wide."""
    return name[:10]
