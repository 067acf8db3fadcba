"""The office's work list of 50 out of ever more declarations, as served and put into words anew, and the bureau's
overview of them, against the reference page.

The rows are copies of one declaration of one person, made by the database.
"""

import itertools
import statistics
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import connection, models, transaction
from django.urls import reverse

from applications.models import Declaration, LearningHours
from applications.services import counts
from appraisal_portal.accounts.models import Person
from appraisal_portal.home.benchmark import fill, load, server
from appraisal_portal.home.benchmark.figures import Figure, Taken, one_round
from appraisal_portal.home.benchmark.load import Target
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from certificates.models import Certificate

OF_REFERENCE, IN_WORDS_OF_REFERENCE, GROWTH, OVERVIEW_OF_REFERENCE = 1.25, 3.0, 1.3, 8.0
# Every declaration of the work list has its class hours of five years, 84 to 98 of them a year.
_HOURS = f"""
    INSERT INTO {LearningHours._meta.db_table} (declaration_id, year, professional, industry, general, other)
    SELECT d.id, d.year - y, 60, 18, 6 + mod(d.id + y, 15), 0
      FROM {Declaration._meta.db_table} d, generate_series(1, 5) y WHERE d.number LIKE '%-W%' ORDER BY d.id, y
        ON CONFLICT DO NOTHING
"""  # noqa: S608 - names of our own tables
ASKED = ("", "?tab=todo", "?tab=eligible", "?tab=all&sort=-due", "?tab=all&page=2")
OTHER = 1_000
"""So many addresses in each round, and others in the next: a page is put into words anew, as when one of its rows has
changed."""
PAGES = ("reference", "work list", "work list in words", "overview")


def grow(city: City, template: Declaration, size: int) -> None:
    """Copies until the office has so many."""
    before = Declaration.objects.filter(committee=template.committee_id).count()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL session_replication_role = replica")  # no history, checks or counts of 200,000 copies
        last = Person.objects.aggregate(last=models.Max("pk"))["last"]
        people = {"user_id": "NULL", "id_number": "'3311241981' || lpad((%(before)s + n)::text, 8, '0')"}
        _copies(cursor, template.applicant, people, before, size)
        rows = {
            "number": "to_char(%(year)s, 'FM0000') || '-W' || lpad((%(before)s + n)::text, 7, '0')",
            "applicant_id": "(SELECT id FROM new_people WHERE place = n)",
            "status": "CASE WHEN mod(n, 3) = 0 THEN 'qualified' ELSE 'in_examination' END",
            "unit_id": "(%(units)s::bigint[])[1 + mod(n, cardinality(%(units)s::bigint[]))]",
            "recommended_on": "current_date - mod(n, 40)",
            "arrived_on": "current_date - mod(n, 40)",
        }
        cursor.execute(
            "CREATE TEMPORARY TABLE new_people ON COMMIT DROP AS SELECT id, row_number() OVER (ORDER BY id) AS place "  # noqa: S608
            f"FROM {Person._meta.db_table} WHERE id > %s",
            [last],
        )
        cursor.execute("CREATE UNIQUE INDEX ON new_people (place)")
        _copies(cursor, template, rows, before, size, [unit.pk for unit in city.units])
        cursor.execute(_HOURS)
    counts.count_anew()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copies(
    cursor: Any, row: models.Model, other: Mapping[str, str], before: int, size: int, units: Any = None
) -> None:
    columns = [field.column for field in row._meta.concrete_fields if not field.primary_key]
    values = ", ".join(other.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = row._meta.db_table
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} "  # noqa: S608 - names of our own tables and columns
        f"FROM {table} t, generate_series(1, %(count)s) AS n WHERE t.id = %(template)s",
        {
            "before": before,
            "count": max(size - before, 0),
            "template": row.pk,
            "year": getattr(row, "year", 0),
            "units": units or [],
        },
    )


def measure(
    city: City, cycle: Cycle, running: server.Server, *, sizes: tuple[int, int, int], rounds: int, seconds: float,
    clients: int,
) -> list[Figure]:  # fmt: skip
    """At each size in turn, rounds side by side with the reference page; the bars are those of the middle size and, for
    the page made anew, of the largest against the smallest."""
    template = fill.a_declaration(city, cycle, "work list", status="in_examination")
    cookie = fill.cookies(city.user("office_clerk", template.committee.office))
    numbers = list(Certificate.objects.values_list("number", flat=True)[: fill.ASKED])
    if not numbers:
        _tokens, numbers = fill.certificates(city, cycle, fill.people(fill.ASKED))
    page = reverse("applications:office-list")
    others, of_bureau = itertools.count(), fill.cookies(city.user("bureau_reviewer"))

    def targets() -> list[Target]:
        return [
            Target("reference", [f"/bench/reference/{number}/" for number in numbers], cookie),
            Target("work list", [page + asked for asked in ASKED], cookie),
            Target("work list in words", [f"{page}?other={next(others)}" for _n in range(OTHER)], cookie),
            Target("overview", [reverse("home:bureau")], of_bureau),
        ]

    ratios: dict[tuple[int, str], float] = {}
    found = []
    for size in sizes:
        grow(city, template, size)
        taken = {name: Taken() for name in PAGES}
        for target in targets():
            load.run(target, running.port, seconds=min(seconds, 1.0), clients=clients)
        for _round in range(rounds):
            for target in targets():
                run = partial(load.run, target, running.port, seconds=seconds, clients=clients)
                one_round(running, run, taken[target.name])
        for name in PAGES[1:]:
            pairs = zip(taken[name].both_ms, taken["reference"].both_ms, strict=True)
            ratios[size, name] = statistics.median(a / b for a, b in pairs)
            ms = statistics.median(taken[name].both_ms)
            key = f"{name.replace(' ', '_')}_of_reference_at_{size}"
            found.append(Figure(key, round(ratios[size, name], 3), None, True, f"{ms:.1f} ms of processor a request"))
    small, asked, large = sizes
    served, in_words = ratios[asked, "work list"], ratios[asked, "work list in words"]
    overview = ratios[asked, "overview"]
    growth = ratios[large, "work list"] / ratios[small, "work list"]
    return [
        Figure("work_list_of_reference", round(served, 3), f"<= {OF_REFERENCE}", served <= OF_REFERENCE,
               f"50 of {asked} declarations: tabs, an order and the second page in turn, asked from the database"),
        Figure("work_list_in_words_of_reference", round(in_words, 3), f"<= {IN_WORDS_OF_REFERENCE}",
               in_words <= IN_WORDS_OF_REFERENCE, "the same put into words anew, as after a change of one of its rows"),
        Figure("work_list_growth", round(growth, 3), f"<= {GROWTH}", growth <= GROWTH,
               f"at {large} against {small} declarations"),
        Figure("overview_of_reference", round(overview, 3), f"<= {OVERVIEW_OF_REFERENCE}",
               overview <= OVERVIEW_OF_REFERENCE, f"the bureau's overview over {asked} declarations"),
        *found,
    ]  # fmt: skip
