"""One meeting from the draft to the locked results, told by the story as the pages do it."""

import pytest

from appraisal_portal.home.story import meeting as story
from appraisal_portal.home.story import procedure
from appraisal_portal.kernel import chain, clock
from committees.reviews.models import Meeting, Verdict
from tests.factories.reviews import MEETING_DAY, MONDAY, a_line, a_meeting

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


def test_the_roster_reads_what_the_office_examined():
    """Declarations that went the whole way: 3-2 shows their frozen content, the refused one with its ground."""
    day = MEETING_DAY.replace(month=1, day=13)
    city, cycle, line = a_line()
    with clock.travel(day):
        people = procedure.declared(city, cycle, range(3), [line], day)
    after = procedure.publicised(people, procedure.verified(people, day))
    after = procedure.accepted(people, procedure.recommended(people, procedure.working_day(after)))
    after = procedure.examined(people, after, refused=[2])
    meeting = procedure.applied(city, cycle, line, after)
    rows = {row["number"]: row for row in meeting.current_snapshot.content["roster"]}
    for declaration in people:
        row = rows[declaration.number]
        assert row["name"] == declaration.applicant.name
        assert row["id_number"] == declaration.applicant.id_number
        assert row["employer"] == declaration.unit.name
        for key in (
            "gender",
            "education",
            "school",
            "applied_title",
            "ce_hours",
            "annual_assessments",
            "mode",
            "work_start",
        ):
            assert row[key], key
        assert row["unit_publicity"] == "无异议"
    assert [rows[d.number]["exam_result"] for d in people] == ["合格", "合格", "不合格"]
    assert "业绩成果" in rows[people[2].number]["exam_reason"]
    assert meeting.admissions.filter(declaration_snapshot__stage="qualified").count() == 2
    procedure.approved(meeting, after)
    procedure.held(meeting)
    people[0].refresh_from_db()
    assert people[0].status == "passed"
