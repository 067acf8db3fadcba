"""The rule sets (规则集) a cycle can run under; settings, for their sources are weak (domain.md R-07)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class RuleSet:
    """Days of validity, whether committees have an odd number of members, smallest size by the highest level."""

    key: str
    since: dt.date
    until: dt.date | None
    odd: bool
    members: Mapping[str, int]

    def in_force(self, day: dt.date) -> bool:
        """Whether the set holds on the day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def law_day(self, day: dt.date) -> dt.date:
        """The day nearest to ``day`` on which the set holds: a cycle cites what its rule set knew, nothing later."""
        return min(max(day, self.since), self.until or dt.date.max)


def rule_sets() -> list[RuleSet]:
    """All sets, the oldest first."""
    return [
        RuleSet(
            key,
            dt.date.fromisoformat(entry["from"]),
            dt.date.fromisoformat(entry["to"]) if entry["to"] else None,
            entry["odd"],
            entry["members"],
        )
        for key, entry in settings.PORTAL_RULE_SETS.items()
    ]


def rule_set(key: str) -> RuleSet | None:
    """The set of that key, or None."""
    return next((found for found in rule_sets() if found.key == key), None)


def rule_set_on(day: dt.date) -> RuleSet | None:
    """The set in force on the day, or None (before 2018)."""
    return next((found for found in rule_sets() if found.in_force(day)), None)
