"""How many declarations stand where for one reader of the work lists: the stored counts without what is kept from them.

Written out in SQL: asked for at every reading of a work list, and the ORM knows no way to take rows from sums.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Min

from applications.models import CaseCount, CorrectionSlip, Declaration, LearningHours
from applications.querysets_recusal import KeptFrom
from appraisal_portal.accounts.models import Organisation, User
from committees.plans.models import Committee, PlanLine


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
    model.__name__: model._meta.db_table for model in (CaseCount, Committee, Declaration, Organisation, PlanLine, User)
}


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


def fewest_hours(declarations: Iterable[int]) -> dict[int, int]:
    """The class hours of each one's weakest year (继续教育学时); those without a year are not named."""
    years = LearningHours.objects.filter(declaration__in=declarations).order_by().values("declaration")
    total = F("professional") + F("industry") + F("general") + F("other")
    return dict(years.annotate(least=Min(total)).values_list("declaration", "least"))


def open_slips(declarations: list[int]) -> dict[int, tuple[dt.date, bool]]:
    """The last day of each reply the office waits for, and whether it is provisional."""
    if not declarations:
        return {}
    slips = CorrectionSlip.objects.filter(declaration__in=declarations, stage="office", answered_at=None).order_by()
    return {
        pk: (ends_on, provisional)
        for pk, ends_on, provisional in slips.values_list("declaration", "ends_on", "provisional")
    }
