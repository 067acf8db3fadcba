"""Recommendations to a higher committee as the bureau has approved them, told by the story."""

import datetime as dt
from typing import Any

from applications.models import Declaration
from appraisal_portal.home.story import meeting as meetings
from appraisal_portal.home.story import results
from appraisal_portal.kernel import clock
from committees.reviews.models import ResultReport
from tests.factories.results import AFTER, PUBLIC_FROM, with_photo
from tests.factories.reviews import MEETING_DAY, MONDAY, a_line, examined
from tests.stage import kept

ISSUED = dt.date(2026, 6, 1)
DECIDED_OUTSIDE = dt.date(2026, 10, 12)


@kept
def approved_recommendations(people: int = 3) -> tuple[Any, ResultReport, list[Declaration]]:
    """A decided report over people whom the forestry committee recommends for a senior title."""
    with clock.travel(MONDAY):
        city, cycle, _line = a_line()
        line = cycle.line("forestry", "associate_senior", "recommend")
        rows = [examined(city, line, 100 + place) for place in range(people)]
        for row in rows:
            with_photo(row, row.pk)
            city.employ(row.applicant.user, row.unit)
        held = meetings.prepare(city, cycle, line, rows, MEETING_DAY)
        meetings.apply(held)
        meetings.approve(held)
    with clock.travel(MEETING_DAY):
        meetings.hold(held, {})
    with clock.travel(PUBLIC_FROM):
        results.publicise(held)
    with clock.travel(AFTER):
        report = results.decide(results.report(held))
    return city, report, [Declaration.objects.get(pk=row.pk) for row in rows]
