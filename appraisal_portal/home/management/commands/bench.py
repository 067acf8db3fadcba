"""`manage.py bench`: measures the portal against yardsticks of its own and prints one JSON line a figure."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from appraisal_portal import services
from appraisal_portal.home.benchmark import (
    certificates,
    figures,
    lookup,
    publicities,
    rosters,
    server,
    workbooks,
    worklist,
)
from appraisal_portal.home.benchmark.figures import Figure
from appraisal_portal.home.benchmark.fill import begin, fill
from appraisal_portal.home.benchmark.load import LoadError


class Command(BaseCommand):
    """Fill tables, start the server, measure."""

    help = "Measures requests/s and processor time against yardsticks; --check fails when a bar is missed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="exit with 1 when a bar is missed")
        parser.add_argument("--quick", action="store_true", help="few rows, one short round: shows only that it works")
        parser.add_argument("--only", choices=CHAPTERS, action="append", help="one chapter; may be given again (all)")
        parser.add_argument("--rounds", type=int, default=7, help="rounds over all targets (7)")
        parser.add_argument("--seconds", type=float, default=2.0, help="length of one measurement (2)")
        parser.add_argument("--clients", type=int, default=4, help="requests under way at once (4)")
        parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (one that is free)")

    def handle(self, **options: Any) -> None:
        """Own services unless outside ones are named; then the figures, chapter by chapter."""
        services.with_services()
        if options["quick"]:
            options |= {"rounds": 1, "seconds": 0.1}
        log = Path(settings.PORTAL_DATA_DIR) / "bench.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        missed = []
        try:
            city, cycle = begin()
            for name, chapter in CHAPTERS.items():
                if options["only"] and name not in options["only"]:
                    continue
                for figure in chapter(city, cycle, log, options):
                    self.stdout.write(json.dumps(figure.line(), ensure_ascii=False))
                    missed += [] if figure.ok else [figure.name]
        except ValueError as error:
            raise CommandError(str(error)) from None
        except (server.ServerError, LoadError) as error:
            told = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise CommandError(f"{error}\n{told}") from None
        if missed and options["check"]:
            raise CommandError(f"missed: {', '.join(missed)}", returncode=1)


def _roster(city: Any, cycle: Any, log: Path, options: dict[str, Any]) -> Iterable[Figure]:
    rows = 300 if options["quick"] else 10_000
    return rosters.writing(rosters.prepare(city, cycle), rounds=min(options["rounds"], 5), rows=rows)


def _publicity(city: Any, cycle: Any, log: Path, options: dict[str, Any]) -> Iterable[Figure]:
    return publicities.closing(rosters.prepare(city, cycle, days=61), lists=50 if options["quick"] else 1_000)


def _reading(city: Any, cycle: Any, log: Path, options: dict[str, Any]) -> Iterable[Figure]:
    yield workbooks.reading(rounds=options["rounds"], rows=500 if options["quick"] else 10_000)


def _issue(city: Any, cycle: Any, log: Path, options: dict[str, Any]) -> Iterable[Figure]:
    each, long = (2, 22) if options["quick"] else (30, 1_000)
    yield from certificates.issuing_figures(rounds=min(options["rounds"], 3), each=each, long=long)


def _pages(city: Any, cycle: Any, log: Path, options: dict[str, Any]) -> Iterable[Figure]:
    filled = (
        fill(city, cycle, declarations=60, certified=200, submissions=6, rush=20)
        if options["quick"]
        else fill(city, cycle, declarations=2_000, certified=20_000, submissions=120 * options["rounds"], rush=1_110)
    )
    with server.running(options["port"] or server.free_port(), log) as running:
        taken = figures.measure(
            running, filled, rounds=options["rounds"], seconds=options["seconds"], clients=options["clients"]
        )
    yield from figures.figures(taken)
    yield figures.rush(
        filled, log.with_suffix(".rush.log"), seconds=12 if options["quick"] else 60, clients=options["clients"]
    )


def _work_list(city: Any, cycle: Any, log: Path, options: dict[str, Any]) -> Iterable[Figure]:
    sizes = (60, 80, 120) if options["quick"] else (2_000, 20_000, 200_000)
    with server.running(server.free_port(), log.with_suffix(".list.log")) as running:
        yield from worklist.measure(
            city, cycle, running, sizes=sizes, rounds=min(options["rounds"], 3), seconds=options["seconds"],
            clients=options["clients"],
        )  # fmt: skip


CHAPTERS = {
    "reading": _reading,
    "issue": _issue,
    "roster": _roster,
    "publicity": _publicity,
    "pages": _pages,
    "lookup": lookup.measure,
    "work-list": _work_list,
}
"""In this order: the chapters before the pages need empty tables, the work list fills them to the brim."""
