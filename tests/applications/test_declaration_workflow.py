"""The table of the declaration: rows, who may, what is told, what later stages drive."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from applications.models import Declaration, Signature
from applications.querysets import CLOSED
from applications.rules import progress
from applications.rules.ways import years_between
from applications.services import drafts, signing
from applications.workflow import DECLARATION
from appraisal_portal.home.story import seals
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock, outbox, statuses
from appraisal_portal.kernel.access import SYSTEM
from appraisal_portal.kernel.models import Outbox
from appraisal_portal.kernel.workflow import SAME, Blocked, NotAllowed, WrongState
from tests.factories.applications import a_draft, a_submitted

pytestmark = pytest.mark.django_db
World = tuple[City, Cycle]


def test_every_status_is_shown_and_placed() -> None:
    for status in Declaration.Status.values:
        assert status in statuses.SHOWN["declaration"]
        assert (progress.place_of(status) is None) == (status in {*CLOSED, "revoked"} - {"granted_elsewhere"})


def test_every_status_but_the_closed_ones_leads_on() -> None:
    leads_on = {source for row in DECLARATION.transitions.values() for source in row.sources if row.target is not SAME}
    assert set(Declaration.Status.values) - leads_on == set(CLOSED) - {"disqualified"}


def test_every_row_tells_somebody_and_has_public_words() -> None:
    silent = {row.name for row in DECLARATION.transitions.values() if not row.tells}
    unnamed = {row.name for row in DECLARATION.transitions.values() if not row.public_label}
    assert silent == unnamed == {"record_pass", "determine"}  # the applicant learns of it when the publicity starts


def test_an_office_cannot_let_somebody_pass_without_a_meeting(world: World) -> None:
    declaration = a_submitted(*world, 1)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        Declaration.objects.filter(pk=declaration.pk).update(status="on_roster")
        cursor.execute("SET session_replication_role = DEFAULT")
    declaration.refresh_from_db()
    clerk = world[0].users("office_clerk", declaration.committee.office)[0]
    for actor in (clerk, SYSTEM):
        with pytest.raises(NotAllowed):
            DECLARATION.fire(declaration, "record_pass", actor=actor)
    with pytest.raises(NotAllowed, match="not driven by"):
        DECLARATION.fire(declaration, "record_pass", actor=clerk, cause=declaration.records.first())


def test_the_database_refuses_what_the_table_does_not_hold(world: World) -> None:
    declaration = a_draft(*world, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Declaration.objects.filter(pk=declaration.pk).update(status="certified")


def test_submission_writes_number_snapshot_record_and_messages(world: World) -> None:
    declaration = a_submitted(*world, 1)
    second = a_submitted(*world, 2)
    assert [declaration.number, second.number] == ["2026-0001", "2026-0002"]
    snapshot = declaration.snapshots.get()
    assert snapshot.sha256 == declaration.content_hash() == declaration.records.get().content_hash
    assert snapshot.content["person"]["id_number"] == declaration.applicant.id_number
    record = declaration.records.get()
    assert outbox.make_messages() == 2
    said = Outbox.objects.filter(kind="message", key__startswith=f"{record._meta.db_table}:{record.pk}:")
    told = {row.payload["user"] for row in said}
    assert declaration.applicant.user_id in told
    assert {user.pk for user in world[0].users("unit_clerk", declaration.unit)} <= told


def test_a_refused_submission_burns_no_number(world: World) -> None:
    unsigned = a_draft(*world, 1)
    with pytest.raises(Blocked):
        DECLARATION.fire(unsigned, "submit", actor=unsigned.applicant.user)
    assert a_submitted(*world, 2).number == "2026-0001"


def test_nobody_submits_for_somebody_else(world: World) -> None:
    declaration = a_draft(*world, 1)
    with pytest.raises(NotAllowed):
        DECLARATION.fire(declaration, "submit", actor=world[0].applicant(2))


def test_a_submitted_declaration_is_not_submitted_twice(world: World) -> None:
    declaration = a_submitted(*world, 1)
    with pytest.raises(WrongState):
        DECLARATION.fire(declaration, "submit", actor=declaration.applicant.user)


def test_one_live_declaration_holds_in_the_database(world: World) -> None:
    declaration = a_draft(*world, 1)
    declaration.pk, declaration._state.adding = None, True
    with pytest.raises(IntegrityError, match="one_live"), transaction.atomic():
        declaration.save(force_insert=True)


def test_a_clerk_does_not_verify_the_own_declaration(world: World) -> None:
    city, _cycle = world
    declaration = a_submitted(*world, 1)
    user = declaration.applicant.user
    membership = user.memberships.create(
        role="unit_clerk", organisation=declaration.unit, starts_on=clock.today(), reason="试用"
    )
    user.__dict__.pop("_memberships", None)
    with pytest.raises(NotAllowed):
        DECLARATION.fire(declaration, "verify", actor=user.act_as(membership))


@pytest.mark.notice("IV.4.b")
def test_three_people_sign(world: World) -> None:
    city, _cycle = world
    declaration = a_submitted(*world, 1)
    clerk, head = city.user("unit_clerk", declaration.unit), city.user("unit_head", declaration.unit)
    with pytest.raises(NotAllowed):
        signing.sign_confirmed(declaration, Signature.Mark.UNIT_HEAD, clerk)
    signing.sign_confirmed(declaration, Signature.Mark.VERIFIER, clerk)
    live = signing.live(declaration)
    with pytest.raises(IntegrityError, match="three people"), transaction.atomic():
        Signature.objects.create(undertaking=live, mark="unit_head", user=clerk, text_sha256=live.text_sha256)
    signing.sign_confirmed(declaration, Signature.Mark.UNIT_HEAD, head)
    signing.seal_electronically(declaration, seals.registered(declaration.unit), head)
    assert live.signatures.count() == 4


def test_signatures_stay_as_they_were_made(world: World) -> None:
    a_submitted(*world, 1)
    for change in (lambda rows: rows.update(mark="seal"), lambda rows: rows.delete()):
        with pytest.raises(Exception, match="Cannot"), transaction.atomic():
            change(Signature.objects.all())


def test_a_scan_needs_its_file(world: World) -> None:
    declaration = a_submitted(*world, 1)
    live = signing.live(declaration)
    with pytest.raises(IntegrityError, match="scan_has_file"), transaction.atomic():
        Signature.objects.create(
            undertaking=live, mark="seal", user=world[0].user("unit_head"), method="scan", text_sha256=live.text_sha256
        )


def test_only_the_named_sections_open(world: World) -> None:
    declaration = a_submitted(*world, 1)
    assert drafts.open_sections(declaration) == frozenset()
    with pytest.raises(WrongState):
        drafts.save_section(
            declaration, "person", declaration.form_version, user=declaration.applicant.user, write=lambda row: None
        )


def test_days_are_counted_in_years() -> None:
    assert years_between(dt.date(2021, 12, 31), dt.date(2026, 12, 31)) == 5
    assert years_between(dt.date(2022, 1, 1), dt.date(2026, 12, 31)) == 4
