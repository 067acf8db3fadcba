"""A declaration read whole says what its relations say; handing in costs the same whatever the number of rows."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applications.models import Declaration, Signature, read_whole
from applications.models.whole import BLOCKS, OF_PERSON
from applications.rules.items import items_of
from applications.services import signing
from applications.workflow import DECLARATION
from appraisal_portal.accounts.models import Membership, User
from appraisal_portal.home.story import declare
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock, outbox, references
from appraisal_portal.kernel.models import Outbox
from committees.plans.models import CommitteeScope, HoursRequirement

pytestmark = pytest.mark.django_db
World = tuple[City, Cycle]
POINTS_AT = ("applicant", "unit", "line", "committee", "series", "subfield", "title", "standard_version")


def plain(rows: Any) -> list[dict[str, Any]]:
    """Every column of every row."""
    return [{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} for row in rows]


def test_it_holds_what_the_relations_hold(draft: Declaration) -> None:
    declare.sign(draft, Signature.Mark.APPLICANT, draft.applicant.user)
    whole = Declaration.objects.get(pk=draft.pk)
    read_whole(whole)
    alone = Declaration.objects.get(pk=draft.pk)
    for name in BLOCKS:
        assert plain(getattr(whole, name).all()) == plain(getattr(alone, name).all()), name
    for name in OF_PERSON:
        assert plain(getattr(whole.applicant, name).all()) == plain(getattr(alone.applicant, name).all()), name
    for name in POINTS_AT:
        assert getattr(whole, name) == getattr(alone, name), name
    assert whole.line.plan == alone.line.plan
    assert {m.upload for m in whole.materials.all()} == {m.upload for m in alone.materials.all()}
    assert [s.mark for u in whole.undertakings.all() for s in u.signatures.all()] == ["applicant"]
    with CaptureQueriesContext(connection) as asked:
        content = whole.content()
        items = items_of(whole)
    assert not asked.captured_queries
    assert content == alone.content()
    assert items == items_of(alone)
    fresh = Declaration.objects.get(pk=draft.pk)
    with CaptureQueriesContext(connection) as asked:
        assert fresh.content() == content
    assert len(asked.captured_queries) == 1


def test_handing_in_takes_five_queries_however_many_rows(draft: Declaration, mine: Client) -> None:
    """P-speed: at most 15; session, account, the locked row with roles, person and all else, number, all it writes."""
    for place in range(4):
        draft.work_history.create(
            starts_on=dt.date(2015 + place, 1, 1), unit_name="兼职单位", post="顾问", secondary=True
        )
    declare.sign(draft, Signature.Mark.APPLICANT, draft.applicant.user)
    references.next_number("declaration", draft.year)  # the first number of a year costs one more
    with CaptureQueriesContext(connection) as asked:
        answer = mine.post(f"/my/declarations/{draft.pk}/check/", {"form_version": draft.form_version})
    assert answer.status_code == 302
    told = [q["sql"] for q in asked.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(told) == 5, "\n".join(told)
    draft.refresh_from_db()
    assert (draft.status, draft.receipts.count(), draft.records.count()) == ("with_unit", 1, 1)


def test_handing_in_tells_who_is_clerk_of_the_unit_now(draft: Declaration, world: World) -> None:
    """The sweep of messages works out whom: a frozen account and a role that has ended get none, and nobody two."""
    declare.sign(draft, Signature.Mark.APPLICANT, draft.applicant.user)
    clerks = world[0].users("unit_clerk", draft.unit)
    frozen = User.objects.create_user("frozen", full_name="陆停云", frozen_at=clock.now())
    ended = User.objects.create_user("ended", full_name="贺知行")
    month_ago, yesterday = (clock.today() - dt.timedelta(days=days) for days in (30, 1))
    for user, end in ((frozen, None), (ended, yesterday)):
        Membership.objects.create(
            user=user, organisation=draft.unit, role="unit_clerk", starts_on=month_ago, ends_on=end
        )
    record = DECLARATION.fire(draft, "submit", actor=draft.applicant.user)
    told = Outbox.objects.filter(kind="message", key__startswith=f"{record._meta.db_table}:{record.pk}:")
    assert (outbox.make_messages(), outbox.make_messages()) == (1, 0)
    assert sorted(row.payload["user"] for row in told) == sorted(
        {draft.applicant.user_id, *(clerk.pk for clerk in clerks)}
    )
    assert {row.status for row in told} == {"waiting"}
    assert {row.not_before for row in told} == {
        row.not_before for row in Outbox.objects.filter(kind="telling", payload__record=record.pk)
    }


def test_only_what_changed_is_written_but_what_was_changed_in_place_is_too(draft: Declaration) -> None:
    declare.sign(draft, Signature.Mark.APPLICANT, draft.applicant.user)
    with CaptureQueriesContext(connection) as asked:
        DECLARATION.fire(draft, "submit", actor=draft.applicant.user)
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        prepared = "; ".join(text for (text,) in cursor.fetchall())
    updates = dict(re.findall(r'PREPARE (\w+) [^;]*? AS (UPDATE "applications_declaration"[^;]*)', prepared))
    [update] = [updates[name] for q in asked.captured_queries for name in updates if f"EXECUTE {name} (" in q["sql"]]
    assert '"answers"' in update
    assert '"status"' in update
    assert '"specialty"' not in update
    assert signing.live(draft).snapshot.sha256 == draft.content_hash()


def test_a_scope_answers_like_the_question_to_the_table(world: World) -> None:
    day = dt.date(2026, 5, 6)
    compared = 0
    for scope in CommitteeScope.objects.all()[:10]:
        for subfield in (None, scope.subfield):
            for kind in ("", "enterprise", "public_institution"):
                for when in (day, scope.valid_from, scope.valid_from - dt.timedelta(days=1)):
                    asked = CommitteeScope.objects.asked(scope.series, subfield, scope.level, kind, when)
                    said = scope.covers(scope.series_id, subfield.pk if subfield else None, scope.level, kind, when)
                    assert said == asked.filter(pk=scope.pk).exists()
                    compared += said
    assert compared > 10


def test_the_hours_asked_are_those_of_series_and_field(draft: Declaration, world: World) -> None:
    city, _cycle = world
    clerk = city.user("bureau_reviewer")
    HoursRequirement.objects.create(
        year=draft.year - 1,
        kind="general",
        hours=18,
        subjects="公需科目",
        document="丽人社发〔2025〕1号",
        entered_by=clerk,
    )
    read_whole(draft)
    years = [draft.year - 1, draft.year - 2]
    asked = HoursRequirement.objects.asked_of(draft.series_id, draft.subfield_id, years)
    assert [row for row in draft.hours_asked if row.year in years] == list(asked)
    assert len(asked) == 1


def test_somebody_elses_declaration_and_none_at_all_cannot_be_told_apart(draft: Declaration, world: World) -> None:
    other = Client()
    other.force_login(world[0].applicant(77))
    for pk in (draft.pk, draft.pk + 1_000_000):
        assert other.post(f"/my/declarations/{pk}/check/", {"form_version": draft.form_version}).status_code == 404
    draft.refresh_from_db()
    assert (draft.status, draft.number, draft.records.filter(transition="submit").count()) == ("draft", None, 0)
