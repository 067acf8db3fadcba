"""The public log in the database: every published transition once, in the order of the commits, never changed."""

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest
from django.db import DatabaseError, connection, transaction

from appraisal_portal.accounts.models import Organisation, OrganisationRecord
from appraisal_portal.accounts.workflow import ORGANISATION
from appraisal_portal.kernel import clock, publiclog
from appraisal_portal.kernel.models import LogEntry, LogHead, LogNode, LogSignature, LogState
from appraisal_portal.kernel.publiclog import check_log, views
from appraisal_portal.kernel.signing import compact
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = dt.date(2026, 3, 2)


@pytest.fixture
def published(monkeypatch):
    """Twenty-five units whose suspension counts as published."""
    monkeypatch.setattr(publiclog, "_kinds", {})

    def fact(record):
        return publiclog.Fact(record.subject_id, {"name": record.subject.name})

    publiclog.register("body", OrganisationRecord, "suspend", fact)
    with clock.travel(clock.at(MONDAY, 10)):
        body = Organisation.objects.create(kind="city_bureau", name="市局", status="active")
        reviewer = make_user("r", "bureau_reviewer", body)
        for n in range(25):
            unit = Organisation.objects.create(
                kind="unit", name=f"单位{n}", employer_kind="enterprise", status="active"
            )
            ORGANISATION.fire(unit, "suspend", actor=reviewer, reason="-")
    return list(
        OrganisationRecord.objects.filter(transition="suspend").order_by("pk").values_list("subject", flat=True)
    )


def swept(_n=0):
    try:
        return publiclog.sweep()
    finally:
        connection.close()


def exported():
    return b"".join(views.lines(0, publiclog.size()))


def root():
    tree = check_log.Tree()
    for line in exported().splitlines():
        tree.add(line)
    return tree.root()


def test_four_sweeps_at_once_log_everything_once_and_in_order(published, monkeypatch):
    monkeypatch.setattr(publiclog, "LINKS", 7)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(swept, range(4))) == len(published) > 20
    assert publiclog.sweep() == 0
    rows = list(LogEntry.objects.order_by("place"))
    assert [row.place for row in rows] == list(range(len(published)))
    assert [row.subject_id for row in rows] == published
    assert publiclog.consistency(5, len(rows))["second"]["root"] == root()
    monkeypatch.setattr(views, "LINES", 10)
    assert len(exported().splitlines()) == len(rows)


def test_a_line_tells_nothing_of_the_content_and_equal_contents_look_different(published):
    publiclog.sweep()
    name = Organisation.objects.get(pk=published[0]).name
    first = publiclog.proof(publiclog.entry_of("body", published[0]))
    assert name in first["content"]
    assert name not in exported().decode()
    line = json.loads(first["entry"])
    assert set(line) == {"kind", "at", "commitment"}
    assert line["commitment"] == check_log.commitment(first["salt"], first["content"])
    assert line["commitment"] != check_log.commitment("0" * 32, first["content"])
    assert len({row.salt for row in LogEntry.objects.all()}) == len(published)


def test_a_head_is_the_tree_at_24_00_of_its_day_and_stays(published):
    with clock.travel(clock.at(MONDAY, 10)):
        publiclog.sweep()
        assert publiclog.latest_head() is None
        entry = publiclog.entry_of("body", published[3])
        assert publiclog.head_for(entry.place).day is None
    before, size = root(), len(published)
    with clock.travel(clock.at(MONDAY + dt.timedelta(days=2), 0, 1)):
        unit, bureau = Organisation.objects.get(pk=published[0]), Organisation.objects.get(kind="city_bureau")
        ORGANISATION.fire(unit, "restore", actor=make_user("x", "bureau_reviewer", bureau), reason="-")
        publiclog.register("body-again", OrganisationRecord, "restore", lambda r: publiclog.Fact(r.pk, {"at": r.at}))
        assert publiclog.sweep() == 1
    heads = list(LogHead.objects.values_list("day", "size", "root"))
    assert heads == [(MONDAY, size, before), (MONDAY + dt.timedelta(days=1), size, before)]
    proof = publiclog.proof(entry)
    assert (proof["day"], proof["root"]) == (MONDAY.isoformat(), before)
    steps = [bytes.fromhex(step) for step in proof["path"]]
    assert check_log.root_of_inclusion(entry.line.encode(), entry.place, size, steps) == before
    grown = publiclog.consistency(size, size + 1)
    assert grown["second"]["root"] == root() != before
    steps = [bytes.fromhex(step) for step in grown["path"]]
    assert check_log.consistent(size, before, size + 1, root(), steps)


def test_nothing_of_it_can_be_changed_or_deleted(published):
    publiclog.sweep()
    with clock.travel(clock.at(clock.today() + dt.timedelta(days=1), 9)):
        publiclog.sweep()
    assert LogHead.objects.exists()
    for model, change in ((LogEntry, {"line": "x"}), (LogNode, {"hash": "x"}), (LogHead, {"root": "x"})):
        for act in (lambda m=model, c=change: m.objects.update(**c), lambda m=model: m.objects.all().delete()):
            with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
                act()
    with pytest.raises(DatabaseError, match="log_once"), transaction.atomic():
        LogEntry.objects.create(place=10**6, kind="body", subject_id=published[0], line="", salt="", content="")
    with pytest.raises(DatabaseError, match="log_state_single"), transaction.atomic():
        LogState.objects.create(pk=2, size=0, chain_seq=0)


def test_heads_are_signed_once_and_wait_for_a_key(published, settings, client):
    with clock.travel(clock.at(MONDAY, 10)):
        publiclog.sweep()
    name = settings.PORTAL_CREDENTIAL_KEY_FILE
    compact.portal_key()  # lies in its file, under its own passphrase
    with clock.travel(clock.at(MONDAY + dt.timedelta(days=3), 1)):
        publiclog.sweep()
        settings.PORTAL_CREDENTIAL_KEY_FILE = ""
        assert publiclog.sign_heads() == 0
        settings.PORTAL_CREDENTIAL_KEY_FILE, settings.PORTAL_CREDENTIAL_PASSPHRASE = name, "wrong"
        assert publiclog.sign_heads() == 0
        assert not LogSignature.objects.exists()
        settings.PORTAL_CREDENTIAL_PASSPHRASE = "tests-only"
        assert (publiclog.sign_heads(), publiclog.sign_heads()) == (3, 0)
    [jwk] = client.get("/.well-known/jwks.json").json()["keys"]
    lines = client.get("/log/heads.jsonl").content.decode().splitlines()
    assert len(lines) == 3
    for line in map(json.loads, lines):
        told = jwt.decode(line.pop("jws"), jwt.PyJWK(jwk), algorithms=["ES256"])
        assert told == line
    assert jwk["kid"] in client.get("/log/").content.decode()


def test_a_key_that_is_replaced_stays_published(published, settings, tmp_path, client):
    with clock.travel(clock.at(MONDAY, 10)):
        publiclog.sweep()
    with clock.travel(clock.at(MONDAY + dt.timedelta(days=1), 1)):
        publiclog.sweep()
        assert publiclog.sign_heads() == 1
    before = client.get("/.well-known/jwks.json").json()["keys"]
    settings.PORTAL_CREDENTIAL_KEY_FILE = str(tmp_path / "next.pem")
    with clock.travel(clock.at(MONDAY + dt.timedelta(days=2), 1)):
        publiclog.sweep()
        assert publiclog.sign_heads() == 1
    keys = client.get("/.well-known/jwks.json").json()["keys"]
    assert keys[1:] == before
    assert [row.key_id for row in LogSignature.objects.order_by("head")] == [keys[1]["kid"], keys[0]["kid"]]
    settings.PORTAL_CREDENTIAL_KEY_FILE = ""
    assert {key["kid"] for key in client.get("/.well-known/jwks.json").json()["keys"]} == {key["kid"] for key in keys}
