"""The counts of the work lists: moves folded into sums, compared with the declarations, counted anew."""

import logging
from typing import Any

from django.db import connection, transaction

from applications.models import CaseCount, Declaration
from appraisal_portal.kernel import sweeps

log = logging.getLogger(__name__)
_LOCK = 4_343_001
"""Advisory: two that fold at once would each see part of the moves."""
_KEY = "line_id, series_id, status, recommended, handler_id, unit_id"
_COUNTS, _CASES = CaseCount._meta.db_table, Declaration._meta.db_table
_FOLD = f"""
    WITH gone AS (DELETE FROM {_COUNTS} c
                   WHERE NOT c.folded OR EXISTS (
                         SELECT 1 FROM {_COUNTS} m
                          WHERE NOT m.folded AND m.line_id = c.line_id AND m.series_id = c.series_id
                            AND m.status = c.status AND m.recommended = c.recommended
                            AND m.handler_id IS NOT DISTINCT FROM c.handler_id
                            AND m.unit_id IS NOT DISTINCT FROM c.unit_id)
                  RETURNING {_KEY}, n, folded),
         sums AS (SELECT {_KEY}, sum(n) AS n FROM gone GROUP BY {_KEY} HAVING sum(n) <> 0),
         kept AS (INSERT INTO {_COUNTS} ({_KEY}, n, folded) SELECT {_KEY}, n, true FROM sums)
    SELECT count(*) FROM gone WHERE NOT folded
"""  # noqa: S608 - names of our own tables and columns
_TRUE = f"""
    SELECT line_id, series_id, status, recommended_on IS NOT NULL AS recommended, handler_id,
           CASE WHEN status = 'recommended' THEN unit_id END AS unit_id, count(*) AS n
      FROM {_CASES} WHERE submitted_at IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6
"""  # noqa: S608
_COMPARE = f"""
    SELECT coalesce(t.line_id, c.line_id), coalesce(t.status, c.status), coalesce(c.n, 0), coalesce(t.n, 0)
      FROM ({_TRUE}) t
      FULL JOIN (SELECT {_KEY}, sum(n) AS n FROM {_COUNTS} GROUP BY {_KEY} HAVING sum(n) <> 0) c
        ON ROW(t.line_id, t.series_id, t.status, t.recommended, coalesce(t.handler_id, 0), coalesce(t.unit_id, 0))
         = ROW(c.line_id, c.series_id, c.status, c.recommended, coalesce(c.handler_id, 0), coalesce(c.unit_id, 0))
     WHERE t.n IS DISTINCT FROM c.n ORDER BY 1, 2
"""  # noqa: S608


@sweeps.register("counts of the work lists")
def fold() -> int:
    """Fold the moves into sums; how many moves there were. A sum below nothing is refused by the table."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not _one(cursor):
            return 0
        cursor.execute(_FOLD)
        return int(_one(cursor))


def differences() -> list[tuple[int, str, int, int]]:
    """Where the counts do not say what the declarations say: plan line, status, counted, true. One statement, so that
    nothing moves in between."""
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE)
        return list(cursor.fetchall())


def count_anew() -> None:
    """All counts from the declarations, which nobody moves meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(f"LOCK TABLE {_CASES} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(f"DELETE FROM {_COUNTS}")  # noqa: S608
        cursor.execute(f"INSERT INTO {_COUNTS} ({_KEY}, n, folded) SELECT *, true FROM ({_TRUE}) t")  # noqa: S608


def _one(cursor: Any) -> Any:
    return cursor.fetchone()[0]
