"""One meeting from the draft to the locked results, told by the story as the pages do it."""

import pytest

from appraisal_portal.home.story import meeting as story
from appraisal_portal.kernel import chain, clock
from committees.reviews.models import Meeting, Verdict
from tests.factories.reviews import MEETING_DAY, MONDAY, a_meeting

pytestmark = pytest.mark.django_db


def test_from_draft_to_locked_results():
    with clock.travel(MONDAY):
        _city, _cycle, meeting, rows = a_meeting(4)
        story.apply(meeting)
        assert meeting.status == Meeting.Status.APPLIED
        assert meeting.applied_on == MONDAY
        story.approve(meeting)
    assert meeting.reply_number == "丽人社评〔2026〕1号"
    assert meeting.approved_on == MONDAY
    rows[0].refresh_from_db()
    assert rows[0].status == "on_roster"
    rows[4].refresh_from_db()
    assert rows[4].status == "disqualified"
    with clock.travel(MEETING_DAY):
        story.hold(meeting, {rows[1].pk: "not_passed", rows[2].pk: "deferred"})
    assert meeting.status == Meeting.Status.DECIDED
    for row in rows:
        row.refresh_from_db()
    assert [row.status for row in rows] == ["passed", "not_passed", "deferred", "passed", "disqualified"]
    assert Verdict.objects.filter(admission__meeting=meeting, round__isnull=False).count() == 3
    assert {p.code for p in meeting.papers.all()} == {"3-1", "3-2", "3-3", "meeting-reply", "minutes"}
    assert chain.verify() is None
