"""The office's work list (decision 43): its counts are those of the rows, whoever reads; nothing scans all rows."""

import datetime as dt
import importlib
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import CaseCount, CaseRecusal, Declaration
from applications.querysets_recusal import KeptFrom, asked_now
from applications.services import counts
from applications.services.worklist import standing
from applications.views.office import seen_by_office
from appraisal_portal.accounts.models import Employment, Organisation, Person
from appraisal_portal.home.benchmark import fill
from appraisal_portal.home.benchmark.worklist import grow
from appraisal_portal.kernel import clock, paging
from tests.factories.reviews import MONDAY, a_line
from tests.stage import begins_with, kept

STATUSES = ("recommended", "forwarded", "in_examination", "supplement", "qualified", "disqualified", "certified")


@kept
def an_office() -> dict[str, Any]:
    """Fourteen declarations of one line, two of each status, of two units; every second one has a handler."""
    city, cycle, line = a_line()
    clerk, other = city.users("office_clerk", line.committee.office)[:2]
    title = cycle.series().titles.filter(level=line.level).first()
    rows = [
        Declaration(
            number=f"{line.plan.year}-9{place:04d}", year=line.plan.year, series=title.series, applicant=person,
            unit=city.unit(place % 2), line=line, committee=line.committee, title=title, submitted_at=clock.now(),
            status=STATUSES[place // 2], recommended_on=MONDAY, arrived_on=MONDAY - dt.timedelta(days=place),
            handler=clerk if place % 2 else None,
        )
        for place, person in enumerate(fill.people(14))
    ]  # fmt: skip
    Declaration.objects.bulk_create(rows)
    return {"city": city, "line": line, "clerk": clerk, "other": other}


pytestmark = [pytest.mark.django_db, begins_with(an_office, on=MONDAY)]


@pytest.fixture
def office(clock: Any) -> dict[str, Any]:
    clock(MONDAY)
    return an_office()


def acting(user: Any, role: str) -> Any:
    return user.act_as(user.memberships.get(role=role))


def counted(user: Any, *, office: int | None) -> dict[tuple[str, int | None], int]:
    kept = asked_now(user)
    found = standing(kept if office else KeptFrom(kept.people, (), ()), office=office)
    sums: dict[tuple[str, int | None], int] = {}
    for group in found.groups:
        sums[group.status, group.handler] = sums.get((group.status, group.handler), 0) + group.n
    return sums


def seen(user: Any) -> dict[tuple[str, int | None], int]:
    sums: dict[tuple[str, int | None], int] = {}
    for row in seen_by_office(user):
        sums[row.status, row.handler_id] = sums.get((row.status, row.handler_id), 0) + 1
    return sums


def first(status: str) -> Declaration:
    return Declaration.objects.filter(status=status).order_by("pk")[0]


def listed(user: Any, **asked: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(reverse("applications:office-list"), asked)


def test_moves_are_counted_folded_and_compared(office: dict[str, Any]) -> None:
    clerk, house = acting(office["clerk"], "office_clerk"), office["line"].committee.office_id
    assert counts.differences() == []
    assert counted(clerk, office=house) == seen(clerk)
    assert counts.fold() == 14
    assert counts.fold() == 0
    row = first("in_examination")
    row.status, row.handler = "qualified", office["other"]
    row.save()
    first("certified").delete()
    assert CaseCount.objects.filter(folded=False).count() == 3
    for _before_and_after_folding in range(2):
        assert counts.differences() == []
        assert counted(clerk, office=house) == seen(clerk)
        counts.fold()
    assert not CaseCount.objects.filter(folded=False).exists()
    row.specialty = "别的"
    row.save()
    assert not CaseCount.objects.filter(folded=False).exists()  # not a move


def test_a_count_that_is_wrong_is_named_and_mended(office: dict[str, Any]) -> None:
    counts.fold()
    CaseCount.objects.filter(status="qualified", handler=None).update(n=5)
    assert counts.differences() == [(office["line"].pk, "qualified", 5, 1)]
    with pytest.raises(CommandError, match="1 counts differ"):
        call_command("check_counts")
    call_command("check_counts", mend=True)
    call_command("check_counts")


def test_no_count_falls_below_nothing(office: dict[str, Any]) -> None:
    counts.fold()
    for n in (0, -1):
        with pytest.raises(IntegrityError, match="case_count_of_something"), transaction.atomic():
            CaseCount.objects.filter(status="qualified", handler=None).update(n=n)
    for _twice in range(2):
        CaseCount.objects.create(
            line=office["line"], series=first("qualified").series, status="qualified", recommended=True, n=-1
        )
    with pytest.raises(IntegrityError, match="case_count_of_something"), transaction.atomic():
        counts.fold()


def test_counts_keep_from_a_reader_what_the_list_keeps(office: dict[str, Any]) -> None:
    """P11, P12: the own case, those of the own unit, a recusal that stands; the bureau misses only the own."""
    city, house = office["city"], office["line"].committee.office_id
    clerk = acting(office["clerk"], "office_clerk")
    before = counted(clerk, office=house)
    mine = Declaration.objects.filter(unit=city.unit(0), status="qualified").get()
    Person.objects.filter(pk=mine.applicant_id).update(user=clerk.pk)
    assert counted(clerk, office=house) == seen(clerk) != before
    for status, left in (("open", 12), ("refused", 13)):
        CaseRecusal.objects.update_or_create(
            declaration=first("forwarded"),
            user=clerk,
            source="declared",
            defaults={"status": status, "ground": "近亲属"},
        )
        assert counted(clerk, office=house) == seen(clerk)
        assert sum(counted(clerk, office=house).values()) == left
    Employment.objects.create(
        person_id=mine.applicant_id, unit=city.unit(0), starts_on=MONDAY, status="confirmed", confirmed_kind="staff",
        confirmed_by=city.user("unit_clerk", city.unit(0)),
    )  # fmt: skip
    assert counted(clerk, office=house) == seen(clerk)
    assert sum(counted(clerk, office=house).values()) == 7
    reviewer = city.user("bureau_reviewer")
    Person.objects.filter(pk=first("supplement").applicant_id).update(user=reviewer.pk)
    assert counted(reviewer, office=None) == seen(reviewer)
    assert sum(seen(reviewer).values()) == 13


def test_tabs_count_what_they_list(office: dict[str, Any]) -> None:
    """Recommended ones of a unit with a forwarder lie with the forwarder: in "all" only, until the unit has none."""
    clerk, units = office["clerk"], [office["city"].unit(0).pk, office["city"].unit(1).pk]
    through = next(unit.forwarder_id for unit in office["city"].units if unit.forwarder_id)
    for forwarders, todo in (([through, None], 5), ([None, None], 6)):
        for unit, forwarder in zip(units, forwarders, strict=True):
            Organisation.objects.filter(pk=unit).update(forwarder=forwarder)
        page = listed(clerk)
        assert {key: n for key, _words, n in page.context["tabs"]} == {
            "todo": todo, "supplement": 2, "eligible": 2, "not-eligible": 2, "all": 14,
        }  # fmt: skip
        for key, _words, n in page.context["tabs"]:
            assert len(listed(clerk, tab=key).context["rows"]) == n, key
    assert len(listed(clerk, handler=clerk.pk).context["rows"]) == 3
    assert "第 1–3 项，共 3 项" in listed(clerk, handler=clerk.pk).content.decode()


def test_first_come_first(office: dict[str, Any]) -> None:
    arrived = [row.pk for row in listed(office["clerk"], tab="all").context["rows"]]
    assert arrived == list(Declaration.objects.order_by("arrived_on", "pk").values_list("pk", flat=True))
    assert [row.pk for row in listed(office["clerk"], tab="all", sort="-due").context["rows"]] == arrived[::-1]


def test_pages_end_where_nobody_reads_on(office: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "REACH", 4)
    monkeypatch.setattr("applications.views.office.OfficeList.paginate_by", 3)
    page = listed(office["clerk"], tab="all", page=2)
    assert len(page.context["rows"]) == 1
    assert "第 4–4 项，共 14 项" in page.content.decode()
    assert "只能翻看前 4 项" in page.content.decode()
    assert listed(office["clerk"], tab="all", page=3).status_code == 404
    assert (
        "第 1–3 项，共超过 4 项" in listed(office["clerk"], tab="all", q=str(office["line"].plan.year)).content.decode()
    )


def test_the_day_of_arrival_is_taken_from_the_records(office: dict[str, Any]) -> None:
    """Migration 0014: the last step that brought it to somebody new, on the clock of Shanghai, else that of 推荐."""
    row, plain = first("forwarded"), first("qualified")
    for name, at in (
        ("recommend", "2026-03-01T02:00Z"),
        ("forward", "2026-03-03T16:30Z"),
        ("accept", "2026-03-09T02:00Z"),
    ):
        row.records.create(
            transition=name, source="x", target="y", actor=office["clerk"], at=dt.datetime.fromisoformat(at)
        )
    migration = importlib.import_module("applications.migrations.0014_arrived_on")
    with connection.cursor() as cursor:
        cursor.execute(migration.ARRIVED)
    row.refresh_from_db()
    plain.refresh_from_db()
    assert (row.arrived_on, plain.arrived_on) == (dt.date(2026, 3, 4), plain.recommended_on)
    with pytest.raises(IntegrityError, match="recommended_has_arrived"), transaction.atomic():
        Declaration.objects.filter(pk=row.pk).update(arrived_on=None)


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for inner in plan.get("Plans", []) for node in _nodes(inner))]


def test_no_list_scans_or_sorts_all_declarations(office: dict[str, Any]) -> None:
    """Issue 4: among 4,000 the planner finds page, counts and what is kept from the reader by indexes."""
    grow(office["city"], first("in_examination"), 4_000)
    clerk, reviewer = office["clerk"], office["city"].user("bureau_reviewer")
    asked = [(clerk, {"tab": tab, "sort": sort}) for tab in ("todo", "eligible", "all") for sort in ("due", "-due")]
    asked += [(clerk, {"level": "middle"}), (clerk, {"handler": "none"}), (clerk, {"waiting": "7"}), (reviewer, {})]
    for user, query in asked:
        client = Client()
        client.force_login(user)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("applications:office-list"), query).status_code == 200
        assert len(queries) <= 12, query
        parts = [part for one in queries for part in one["sql"].split("; ")]
        parts = [part for part in parts if "PREPARE " not in part]
        selects = [sql for sql in parts if "EXECUTE applications_" in sql or "applications_declaration" in sql]
        assert len(selects) >= 2, query
        for sql in selects:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
                told = cursor.fetchone()[0]
            [plan] = told if isinstance(told, list) else json.loads(told)
            nodes = _nodes(plan["Plan"])
            scans = [
                n for n in nodes if n["Node Type"] == "Seq Scan" and n["Relation Name"] == "applications_declaration"
            ]
            sorts = [n for n in nodes if n["Node Type"] == "Sort" and n["Plan Rows"] > 100]
            assert (scans, sorts) == ([], []), (query, sql)
