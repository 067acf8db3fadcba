"""Meetings whose results are locked, and what the office and the bureau make of them, told by the story."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import Declaration
from applications.services import files
from appraisal_portal.home.story import certify, results
from appraisal_portal.home.story import meeting as meetings
from appraisal_portal.home.story.people import photo_jpeg
from appraisal_portal.kernel import clock
from certificates.models import IssueBatch, IssueDocument
from committees.reviews.models import Meeting, ResultReport
from tests.factories.reviews import MEETING_DAY, MONDAY, a_meeting
from tests.rows import ground
from tests.stage import kept

PUBLIC_FROM = dt.date(2026, 5, 21)  # Thursday; five working days end on Thursday 28
LAST_DAY = dt.date(2026, 5, 28)
AFTER = dt.date(2026, 5, 29)


def with_photo(declaration: Declaration, seed: int) -> None:
    """A photograph as the applicant uploads it."""
    picture = SimpleUploadedFile("photo.jpg", photo_jpeg(seed), "image/jpeg")
    files.set_photo(declaration, picture, owner=declaration.applicant.user)


@kept
@ground
def decided_meeting(people: int = 3, *, not_passed: int = 0) -> tuple[Meeting, list[Declaration]]:
    """A meeting held on 20 May 2026 that passed all but the last ``not_passed``; everybody has a photograph."""
    with clock.travel(MONDAY):
        _city, _cycle, meeting, rows = a_meeting(people, refused=0)
        for place, row in enumerate(rows):
            with_photo(row, place)
        meetings.apply(meeting)
        meetings.approve(meeting)
    with clock.travel(MEETING_DAY):
        meetings.hold(meeting, {row.pk: "not_passed" for row in rows[people - not_passed :]})
    return meeting, rows


def announced(meeting: Meeting, *, reject: dict[int, str] | None = None) -> tuple[ResultReport, IssueDocument]:
    """Publicity, report, decision and the published document, on 29 May 2026."""
    with clock.travel(PUBLIC_FROM):
        results.publicise(meeting)
    with clock.travel(AFTER):
        report = results.decide(results.report(meeting), reject=reject)
        return report, certify.document([report])


def issued(document: Any) -> IssueBatch:
    """Every certificate of a published document, on 29 May 2026."""
    with clock.travel(AFTER):
        return certify.issue(certify.batch(document))
