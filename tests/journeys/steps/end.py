"""From the unit to the certificate, told by the story: what a journey does not click itself."""

import datetime as dt
from collections.abc import Iterable

from applications.models import Declaration
from appraisal_portal.home.story import certify, determine, procedure, results
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock
from committees.plans.models import Channel, PlanLine
from committees.reviews.models import Meeting, ResultReport

MONDAY = dt.date(2026, 3, 2)


def to_the_end(city: City, cycle: Cycle, drafts: Iterable[Declaration]) -> None:
    """Everybody else acts, each stretch on its days: what bodies do for several people they do once."""
    rows = list(Declaration.objects.filter(pk__in=[draft.pk for draft in drafts]).order_by("pk"))
    day = procedure.working_days_after(MONDAY, 1)
    day = procedure.working_day(procedure.publicised(rows, procedure.verified(rows, day)))
    day = procedure.recommended(rows, day)
    without_vote = [row for row in rows if row.decider != "committee"]
    reports, _sent = determine.determine(city, without_vote, day=day)
    from_the_office(city, cycle, [row for row in rows if row not in without_vote], day, besides=reports)


def from_the_office(
    city: City, cycle: Cycle, rows: list[Declaration], day: dt.date, *, besides: Iterable[ResultReport] = ()
) -> None:
    """Recommended people on ``day``: examined, voted on in a meeting a line, public, certified together with those
    of the reports ``besides``."""
    day = procedure.examined(rows, procedure.accepted(rows, day))
    lines = {row.line_id: row.line for row in rows}.values()
    lists = [
        procedure.results_public(meeting, procedure.held(meeting))
        for meeting in [_met(city, cycle, line, procedure.working_days_after(day, 1)) for line in lines]
    ]
    reports = [procedure.reported(publicity) for publicity in lists]
    with clock.travel(clock.at(max(publicity.ends_on for publicity in lists) + dt.timedelta(days=6), 9)):
        decided = [results.decide(report) for report in (*reports, *besides)]
        granted = [report for report in decided if report.source.line.channel != Channel.RECOMMEND]
        certify.issue(certify.batch(certify.document(granted)))


def _met(city: City, cycle: Cycle, line: PlanLine, day: dt.date) -> Meeting:
    """Applied for on ``day``, approved on the next working day."""
    meeting = procedure.applied(city, cycle, line, day)
    procedure.approved(meeting, procedure.working_days_after(day, 1))
    return meeting
