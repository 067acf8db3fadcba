"""How long each step takes, counted from the records once an hour: the overview of the bureau reads the result."""

import datetime as dt

from django.db import connection, transaction

from applications.models import Declaration, DeclarationRecord, StepTime
from appraisal_portal.kernel import clock, sweeps
from committees.plans.models import PlanLine

EVERY = dt.timedelta(hours=1)
_LOCK = 4_343_002
_T = {model.__name__: model._meta.db_table for model in (Declaration, DeclarationRecord, PlanLine, StepTime)}


def _day(*transitions: str, which: str = "max") -> str:
    """The day on the clock of Asia/Shanghai of the last (first) of these transitions."""
    names = ", ".join(f"'{name}'" for name in transitions)
    return f"({which}(r.at) FILTER (WHERE r.transition IN ({names})) AT TIME ZONE 'Asia/Shanghai')::date"


# A step, the days between, and whether it came after the day of the plan.
_COUNT = f"""
    INSERT INTO {_T["StepTime"]} (year, series_id, step, people, days, late, counted_at)
    SELECT s.year, s.series_id, v.step, count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY v.days),
           CASE WHEN bool_and(v.late IS NOT NULL) THEN count(*) FILTER (WHERE v.late) END, %(now)s
      FROM (SELECT d.id, d.year, d.series_id, l.unit_deadline,
                   (l.meeting_month + interval '1 month')::date AS after_meeting,
                   {_day("submit", which="min")} AS submitted, {_day("recommend")} AS recommended,
                   {_day("accept")} AS accepted, {_day("qualify", "disqualify")} AS examined,
                   {_day("record_pass", "record_fail", "defer", "determine", "refuse_determination")} AS decided,
                   {_day("publish_result")} AS published, {_day("report")} AS reported,
                   {_day("approve_result", "reject_result")} AS approved, {_day("certify")} AS certified
              FROM {_T["Declaration"]} d JOIN {_T["PlanLine"]} l ON l.id = d.line_id
                   JOIN {_T["DeclarationRecord"]} r ON r.subject_id = d.id
             WHERE d.year >= %(year)s AND d.submitted_at IS NOT NULL GROUP BY d.id, l.id) s
           CROSS JOIN LATERAL (VALUES
               ('unit', recommended - submitted, recommended > unit_deadline),
               ('accepted', accepted - recommended, NULL),
               ('examined', examined - accepted, NULL),
               ('decided', decided - examined, decided >= after_meeting),
               ('reported', reported - published, NULL),
               ('approved', approved - reported, NULL),
               ('certified', certified - approved, NULL)) v(step, days, late)
     WHERE v.days >= 0
     GROUP BY s.year, s.series_id, v.step
"""  # noqa: S608 - names of our own tables and transitions


@sweeps.register("how long the steps take")
def count_step_times() -> int:
    """Count this year and the one before anew; how many steps. Within the hour nothing is done."""
    year, now = clock.today().year - 1, clock.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0] or StepTime.objects.filter(counted_at__gt=now - EVERY).exists():
            return 0
        StepTime.objects.filter(year__gte=year).delete()
        cursor.execute(_COUNT, {"year": year, "now": now})
        return cursor.rowcount
