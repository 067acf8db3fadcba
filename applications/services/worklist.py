"""What a work list shows: how many declarations stand where for its reader, and the lines of one page.

Written out in SQL: asked for at every reading of a work list. The ORM knows no way to take rows from sums, and it puts
the joins of a page together anew each time, which PostgreSQL then plans anew.
"""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from applications.models import CaseCount, CorrectionSlip, Declaration, LearningHours
from applications.querysets_recusal import KeptFrom
from appraisal_portal.accounts.models import Organisation, Person, User
from appraisal_portal.kernel import prepared
from appraisal_portal.kernel.models import BulkAction
from committees.plans.models import Committee, PlanLine, Title


@dataclass(frozen=True)
class Group:
    """So many in one status with one handler; ``forwarded_by``: the unit reports through a forwarder (told only while
    recommended)."""

    status: str
    handler: int | None
    handler_name: str
    forwarded_by: bool
    n: int


@dataclass(frozen=True)
class Standing:
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


def _sql(where: str) -> str:
    return f"""
        SELECT c.status, c.handler_id, coalesce(nullif(h.full_name, ''), h.username, ''),
               u.forwarder_id IS NOT NULL, sum(c.n)
          FROM (SELECT line_id, status, handler_id, unit_id, n FROM {_T["CaseCount"]} WHERE recommended
                 UNION ALL
                SELECT line_id, status, handler_id, CASE WHEN status = 'recommended' THEN unit_id END, -1
                  FROM {_T["Declaration"]}
                 WHERE recommended_on IS NOT NULL AND (applicant_id = ANY(%(people)s::bigint[])
                       OR unit_id = ANY(%(units)s::bigint[]) OR id = ANY(%(cases)s::bigint[]))) c
               JOIN {_T["PlanLine"]} l ON l.id = c.line_id
               LEFT JOIN {_T["Organisation"]} u ON u.id = c.unit_id LEFT JOIN {_T["User"]} h ON h.id = c.handler_id
         WHERE {where}
         GROUP BY 1, 2, 3, 4 HAVING sum(c.n) > 0
    """  # noqa: S608 - names of our own tables


_OF_OFFICE = f"""
    SELECT k.committees, g.*
      FROM (SELECT coalesce(array_agg(id), '{{}}') AS committees FROM {_T["Committee"]} WHERE office_id = %(office)s) k
      LEFT JOIN ({
    _sql(
        "l.decided_by = 'committee' AND l.committee_id = ANY(ARRAY("
        f"SELECT id FROM {_T['Committee']} WHERE office_id = %(office)s))"
    )
}) g ON true
"""  # noqa: S608
_OF_ALL = f"SELECT NULL, g.* FROM ({_sql('true')}) g"  # noqa: S608


def standing(kept: KeptFrom, *, office: int | None) -> Standing:
    """What stands at the committees of an office, or with ``office`` None at all, without the cases ``kept`` names by
    their keys."""
    words = {"people": list(kept.people), "units": [key for keys in kept.units for key in keys],
             "cases": [key for keys in kept.cases for key in keys], "office": office}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_OF_ALL if office is None else _OF_OFFICE, words)
        rows = cursor.fetchall()
    committees = tuple(rows[0][0]) if office is not None else None
    return Standing(tuple(Group(*row[1:]) for row in rows if row[1] is not None), committees)


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
_PREPARE = {
    _SHOWN: f"""
        PREPARE {_SHOWN} (bigint[]) AS
        SELECT d.id, d.number, d.status, d.arrived_on, p.name, p.id_number, u.name, u.kind, t.name, t.level,
               coalesce(nullif(h.full_name, ''), h.username, ''),
               (SELECT min(y.professional + y.industry + y.general + y.other) FROM {_T["LearningHours"]} y
                 WHERE y.declaration_id = d.id),
               s.ends_on, s.provisional
          FROM unnest($1) WITH ORDINALITY AS asked (id, place)
               JOIN {_T["Declaration"]} d ON d.id = asked.id
               JOIN {_T["Person"]} p ON p.id = d.applicant_id
               JOIN {_T["Organisation"]} u ON u.id = d.unit_id
               JOIN {_T["Title"]} t ON t.id = d.title_id
               LEFT JOIN {_T["User"]} h ON h.id = d.handler_id
               LEFT JOIN {_T["CorrectionSlip"]} s
                 ON s.declaration_id = d.id AND s.stage = 'office' AND s.answered_at IS NULL AND d.status = 'supplement'
         ORDER BY asked.place
    """,  # noqa: S608 - names of our own tables
    _BATCHES: f"""
        PREPARE {_BATCHES} (bigint, text, timestamptz) AS
        SELECT id, at, undo_until FROM {_T["BulkAction"]}
         WHERE by_id = $1 AND kind = $2 AND undone_at IS NULL AND undo_until > $3 ORDER BY id
    """,  # noqa: S608 - names of our own tables
}


def shown(declarations: list[int], *, user: int, kind: str, now: dt.datetime) -> tuple[list[Shown], list[Batch]]:
    """The lines of these declarations in their order, and the open batches of a kind by the user: one message of two
    prepared statements, for planning the joins took PostgreSQL longer than running them."""
    with connection.cursor() as cursor:
        message = f"EXECUTE {_SHOWN} (%s); EXECUTE {_BATCHES} (%s, %s, %s)"
        prepared.execute(cursor, _PREPARE, message, [declarations, user, kind, now])
        lines = [Shown(*row) for row in cursor.fetchall()]
        cursor.nextset()
        return lines, [Batch(*row) for row in cursor.fetchall()]
