"""Drive fresh declarations through the whole procedure by firing the same transitions as the pages do, and count what
came out."""

import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count

from applications.models import Declaration, Originals
from applications.querysets import CLOSED
from applications.rules.spot_check import runs_again
from appraisal_portal import services
from appraisal_portal.home.story.almanac import ensure_known
from appraisal_portal.home.story.city import build_city
from appraisal_portal.home.story.cycle import open_cycle
from appraisal_portal.home.story.people import someone
from appraisal_portal.home.story.procedure import FIRST_SEED, Rehearsal, working_day
from appraisal_portal.kernel import chain, clock
from appraisal_portal.kernel.models import StoredDocument
from certificates.models import Appointment, Claim
from committees.plans.models import Channel, Level
from committees.reviews.models import Admission, PanelOpinion, ScoreSheet

COMMITTEES = ("agriculture", "forestry", "water", "traffic", "enterprise")
ROUTES = (
    ("agriculture", Level.INTERMEDIATE, Channel.EXCEPTIONAL),
    ("forestry", Level.INTERMEDIATE, Channel.TRANSFER),
    ("water", Level.INTERMEDIATE, Channel.CONFIRMATION),
    ("traffic", Level.INTERMEDIATE, Channel.PRELIMINARY),
    ("enterprise", Level.INTERMEDIATE, Channel.SPECIAL),
    ("agriculture", Level.ASSOCIATE_SENIOR, Channel.RECOMMEND),
    ("accounting", Level.ASSOCIATE_SENIOR, Channel.EXAM_PLUS),
)
"""Committee, level and way of the lines that ``--all-routes`` adds to the regular ones."""


EXAMS = 4
"""Examination certificates ``--all-routes`` registers besides (the last one is refused), and appraised people it
appoints to posts."""


class Command(BaseCommand):
    """Exits non-zero when somebody is left behind, the chain is broken or a certificate is missing."""

    help = "Drives declarations through the whole procedure and prints state, count, documents and seconds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many people."""
        parser.add_argument("--people", type=int, default=40)
        parser.add_argument(
            "--all-routes", action="store_true", help="every way of a declaration, not only the regular"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, walk, count."""
        if not settings.PORTAL_SAMPLE_MARK:
            raise CommandError("A rehearsal makes synthetic people; it does not run under production settings.")
        services.with_services()
        waiting = MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes())
        if waiting:
            raise CommandError("The database lacks its tables. Type first: python3 manage.py migrate")
        if Declaration.objects.filter(applicant__id_number=someone(FIRST_SEED).id_number).exists():
            raise CommandError(
                "This database has seen a rehearsal, whose people declare once a year: name a fresh one in "
                "DATABASE_URL, or unset DATABASE_URL and REDIS_URL, then each rehearsal brings its own."
            )
        started = time.monotonic()
        today = clock.today()
        ensure_known(today.year, today.year + 1)
        start = working_day(today)
        known = set(Declaration.objects.values_list("pk", flat=True))
        papers = StoredDocument.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with clock.travel(clock.at(start, 8)):
            city = build_city()
            routes = ROUTES if options["all_routes"] else ()
            wanted = dict.fromkeys([*COMMITTEES, *(route[0] for route in routes)])
            cycle = open_cycle(city, start.year, committees=wanted)
        lines = [cycle.line(code) for code in COMMITTEES] + [cycle.line(*route) for route in routes]
        rehearsal = Rehearsal(city, cycle, lines, start)
        seconds = {}
        stretches = [
            ("declare", lambda: rehearsal.declare(options["people"])),
            ("work unit", rehearsal.unit),
            ("committee office", rehearsal.office),
            ("meeting", rehearsal.meet),
            ("publicity to certificate", rehearsal.publish),
            ("originals and archive book", rehearsal.close),
        ]
        if options["all_routes"]:
            stretches += [
                ("examination certificates", lambda: rehearsal.register(EXAMS)),
                ("appointments", lambda: rehearsal.appoint(EXAMS)),
            ]
        for name, stretch in stretches:
            begun = time.monotonic()
            stretch()
            seconds[name] = time.monotonic() - begun
        self._report(known, papers, seconds, options["people"], time.monotonic() - started, rehearsal)

    def _besides(self, rehearsal: Rehearsal) -> tuple[int, list[str]]:
        """What is no declaration in the table; how many examination certificates are registered, what is wrong."""
        claims = Counter(
            Claim.objects.filter(pk__in=[row.pk for row in rehearsal.claims]).values_list("status", flat=True)
        )
        rows = Appointment.objects.filter(pk__in=[row.pk for row in rehearsal.appointments])
        posts = Counter(rows.values_list("status", flat=True))
        bundles = Originals.objects.filter(pk__in=[row.pk for row in rehearsal.originals])
        papers = Counter(bundles.values_list("status", flat=True))
        books = Counter(book.status for book in rehearsal.books)
        sampled = Counter(rehearsal.spot_check.items.values_list("status", flat=True) if rehearsal.spot_check else ())
        panelled = Admission.objects.filter(meeting__in=rehearsal.meetings, panel__isnull=False)
        sheets = Counter(ScoreSheet.objects.filter(admission__in=panelled).values_list("status", flat=True))
        opinions = Counter(PanelOpinion.objects.filter(admission__in=panelled).values_list("status", flat=True))
        besides = {
            "examination": claims, "appointment": posts, "paper originals": papers, "archive book": books,
            "spot check": sampled, "score sheet": sheets, "panel opinion": opinions,
        }  # fmt: skip
        for heading, counted in besides.items():
            if counted:
                self.stdout.write(f"\n{heading:<20} count")
                for state, count in sorted(counted.items()):
                    self.stdout.write(f"{state:<20} {count:>5}")
        problems = []
        if claims and claims != {"registered": EXAMS - 1, "refused": 1}:
            problems.append(f"examination certificates: {dict(claims)}")
        if posts.total() != posts["in_force"] or posts["in_force"] < claims["registered"]:
            problems.append(f"appointments: {dict(posts)}")
        if papers.total() != papers["returned"]:
            problems.append(f"paper originals: {dict(papers)}")
        if rehearsal.spot_check and sampled.total() != sampled["clear"] + sampled["confirmed"]:
            problems.append(f"spot check: {dict(sampled)}")
        if rehearsal.spot_check and not runs_again(rehearsal.spot_check):
            problems.append("spot check: run again, the draw gives other people")
        if opinions["signed"] != panelled.count():
            problems.append(f"panel opinions: {dict(opinions)} for {panelled.count()} people")
        if books.total() != books["made"]:
            problems.append(f"archive books: {dict(books)}")
        return claims["registered"], problems

    def _report(
        self, known: set[int], papers: int, seconds: dict[str, float], people: int, total: float, rehearsal: Rehearsal
    ) -> None:
        fresh = Declaration.objects.exclude(pk__in=known)
        states = dict(fresh.values_list("status").annotate(n=Count("pk")).order_by())
        made = Counter(StoredDocument.objects.filter(pk__gt=papers).values_list("kind", flat=True))
        codes = Counter(StoredDocument.objects.filter(pk__gt=papers).values_list("code", flat=True))
        self.stdout.write("state                count")
        for state, count in sorted(states.items(), key=lambda pair: -pair[1]):
            self.stdout.write(f"{state:<20} {count:>5}")
        self.stdout.write("\nway                  count")
        for way, count in fresh.values_list("route").annotate(n=Count("pk")).order_by("route"):
            self.stdout.write(f"{way:<20} {count:>5}")
        registered, found = self._besides(rehearsal)
        self.stdout.write("\ndocument             made")
        for code, count in sorted(codes.items()):
            self.stdout.write(f"{code:<20} {count:>5}")
        self.stdout.write(f"\nPDF {made['pdf']}, xlsx {made['xlsx']}, zip {made['zip']}, photographs {made['photo']}\n")
        for name, took in seconds.items():
            self.stdout.write(f"{name:<26} {took:6.1f} s")
        self.stdout.write(f"{'all':<26} {total:6.1f} s")
        accounted = sum(states.values())
        left = {state: n for state, n in states.items() if state != "certified" and state not in CLOSED}
        problems = [f"{n} left behind in {state}" for state, n in left.items()]
        if accounted != people:
            problems.append(f"{accounted} of {people} accounted for")
        issued = states.get("certified", 0) + registered
        if issued != codes["certificate"]:
            problems.append(f"{issued} certified or registered, {codes['certificate']} certificates")
        problems += found
        broken = chain.verify()
        if broken:
            problems.append(f"chain broken at {broken.seq}: {broken.why}")
        if problems:
            raise CommandError("; ".join(problems))
        self.stdout.write(f"{accounted} of {people} accounted for, chain holds.")
