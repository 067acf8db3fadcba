"""Whether what a standard asks can be asked: every fault of its questions, evidence and self-scoring sheet in words."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import Problem
from committees.plans.asked import Evidence, twice
from committees.plans.scoring import Sheet

if TYPE_CHECKING:
    from appraisal_portal.kernel.workflow import Act
    from committees.plans.models import StandardVersion


def _named(rows: Iterable[Any], field: str, **beside: Any) -> Iterator[Problem]:
    rows = list(rows)
    for row in rows:
        found = row.own_faults(beside["questions"]) if isinstance(row, Evidence) else row.own_faults()
        for _field, words in found:
            yield Problem(_("“{row}”: {words}").format(row=row.text or row.code, words=words), field=field)
    for code in sorted(twice(row.code for row in rows)):
        yield Problem(_("The short name “{code}” is used twice.").format(code=code), field=field)


def sheet_faults(sheet: Sheet) -> Iterator[str]:
    """What only the whole sheet shows: sums that do not add up, and performance that is not the main weight."""
    yield from sheet.sum_faults()
    if settings.PORTAL_PERFORMANCE_MAIN:
        yield from sheet.main_faults()


def can_be_asked(version: "StandardVersion", act: "Act") -> Iterator[Problem]:
    """Short names once, lists with answers, bounds in order, evidence for questions there are, points that add
    up and weigh performance most."""
    asked, sheet = version.asked, version.sheet
    yield from _named(asked.questions, "questions")
    yield from _named(asked.evidence, "evidence_required", questions=asked.by_code)
    yield from _named(sheet.rows, "self_scoring")
    for group in sheet.groups:
        for _field, words in group.own_faults():
            yield Problem(_("“{row}”: {words}").format(row=group.text or group.code, words=words), field="self_scoring")
    for words in sheet_faults(sheet):
        yield Problem(words, field="self_scoring")
