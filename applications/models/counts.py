"""How many declarations stand where, so that a work list need not count them (decision 43)."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .declaration import Declaration

_COPIED: Any = {"db_constraint": False, "db_index": False}


class CaseCount(models.Model):
    """Declarations handed in, by plan line, series, status and handler; ``recommended``: seen outside their unit. By
    unit only while they wait as recommended, for with whom they lie then depends on the unit's forwarder.

    A trigger writes one row a move, −1 where it leaves and +1 where it comes to: nobody waits for a sum that somebody
    else changes. A sweep folds the moves into sums. What is counted is the sum of ``n`` over all rows.

    Its foreign keys are those of the declaration it counts, which the database checks there: checked again at every
    move they would lock the one plan line everybody declares under (decision 79).
    """

    line = models.ForeignKey("plans.PlanLine", models.PROTECT, related_name="+", **_COPIED)
    series = models.ForeignKey("plans.Series", models.PROTECT, related_name="+", **_COPIED)
    status = models.CharField(max_length=18)
    recommended = models.BooleanField()
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", **_COPIED)
    unit = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+", **_COPIED)
    n = models.IntegerField()
    folded = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(folded=True, n__gt=0) | Q(folded=False, n__in=(-1, 1)), name="case_count_of_something"
            ),
            models.UniqueConstraint(
                fields=["line", "series", "status", "recommended", "handler", "unit"],
                condition=Q(folded=True),
                nulls_distinct=False,
                name="case_count_folded_once",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(folded=False), name="case_count_moves")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.status}: {self.n}"


class StepTime(models.Model):
    """How long a step of the procedure took (办理时长) in one year and series: days of the calendar from the step
    before, the middle one of all people; ``late``: how many came to it after the day of the plan, None where the plan
    has none. Counted anew by a sweep, for it reads every record of the year.
    """

    class Step(models.TextChoices):
        UNIT = "unit", _("Handed in → recommended by the unit")
        ACCEPTED = "accepted", _("Recommended → accepted by the office")
        EXAMINED = "examined", _("Accepted → examined")
        DECIDED = "decided", _("Examined → decided by the committee")
        REPORTED = "reported", _("Results public → reported")
        APPROVED = "approved", _("Reported → decided by the bureau")
        CERTIFIED = "certified", _("Approved → certificate issued")

    year = models.PositiveSmallIntegerField()
    series = models.ForeignKey("plans.Series", models.PROTECT, related_name="+")
    step = models.CharField(max_length=10, choices=Step.choices)
    people = models.PositiveIntegerField()
    days = models.PositiveIntegerField()
    late = models.PositiveIntegerField(null=True)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "series", "step"], name="step_time_once")]

    def __str__(self) -> str:
        return f"{self.year} {self.step}: {self.days}"


_TABLE = CaseCount._meta.db_table
_MOVE = """
    INSERT INTO {table} (line_id, series_id, status, recommended, handler_id, unit_id, n, folded)
    VALUES ({row}.line_id, {row}.series_id, {row}.status, {row}.recommended_on IS NOT NULL, {row}.handler_id,
            CASE WHEN {row}.status = 'recommended' THEN {row}.unit_id END, {n}, false);
"""


def count_moves() -> None:
    """Register the trigger that writes the moves; called in ``AppConfig.ready()``."""
    watched = (
        "line_id", "series_id", "status", "handler_id", "unit_id", "submitted_at IS NULL", "recommended_on IS NULL",
    )  # fmt: skip
    old, new = (", ".join(f"{row}.{column}" for column in watched) for row in ("OLD", "NEW"))
    pgtrigger.register(
        pgtrigger.Trigger(
            name="count_moves",
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            func=f"""
                IF TG_OP = 'UPDATE' AND ROW({old}) IS NOT DISTINCT FROM ROW({new}) THEN
                    RETURN NULL;
                END IF;
                IF TG_OP <> 'INSERT' AND OLD.submitted_at IS NOT NULL THEN
                    {_MOVE.format(table=_TABLE, row="OLD", n=-1)}
                END IF;
                IF TG_OP <> 'DELETE' AND NEW.submitted_at IS NOT NULL THEN
                    {_MOVE.format(table=_TABLE, row="NEW", n=1)}
                END IF;
                RETURN NULL;
            """,
        )
    )(Declaration)
