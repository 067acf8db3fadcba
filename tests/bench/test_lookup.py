"""The bench's million certificates are certificates: the public check finds each by what pgbench reckons."""

import re

import pytest
from django.db import connection

from appraisal_portal.home.benchmark import fill, guessing, lookup
from certificates.models import Certificate, CertificateVersion
from certificates.services import lookup as check
from tests.factories.plans import a_cycle


@pytest.mark.django_db
def test_copies_are_found_by_the_keys_that_are_asked_for():
    city, cycle = a_cycle(2026, committees=("agriculture",))
    tokens, _numbers = fill.certificates(city, cycle, fill.people(3))
    lookup.grow(Certificate.objects.earliest("pk"), 20)
    assert Certificate.objects.count() == CertificateVersion.objects.count() == 23
    scripts = lookup._scripts(20)
    with connection.cursor() as cursor:
        for n in (1, 20):
            cursor.execute(_as_pgbench(scripts["hit"], n))
            [(found,)] = cursor.fetchall()
            version = CertificateVersion.objects.select_related("certificate").get(pk=found)
            assert version.certificate.number == f"33110020182{n:09d}"
            cursor.execute(_as_pgbench(scripts["reading"], n))
            assert [row[3] for row in cursor.fetchall()] == [version.certificate.number]
            verdict = check.by_token_hash(version.token_sha256)
            assert (verdict.state, verdict.number, verdict.logged_as) == ("revoked", version.certificate.number, n)
            cursor.execute(_as_pgbench(scripts["miss"], n))
            assert cursor.fetchall() == []
    assert check.by_token(tokens[2]).state == "valid"


@pytest.mark.parametrize(
    ("hits", "misses", "chance"),
    [([3, 4], [1, 2], 1.0), ([1, 2], [3, 4], 0.0), ([1, 4], [2, 3], 0.5), ([2, 2], [2, 2], 0.5), ([1, 3], [2], 0.5)],
)
def test_how_often_a_hit_takes_longer_than_a_miss(hits, misses, chance):
    assert guessing.above(hits, misses) == chance


def _as_pgbench(script, n):
    key = n * 2206530490 % lookup._KEYS
    statement = script.splitlines()[-1]
    for name, value in {"key": key, "none": key + 1, "n": n}.items():
        statement = re.sub(rf"(?<!:):{name}\b", f"({value})", statement)
    return statement.replace("%", "%%")
