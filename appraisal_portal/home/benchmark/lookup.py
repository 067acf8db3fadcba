"""The public check of a certificate among a million: the statement in PostgreSQL against ``SELECT 1``, the page against
``hello``, a miss against a hit.

The rows are copies of one certificate, made by the database; what is asked for is real. pgbench asks, for a client in
Python would cost more than the answer.
"""

import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from appraisal_portal import services
from appraisal_portal.home.benchmark import fill, guessing, load, server
from appraisal_portal.home.benchmark.figures import Figure, Taken, one_round
from appraisal_portal.home.benchmark.load import Target
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel.models import LogEntry
from certificates.models import Certificate, CertificateVersion
from certificates.services import lookup, secrets
from certificates.services.public_log import CERTIFICATE

OF_SELECT_1, OF_HELLO, MISS_OF_HIT = 0.7, 0.18, 0.9
_KEYS = 2**31
"""Keys are 2n × an odd number modulo this: no two alike, in no order, and pgbench can reckon them as PostgreSQL does.
Each odd number between two keys is missing, side by side with one that is there."""
_KEY = f"mod(n::bigint * 2206530490, {_KEYS})"
_REST = "5f" * 24  # the hash behind its key
_NUMBERS = "33110020182"

_FIRST = 500_001
"""People and numbers of this chapter: behind those of the pages, which have their own."""


def grow(template: Certificate, size: int) -> None:
    """So many certificates beside those there are, each with one version and its line in the public log."""
    [version] = CertificateVersion.objects.filter(certificate=template)
    LogEntry(place=0, kind=CERTIFICATE, subject_id=version.pk, line='{"kind":"certificate"}').save(force_insert=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL session_replication_role = replica")  # no checks of a million equal keys
        number = f"'{_NUMBERS}' || lpad(n::text, 9, '0')"
        own = {"number": number, "status": "'revoked'", "revoked_on": "current_date"}  # one person holds one valid one
        _copies(cursor, template, own, size)
        first = f"(SELECT min(id) - 1 FROM {Certificate._meta.db_table} WHERE number LIKE '{_NUMBERS}%%')"  # noqa: S608
        digest = _digest(_KEY)
        _copies(
            cursor, version, {"certificate_id": f"{first} + n", "token_sha256": digest, "lookup_hmac": digest}, size
        )
        versions = f"(SELECT id FROM {CertificateVersion._meta.db_table} WHERE token_key = {_KEY})"  # noqa: S608
        _copies(cursor, LogEntry.objects.get(place=0), {"place": "n", "subject_id": versions}, size)


def _vacuum() -> None:
    """As autovacuum leaves tables before long: an index alone answers only where it is known that all see the row."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for model in (Certificate, CertificateVersion, LogEntry):
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")
    connection.close()  # and with it the setting


def _copies(cursor: Any, row: Any, other: dict[str, str], size: int) -> None:
    table, key = row._meta.db_table, row._meta.pk.column
    columns = [field.column for field in row._meta.concrete_fields if field.column != "id" and not field.generated]
    values = ", ".join(other.get(column, f"t.{column}") for column in columns)
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} "  # noqa: S608 - names of our own tables and columns
        f"FROM {table} t, generate_series(1, %s) AS n WHERE t.{key} = %s ORDER BY n",
        [size, row.pk],
    )


def _digest(key: str) -> str:
    return f"(lpad(to_hex({key}), 16, '0') || '{_REST}')"


def _scripts(size: int) -> dict[str, str]:
    """Each draws alike, so that pgbench has the same work beside each statement."""
    draw = f"\\set n random(1, {size})\n\\set key (:n * 2206530490) % {_KEYS}\n\\set none :key + 1\n"
    find, read = lookup.FIND["token_sha256"], lookup.READ["token_sha256"]
    copies = CertificateVersion.objects.filter(certificate__number__startswith=_NUMBERS)
    first = copies.order_by("pk").values_list("pk", flat=True)[0]  # rows are copied in the order of n
    version = f"({first - 1} + :n)"
    return {
        "select 1": f"{draw}SELECT 1;",
        "hit": f"{draw}{find.replace('$1', ':key')};",
        "miss": f"{draw}{find.replace('$1', ':none')};",
        "reading": f"{draw}{read.replace('$1', version).replace('$2', _digest(':key::bigint'))};",
    }


def _pgbench(folder: Path, name: str, script: str, often: list[str]) -> float:
    """Statements a second of four clients, prepared once each."""
    path = folder / f"{name}.sql"
    path.write_text(script)
    given = connection.settings_dict
    words = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environ = {**os.environ, **{word: str(given[key]) for word, key in words.items() if given[key]}}
    command = [_program(), "-n", "-M", "prepared", "-c", "4", "-j", "1", *often, "-f", str(path)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    told = [line for line in done.stdout.splitlines() if line.startswith("tps = ")]
    if done.returncode or not told:
        raise server.ServerError(f"pgbench: {done.stderr[-1000:]}")
    return float(told[0].split()[2])


def _program() -> str:
    return shutil.which("pgbench") or str(services.postgres_program("pgbench"))


def measure(city: City, cycle: Cycle, log: Path, options: dict[str, Any]) -> Iterable[Figure]:
    """Statements first, then pages of those that exist and of those that do not."""
    size = 1_000 if options["quick"] else 1_000_000
    asked = fill.people(fill.ASKED, first=_FIRST)
    tokens, numbers = fill.certificates(city, cycle, asked, first=_FIRST)
    grow(Certificate.objects.get(person=asked[0]), size)
    _vacuum()
    yield from _statements(size, options)
    with server.running(server.free_port(), log.with_suffix(".lookup.log")) as running:
        yield from _pages(running, tokens, size, options)
    held = [(number, person.name) for number, person in zip(numbers, asked, strict=True)]
    yield from guessing.measure(held, 16 if options["quick"] else 2_000)


def _statements(size: int, options: dict[str, Any]) -> Iterable[Figure]:
    often = ["-t", "50"] if options["quick"] else ["-T", "2"]
    scripts = _scripts(size)
    taken: dict[str, list[float]] = {name: [] for name in scripts}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(options["rounds"]):
            for name in scripts if turn % 2 == 0 else reversed(scripts):
                taken[name].append(_pgbench(Path(folder), name.replace(" ", "_"), scripts[name], often))
    found = _ratio(taken["hit"], taken["select 1"])
    rates = ", ".join(f"{name} {statistics.median(rates):.0f}" for name, rates in taken.items())
    yield Figure("lookup_of_select_1", round(found, 3), f">= {OF_SELECT_1}", found >= OF_SELECT_1,
                 f"statements a second among {size} certificates: {rates}")  # fmt: skip
    missed = _ratio(taken["miss"], taken["hit"])
    yield Figure("lookup_miss_of_hit", round(missed, 3), f">= {MISS_OF_HIT}", missed >= MISS_OF_HIT,
                 "statements a second that find nothing against those that find one")  # fmt: skip
    read = _ratio(taken["reading"], taken["select 1"])
    yield Figure("lookup_reading_of_select_1", round(read, 3), None, True, "what a hit alone asks besides")


def _pages(running: server.Server, tokens: list[str], size: int, options: dict[str, Any]) -> Iterable[Figure]:
    def at(tokens: list[str]) -> list[str]:
        return [reverse("certificates:verify-token", args=[token]) for token in tokens]

    guesses = [secrets.new_token() for _token in tokens]
    targets = [Target("hello", ["/bench/hello/"]), Target("hit", at(tokens)), Target("miss", at(guesses))]
    taken = {target.name: Taken() for target in targets}
    asked = partial(load.run, seconds=options["seconds"], clients=options["clients"])
    for target in targets:
        asked(target, running.port)
    for turn in range(options["rounds"]):
        for target in targets if turn % 2 == 0 else reversed(targets):
            one_round(running, partial(asked, target, running.port), taken[target.name])
    page = _ratio(taken["hit"].rates, taken["hello"].rates)
    milliseconds = ", ".join(f"{name} {statistics.median(found.both_ms):.2f}" for name, found in taken.items())
    yield Figure("verification_among_a_million_of_hello", round(page, 3), f">= {OF_HELLO}", page >= OF_HELLO,
                 f"requests/s among {size} certificates; ms of processor a request: {milliseconds}")  # fmt: skip
    missed = _ratio(taken["miss"].rates, taken["hit"].rates)
    yield Figure("verification_miss_of_hit", round(missed, 3), f">= {MISS_OF_HIT}", missed >= MISS_OF_HIT,
                 "requests/s of tokens that do not exist against those that do")  # fmt: skip


def _ratio(of: list[float], to: list[float]) -> float:
    """Of rounds that lie side by side."""
    return statistics.median(a / b for a, b in zip(of, to, strict=True))
