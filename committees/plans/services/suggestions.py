"""What committees proposed for the lines of a plan (评委会建议), read from its records."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.services import holders_of
from appraisal_portal.kernel import outbox
from committees.plans.models import Committee, PlanLine, ReviewPlan

KEY = ("committee", "level", "channel")
DAYS = ("opens_on", "closes_on", "unit_deadline", "meeting_month")


@dataclass(frozen=True)
class Suggestion:
    """The newest proposal for one line. ``line``: as the draft has it, None where it has none; ``wanted``: as the
    committee would have it, not stored; ``taken``: the draft says the same."""

    record: Any
    wanted: PlanLine
    line: PlanLine | None

    @property
    def taken(self) -> bool:
        """Whether the draft's days are those of the proposal."""
        return self.line is not None and all(getattr(self.line, day) == getattr(self.wanted, day) for day in DAYS)


def ask_committees(plan: ReviewPlan) -> None:
    """Tell the directors of all committees in use that a plan is drafted, each once."""
    offices = Committee.objects.active().values("office")
    for user in holders_of("committee_director", organisation__in=offices):
        outbox.put_message(
            user, key=f"plan-drafted:{plan.pk}:{user.pk}", subject=_("A plan is being drafted: {obj}"),
            body=_("Please look at the line of your committee and propose other days where they do not fit."),
            link=plan.get_absolute_url(), action_needed=True, words={"obj": str(plan)},
        )  # fmt: skip


def suggested_values(record: Any) -> dict[str, Any]:
    """What a proposal says, as a form of a line takes it."""
    return {name: dt.date.fromisoformat(text) if name in DAYS else text for name, text in record.data.items()}


def suggested_lines(plan: ReviewPlan, lines: list[PlanLine]) -> list[Suggestion]:
    """The newest proposal for each line, in the order of their committees. ``lines``: those of the plan."""
    newest: dict[tuple[Any, ...], Any] = {}
    for record in plan.records.filter(transition="suggest").select_related("actor").order_by("pk"):
        newest[tuple(record.data[name] for name in KEY)] = record
    known = {(line.committee_id, line.level, line.channel): line for line in lines}
    committees = Committee.objects.in_bulk([committee for committee, _level, _channel in newest])
    found = [
        Suggestion(record, PlanLine(**{**suggested_values(record), "committee": committees[key[0]]}), known.get(key))
        for key, record in newest.items()
    ]
    return sorted(found, key=lambda each: (each.wanted.committee.code, each.wanted.level, each.wanted.channel))
