"""The ledger of continuing education (继续教育学时): per counted year and kind what is demanded, entered, missing."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from applications.models.whole import HOURS_ASKED
from applications.rules.form import counted_years
from applications.rules.relief import relief_of
from appraisal_portal import law
from committees.plans.models import HoursRequirement


@dataclass(frozen=True)
class Demand:
    """Class hours of one kind in one year. ``source``: the document in words; ``basis``: its key in ``law.py``, empty
    for what bureau or competent department entered; ``subjects``: what such a row asks for."""

    year: int
    kind: str | Promise
    least: int
    has: int
    source: str
    basis: str = ""
    subjects: str = ""

    @property
    def missing(self) -> int:
        """How far off (还差); never below nought."""
        return max(self.least - self.has, 0)


@dataclass(frozen=True)
class Year:
    """One counted year: whether anything was entered, and its demands, those of the published rule first."""

    year: int
    entered: bool
    demands: tuple[Demand, ...]


def ledger(declaration: Any, day: Any) -> list[Year]:
    """The counted years of the declaration's line (PlanLine.counted_years), oldest first; empty where no rule of
    ``day`` asks for class hours."""
    asked = law.value("education.hours", day)
    if asked is None:
        return []
    years, cited = counted_years(declaration), law.cite("education.hours", day)
    rows = {row.year: row for row in declaration.learning_hours.all()}
    further: dict[int, list[Demand]] = {year: [] for year in years}
    for row in _required(declaration, years):
        has = getattr(rows.get(row.year), row.kind, 0)
        further[row.year].append(
            Demand(row.year, row.get_kind_display(), row.hours, has, row.document, subjects=row.subjects)
        )

    less = relief_of(declaration).hours
    eased = _("{source}; {less} hours less by the relief claimed").format(source=cited, less=less) if less else cited

    def published(year: int) -> list[Demand]:
        kinds = _kinds(rows.get(year), asked)
        (total, has_total, all_hours), *others = kinds
        return [
            # a relief takes hours off the total, never off a kind
            Demand(year, total, max(all_hours - less, 0), has_total, eased, "education.hours"),
            *(Demand(year, words, least, has, cited, "education.hours") for words, has, least in others),
        ]

    return [Year(year, year in rows, (*published(year), *further[year])) for year in years]


def _required(declaration: Any, years: list[int]) -> list[Any]:
    """Rows of bureau and competent department for the years; from the declaration read whole where it was."""
    read: list[Any] | None = getattr(declaration, HOURS_ASKED, None)
    if read is None:
        read = list(HoursRequirement.objects.asked_of(declaration.series_id, declaration.subfield_id, years))
    return sorted((row for row in read if row.year in years), key=lambda row: (row.year, row.kind, row.pk))


def _kinds(row: Any, asked: law.HoursRule) -> list[tuple[str, int, int]]:
    """(kind, hours entered, hours demanded) of the published rule; a year without a row has none."""

    def has(name: str) -> int:
        return int(getattr(row, name, 0))

    if settings.PORTAL_EDUCATION_HOURS_EACH:
        common = [(_("industry"), has("industry"), asked.common), (_("general"), has("general"), asked.common)]
    else:
        common = [(_("industry and general"), has("common"), asked.common)]
    return [
        (_("total"), has("total"), asked.total),
        (_("professional"), has("professional"), asked.professional),
        *common,
    ]
