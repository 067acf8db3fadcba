"""What a work list shows: how many declarations stand where for its reader, and the lines of one page.

Written out in SQL: asked for at every reading of a work list. The ORM knows no way to take rows from sums, and it puts
the joins of a page together anew each time, which PostgreSQL then plans anew.
"""

import datetime as dt
from collections.abc import Collection
from functools import partial
from typing import Any, NamedTuple

from django.db import connection

from applications.models import CaseCount, CorrectionSlip, Declaration, LearningHours
from applications.querysets_recusal import KeptFrom
from appraisal_portal.accounts.models import Organisation, Person, User
from appraisal_portal.kernel import compiled, prepared
from appraisal_portal.kernel.models import BulkAction
from committees.plans.models import Committee, PlanLine, Title


class Group(NamedTuple):
    """So many in one status with one handler; ``forwarded_by``: the unit reports through a forwarder (told only while
    recommended)."""

    status: str
    handler: int | None
    handler_name: str
    forwarded_by: bool
    n: int


class Standing(NamedTuple):
    """What stands where, and the committees of the reader's office (None: of all)."""

    groups: tuple[Group, ...]
    committees: tuple[int, ...] | None


_T = {
    model.__name__: model._meta.db_table
    for model in (
        BulkAction, CaseCount, Committee, CorrectionSlip, Declaration, LearningHours, Organisation, Person, PlanLine,
        Title, User,
    )
}  # fmt: skip


def _standing(where: str, people: Collection[int], units: Collection[int], cases: Collection[int]) -> str:
    return f"""
        SELECT c.status, c.handler_id, coalesce(nullif(h.full_name, ''), h.username, ''),
               u.forwarder_id IS NOT NULL, sum(c.n)
          FROM (SELECT line_id, status, handler_id, unit_id, n FROM {_T["CaseCount"]} WHERE recommended
                 UNION ALL
                SELECT line_id, status, handler_id, CASE WHEN status = 'recommended' THEN unit_id END, -1
                  FROM {_T["Declaration"]}
                 WHERE recommended_on IS NOT NULL AND (applicant_id = ANY({compiled.array(people)})
                       OR unit_id = ANY({compiled.array(units)}) OR id = ANY({compiled.array(cases)}))) c
               JOIN {_T["PlanLine"]} l ON l.id = c.line_id
               LEFT JOIN {_T["Organisation"]} u ON u.id = c.unit_id LEFT JOIN {_T["User"]} h ON h.id = c.handler_id
         WHERE {where}
         GROUP BY 1, 2, 3, 4 HAVING sum(c.n) > 0
    """  # noqa: S608 - names of our own tables


def _of_office(office: int, *kept: Collection[int]) -> str:
    committees = f"SELECT id FROM {_T['Committee']} WHERE office_id = {office}"  # noqa: S608
    groups = _standing(f"l.decided_by = 'committee' AND l.committee_id = ANY(ARRAY({committees}))", *kept)
    return f"SELECT k.*, g.* FROM (SELECT ARRAY({committees})) k LEFT JOIN ({groups}) g ON true"  # noqa: S608


_STANDING = compiled.Question(_of_office, model=CaseCount)
_STANDING_OF_ALL = compiled.Question(partial(_standing, "true"), model=CaseCount)


def standing(kept: KeptFrom, *, office: int | None) -> Standing:
    """What stands at the committees of an office, or with ``office`` None at all, without the cases ``kept`` names by
    their keys."""
    away = (kept.people, [key for keys in kept.units for key in keys], [key for keys in kept.cases for key in keys])
    if office is None:
        return Standing(tuple(Group(*row) for row in _STANDING_OF_ALL(*away)), None)
    rows = _STANDING(office, *away)
    return Standing(tuple(Group(*row[1:]) for row in rows if row[1] is not None), tuple(rows[0][0]))


class Shown(NamedTuple):
    """What one line of the table is made of. ``hours``: of the weakest year (继续教育学时); ``ends_on``: the last day
    of the reply the office waits for."""

    pk: int
    number: str
    status: str
    arrived_on: dt.date
    applicant: str
    id_number: str
    unit: str
    unit_kind: str
    title: str
    level: str
    handler: str
    hours: int | None
    ends_on: dt.date | None
    provisional: bool | None


class Batch(NamedTuple):
    """One's own batch that can still be taken back."""

    pk: int
    at: dt.datetime
    undo_until: dt.datetime


_SHOWN, _BATCHES = prepared.name_for(Declaration), prepared.name_for(BulkAction)
COLUMNS = ("pk", "number", "status", "arrived_on", "applicant", "unit", "title", "handler")
"""What a queryset has to give to be asked in :class:`Top`."""
_LINES = f"""
        SELECT d.pk, d.number, d.status, d.arrived_on, p.name, p.id_number, u.name, u.kind, t.name, t.level,
               coalesce(nullif(h.full_name, ''), h.username, ''),
               (SELECT min(y.professional + y.industry + y.general + y.other) FROM {_T["LearningHours"]} y
                 WHERE y.declaration_id = d.pk),
               s.ends_on, s.provisional
          FROM ({{}}) AS d ({", ".join(COLUMNS)}, place)
               JOIN {_T["Person"]} p ON p.id = d.applicant
               JOIN {_T["Organisation"]} u ON u.id = d.unit
               JOIN {_T["Title"]} t ON t.id = d.title
               LEFT JOIN {_T["User"]} h ON h.id = d.handler
               LEFT JOIN {_T["CorrectionSlip"]} s
                 ON s.declaration_id = d.pk AND s.stage = 'office' AND s.answered_at IS NULL AND d.status = 'supplement'
         ORDER BY d.place
"""  # noqa: S608 - names of our own tables
AROUND = _LINES.format("SELECT *, row_number() OVER () FROM ({}) AS asked")
"""The lines of the declarations a queryset of :data:`COLUMNS` gives: for ``compiled.Question``."""
_BY_KEYS = f"""
        SELECT d.id, number, status, arrived_on, applicant_id, unit_id, title_id, handler_id, place
          FROM unnest($1) WITH ORDINALITY AS asked (id, place) JOIN {_T["Declaration"]} d ON d.id = asked.id
"""  # noqa: S608
_PREPARE = {
    _SHOWN: f"PREPARE {_SHOWN} (bigint[]) AS {_LINES.format(_BY_KEYS)}",
    _BATCHES: f"""
        PREPARE {_BATCHES} (bigint, text, timestamptz) AS
        SELECT id, at, undo_until FROM {_T["BulkAction"]}
         WHERE by_id = $1 AND kind = $2 AND undone_at IS NULL AND undo_until > $3 ORDER BY id
    """,  # noqa: S608 - names of our own tables
}


class Top(NamedTuple):
    """A question for lines, and its keys."""

    question: compiled.Question
    keys: tuple[int | Collection[int], ...]


def shown(
    declarations: list[int] | Top, *, user: int, kind: str, now: dt.datetime
) -> tuple[tuple[tuple[Any, ...], ...], tuple[Batch, ...]]:
    """What is :class:`Shown` of these declarations in their order, and the open batches of a kind by the user: one
    message of two prepared statements, for planning the joins took PostgreSQL longer than running them."""
    with connection.cursor() as cursor:
        values: list[Any] = [user, kind, now]
        if isinstance(declarations, Top):
            prepare, lines = declarations.question.message(cursor, *declarations.keys)
        else:
            prepare, lines = {_SHOWN: _PREPARE[_SHOWN]}, f"EXECUTE {_SHOWN} (%s)"
            values = [declarations, *values]
        prepare = {**prepare, _BATCHES: _PREPARE[_BATCHES]}
        prepared.execute(cursor, prepare, f"{lines}; EXECUTE {_BATCHES} (%s, %s, %s)", values)
        found = tuple(cursor.fetchall())
        cursor.nextset()
        return found, tuple(Batch(*row) for row in cursor.fetchall())
