"""Determination and confirmation without a vote (R-20 – R-22): guards, two people, the way to the certificate."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from applications.models import Declaration, Material, Sanction, UnitPublicityItem
from applications.rules.items import items_of
from applications.services import examination
from appraisal_portal.accounts.models import Person
from appraisal_portal.home.story import certify, results
from appraisal_portal.home.story import determine as story
from appraisal_portal.home.story.people import someone
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.workflow import Blocked, NotAllowed
from committees.reviews.models import Determination
from committees.reviews.services import determination as service
from committees.reviews.workflow.determination import DETERMINATION
from committees.reviews.workflow.objection import OBJECTION
from tests.factories import determination as factory
from tests.factories.determination import CITY_UNIT, COUNTY_UNIT, DECIDED_ON
from tests.factories.results import PUBLIC_FROM, decided_meeting
from tests.factories.unit_stage import a_stage
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_stage)]
two_qualified = begins_with(factory.two_qualified)


def a_draft(people: int = 1):
    """Prepared for the first so many of two people, or for further ones."""
    city, cycle, line, rows = factory.two_qualified()
    further = range(len(rows) + 1, people + 1)
    rows = [*rows[:people], *factory.qualified(city, factory.recommended_for(city, cycle, line, *further))]
    first = story.first_person(story.authority_of(city, rows[0]))
    with clock.travel(DECIDED_ON):
        outcomes = {row.pk: ("granted", "") for row in rows}
        made = service.prepare(
            line, outcomes, user=first, reference="云人社认〔2026〕1号", contact="陈方圆", phone="0578"
        )
    return city, made, rows, first


def problems(made: Determination, actor, name: str = "propose") -> str:
    with clock.travel(DECIDED_ON):
        found = DETERMINATION.problems(made, name, actor=actor, content_hash=made.content_hash())
    return " ".join(map(str, found))


@pytest.mark.parametrize(
    ("decided_by", "unit", "body", "manner"),
    [
        ("county_bureau", COUNTY_UNIT, "云和县人力资源和社会保障局", "2"),
        ("county_bureau", CITY_UNIT, "丽水市人力资源和社会保障局", "2"),
        ("city_bureau", COUNTY_UNIT, "丽水市人力资源和社会保障局", "2"),
    ],
)
@pytest.mark.notice("I.b")
def test_r21_from_recommendation_to_certificate(decided_by, unit, body, manner):
    city, cycle, line = factory.a_line(decided_by)
    rows = factory.recommended_for(city, cycle, line, 1, 2, unit=unit)
    for row in rows:
        if not row.photos.filter(current=True).exists():
            factory.with_photo(row, row.pk)
    reports, day = story.determine(city, rows, day=DECIDED_ON)
    with clock.travel(day):
        for report in reports:
            results.decide(report)
        certify.issue(certify.batch(certify.document(reports)))
    for row in Declaration.objects.filter(pk__in=[row.pk for row in rows]):
        certificate = row.certificates.get()
        printed = certificate.versions.get().snapshot
        assert row.status == "certified"
        assert (printed["committee"], printed["acquired_by"]) == (body, "初定")
        assert certificate.qualified_on == DECIDED_ON
        assert certificate.number[11] == manner


def test_r21_only_what_the_body_that_decides_has_examined_is_determined():
    city, cycle, line = factory.a_line()
    row = factory.recommended_for(city, cycle, line, 1)[0]
    own = story.first_person(row.unit.forwarder)
    elsewhere = story.first_person(next(b for b in city.counties.values() if b != row.unit.forwarder))
    with clock.travel(DECIDED_ON):
        for stranger in (elsewhere, city.user("bureau_reviewer"), city.user("office_clerk", "enterprise")):
            with pytest.raises(NotAllowed):
                examination.accept(row, actor=stranger)
        examination.accept(row, actor=own)
        listed = {"reference": "1号", "contact": "陈方圆", "phone": "0578-2091234"}
        with pytest.raises(Blocked):  # accepted, not found eligible yet
            service.prepare(line, {row.pk: ("granted", "")}, user=own, **listed)
        judged = {item.code: ("true", "") for item in items_of(row)}
        examination.check_in_office(row, judged, actor=own)
        examination.qualify(row, actor=own)
        made = service.prepare(line, {row.pk: ("granted", "")}, user=own, **listed)
        assert DETERMINATION.problems(made, "propose", actor=own, content_hash=made.content_hash()) == []
        Declaration.objects.filter(pk=row.pk).update(line=cycle.line("forestry"))  # of another line since
        said = DETERMINATION.problems(made, "propose", actor=own, content_hash=made.content_hash())
        assert "资格审查合格" in " ".join(map(str, said))


def test_committee_office_neither_sees_nor_acts():
    city, cycle, line = factory.a_line()
    row = factory.recommended_for(city, cycle, line, 1)[0]
    clerk = city.user("office_clerk", "enterprise")
    assert not Declaration.objects.visible_to(clerk).filter(pk=row.pk).exists()
    with clock.travel(DECIDED_ON), pytest.raises(NotAllowed):
        examination.accept(row, actor=clerk)
    with clock.travel(DECIDED_ON), pytest.raises(Blocked):
        examination.forward(row, actor=story.first_person(row.unit.forwarder), opinion="同意报送。")


def test_r21_by_vote_the_committee_decides():
    city, cycle, line = factory.a_line("committee")
    row = factory.recommended_for(city, cycle, line, 1)[0]
    assert row.decider == "committee"
    assert Declaration.objects.visible_to(city.user("office_clerk", "enterprise")).filter(pk=row.pk).exists()


def test_a_determination_under_publicity_hinders_no_list_of_a_meeting():
    """Its items have no verdict: a NULL inside NOT IN once emptied every other list."""
    city, cycle, line = factory.a_line("city_bureau")
    rows = factory.qualified(city, factory.recommended_for(city, cycle, line, 1, 2))
    with clock.travel(DECIDED_ON):
        story.publicise(city, story.decide(city, rows))
    meeting, _people = decided_meeting(2)
    with clock.travel(PUBLIC_FROM):
        assert results.publicise(meeting).items.count() == 2


@two_qualified
def test_r21_passing_example_has_no_problem():
    _city, made, _rows, first = a_draft()
    assert problems(made, first) == ""


@two_qualified
def test_r21_two_people_service_and_database():
    city, made, _rows, first = a_draft()
    with clock.travel(DECIDED_ON):
        DETERMINATION.fire(made, "propose", actor=first, content_hash=made.content_hash())
        with pytest.raises(NotAllowed):
            DETERMINATION.fire(made, "decide", actor=first, content_hash=made.content_hash())
        with pytest.raises(IntegrityError), transaction.atomic():
            Determination.objects.filter(pk=made.pk).update(decided_by=first.pk)
        second = story.second_person(city, made.authority)
        DETERMINATION.fire(made, "decide", actor=second, content_hash=made.content_hash())
    assert made.decided_on == DECIDED_ON


@two_qualified
def test_changed_content_is_refused():
    city, made, rows, first = a_draft(2)
    with clock.travel(DECIDED_ON):
        DETERMINATION.fire(made, "propose", actor=first, content_hash=made.content_hash())
        made.items.filter(declaration=rows[0]).update(outcome="refused", reason="学历证书存疑")
        second = story.second_person(city, made.authority)
        with pytest.raises(Blocked, match="人员"):
            DETERMINATION.fire(made, "decide", actor=second, content_hash=made.content_hash())


@two_qualified
def test_guards_name_every_case_by_its_number():
    city, made, rows, first = a_draft(4)
    UnitPublicityItem.objects.filter(declaration=rows[0]).update(voided_at=clock.now())
    Material.objects.filter(declaration=rows[1]).update(removed=True)
    with clock.travel(DECIDED_ON):
        years = {"review_year": 2025, "from_year": 2026, "to_year": 2028}
        Sanction.objects.bulk_create([Sanction(person=rows[2].applicant, status="draft", ground="伪造", **years)])
    with connection.cursor() as cursor:  # a ban in force needs its whole file; only its years matter here
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE applications_sanction SET status = 'in_force'")
        cursor.execute("SET session_replication_role = DEFAULT")
    user = rows[3].applicant.user
    type(user).objects.filter(pk=user.pk).update(frozen_at=clock.now())
    said = problems(made, first)
    for row in rows:
        assert str(row) in said
        assert row.applicant.name not in said  # P12


@two_qualified
def test_r21_nobody_decides_about_themselves_or_their_unit():
    city, made, rows, _first = a_draft()
    applicant = rows[0].applicant.user
    row = applicant.memberships.create(
        role="forwarder", organisation=made.authority, starts_on=dt.date(2020, 1, 1), reason="兼"
    )
    assert applicant.full_name or row.pk
    assert "本人" in problems(made, applicant.act_as(row)) or "yourself" in problems(made, applicant.act_as(row))
    assert not service.cases(applicant.act_as(row)).filter(pk=rows[0].pk).exists()


@two_qualified
@pytest.mark.parametrize("tie", ["membership", "employment"])
def test_r21_nobody_decides_about_people_of_the_same_unit(tie):
    city, made, rows, first = a_draft()
    assert problems(made, first) == ""
    if tie == "membership":
        first.memberships.create(
            role="unit_clerk", organisation=rows[0].unit, starts_on=dt.date(2020, 1, 1), reason="兼任"
        )
    else:
        who = someone(777)
        Person.objects.create(
            user=first, name=who.name, id_kind=who.id_kind, id_number=who.id_number, birth_date=who.birth_date,
            gender=who.gender, phone=who.phone, email=who.email,
        )  # fmt: skip
        with clock.travel(DECIDED_ON):
            city.employ(first, rows[0].unit)
    user = type(first).objects.get(pk=first.pk)
    again = user.act_as(user.memberships.get(role="forwarder"))
    with clock.travel(DECIDED_ON):
        said = [str(p) for p in DETERMINATION.problems(made, "propose", actor=again, content_hash=made.content_hash())]
        assert said == [f"{rows[0]} 的申报人是您本单位人员，须由他人办理。"]
        with pytest.raises(Blocked):
            DETERMINATION.fire(made, "propose", actor=again, content_hash=made.content_hash())


@two_qualified
def test_r21_a_case_without_the_snapshot_of_its_examination_is_named():
    _city, made, rows, first = a_draft(2)
    with connection.cursor() as cursor:  # snapshots are append-only; somebody with the database in hand
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "DELETE FROM applications_declarationsnapshot WHERE stage = 'qualified' AND declaration_id = %s",
            [rows[1].pk],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    said = problems(made, first)
    assert f"{rows[1]}：资格审查尚未完成。" in said
    assert str(rows[0]) not in said


@two_qualified
def test_refused_person_gets_the_reason_and_no_certificate():
    city, _cycle, _line, rows = factory.two_qualified()
    with clock.travel(DECIDED_ON):
        made = story.decide(city, rows, refuse={rows[1].pk: "毕业后工作年限不足"})
        publicity = story.publicise(city, made)
    assert Declaration.objects.get(pk=rows[1].pk).status == "not_passed"
    assert [item.declaration_id for item in publicity.items.all()] == [rows[0].pk]


@two_qualified
def test_objection_holds_one_person_only():
    city, _cycle, _line, rows = factory.two_qualified()
    with clock.travel(DECIDED_ON):
        publicity = story.publicise(city, story.decide(city, rows))
        item = publicity.items.get(declaration=rows[0])
        objection = results.object_to(item, admit=False)
        OBJECTION.fire(
            objection, "admit", actor=story.first_person(publicity.source.office), substance=results.SUBSTANCE
        )
    held, free = (Declaration.objects.get(pk=row.pk).status for row in rows)
    assert (held, free) == ("held", "result_publicity")
