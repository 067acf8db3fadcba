"""The table of the declaration and of bans: rows, who may, what is told, what later stages drive."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from applications.models import Declaration, Sanction, Signature
from applications.querysets import CLOSED
from applications.rules import progress
from applications.rules.ways import years_between
from applications.services import drafts, sanctions, signing
from applications.workflow import DECLARATION, SANCTION
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock, statuses
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
    told = {row.payload["user"] for row in Outbox.objects.filter(kind="message")}
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
    signing.sign_confirmed(declaration, Signature.Mark.SEAL, head)
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


# -- bans --------------------------------------------------------------------------------------------------------------


def _decided(city: City, person: Any, review_year: int = 2025) -> Sanction:
    reviewer, approver = city.user("bureau_reviewer"), city.user("bureau_approver")
    case = sanctions.open_case(person, review_year=review_year, ground="论文造假", actor=reviewer)
    SANCTION.fire(case, "hear", actor=reviewer, statement="承认", statement_refused=False, evidence="检索报告")
    SANCTION.fire(case, "propose", actor=reviewer, content_hash=case.content_hash())
    SANCTION.fire(case, "decide", actor=approver, content_hash=case.content_hash())
    return case


def test_a_ban_counts_from_the_next_year_and_ends_what_is_under_way(world: World) -> None:
    city, _cycle = world
    declaration = a_submitted(*world, 1)
    case = _decided(city, declaration.applicant)
    assert (case.from_year, case.to_year, case.status) == (2026, 2028, "in_force")
    declaration.refresh_from_db()
    assert declaration.status == "barred"
    record = declaration.records.last()
    assert (record.cause_table, record.cause_id) == ("applications_sanctionrecord", case.records.last().pk)


def test_a_ban_takes_a_statement_and_a_second_person(world: World) -> None:
    city, _cycle = world
    reviewer = city.user("bureau_reviewer")
    person = a_draft(*world, 1).applicant
    case = sanctions.open_case(person, review_year=2025, ground="业绩不实", actor=reviewer)
    with pytest.raises(Blocked):
        SANCTION.fire(case, "hear", actor=reviewer, statement="", statement_refused=False, evidence="")
    SANCTION.fire(case, "hear", actor=reviewer, statement="", statement_refused=True, evidence="原单位证明")
    SANCTION.fire(case, "propose", actor=reviewer, content_hash=case.content_hash())
    with pytest.raises(NotAllowed):
        SANCTION.fire(case, "decide", actor=reviewer, content_hash=case.content_hash())
    with pytest.raises(Blocked):
        SANCTION.fire(case, "decide", actor=city.user("bureau_approver"), content_hash="of another page")


def test_a_ban_of_a_future_review_is_refused(world: World) -> None:
    person = a_draft(*world, 1).applicant
    with pytest.raises(Blocked):
        sanctions.open_case(person, review_year=2027, ground="x", actor=world[0].user("bureau_reviewer"))
    with pytest.raises(Blocked):
        sanctions.open_case(person, review_year=2025, ground=" ", actor=world[0].user("bureau_reviewer"))


def test_a_ban_is_lifted_by_two_people(world: World) -> None:
    city, _cycle = world
    case = _decided(city, a_draft(*world, 1).applicant)
    approver = city.user("bureau_approver")
    with pytest.raises(Blocked):
        SANCTION.fire(case, "lift", actor=city.user("bureau_approver", place=1), reason="申诉成立")
    SANCTION.fire(case, "propose_lift", actor=city.user("bureau_reviewer"), reason="申诉成立")
    SANCTION.fire(case, "lift", actor=approver, reason="申诉成立")
    assert case.status == "lifted"


def test_pages_of_bans(client: Any, world: World) -> None:
    city, _cycle = world
    declaration = a_submitted(*world, 1)
    client.force_login(city.user("bureau_reviewer"))
    data = {"number": declaration.number, "review_year": 2025, "ground": "业绩不实"}
    assert client.post("/bureau/bans/new/", data | {"number": "2026-9999"}).status_code == 422
    assert client.post("/bureau/bans/new/", data | {"review_year": 2030}).status_code == 422
    page = client.post("/bureau/bans/new/", data, follow=True)
    assert page.status_code == 200
    case = Sanction.objects.get()
    assert client.get("/bureau/bans/").status_code == 200
    assert client.get(f"/bureau/bans/{case.pk}/do/hear/").status_code == 200
    client.force_login(declaration.applicant.user)
    assert client.get(case.get_absolute_url()).status_code == 404  # nothing before it is in force
    assert client.get("/bureau/bans/").status_code == 403


def test_days_are_counted_in_years() -> None:
    assert years_between(dt.date(2021, 12, 31), dt.date(2026, 12, 31)) == 5
    assert years_between(dt.date(2022, 1, 1), dt.date(2026, 12, 31)) == 4
