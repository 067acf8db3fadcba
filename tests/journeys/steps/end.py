"""From the unit to the certificate, told by the story: what a journey does not click itself."""

import datetime as dt

from applications.models import Declaration
from appraisal_portal.home.story import certify, determine, procedure, results
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock

MONDAY = dt.date(2026, 3, 2)


def to_the_end(city: City, cycle: Cycle, draft: Declaration) -> None:
    """Everybody else acts, each stretch on its days."""
    rows = [Declaration.objects.get(pk=draft.pk)]
    day = procedure.working_days_after(MONDAY, 1)
    day = procedure.working_day(procedure.publicised(rows, procedure.verified(rows, day)))
    day = procedure.recommended(rows, day)
    if draft.route in ("preliminary", "confirmation"):  # the bureau decides, without a vote
        reports, sent = determine.determine(city, rows, day=day)
        with clock.travel(clock.at(procedure.working_days_after(sent, 1), 9)):
            certify.issue(certify.batch(certify.document([results.decide(report) for report in reports])))
        return
    from_the_office(city, cycle, rows, day)


def from_the_office(city: City, cycle: Cycle, rows: list[Declaration], day: dt.date) -> None:
    """Recommended people on ``day``: examined, voted on, public, certified."""
    day = procedure.examined(rows, procedure.accepted(rows, day))
    row = procedure.applied(city, cycle, rows[0].line, procedure.working_days_after(day, 1))
    procedure.approved(row, procedure.working_days_after(day, 2))
    publicity = procedure.results_public(row, procedure.held(row))
    report = procedure.reported(publicity)
    with clock.travel(clock.at(publicity.ends_on + dt.timedelta(days=6), 9)):
        decided = results.decide(report)
        if rows[0].route != "recommend":
            certify.issue(certify.batch(certify.document([decided])))
