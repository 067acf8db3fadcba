"""What surrounds a meeting: who goes to it is public before, and afterwards everybody reads what was decided.

Meeting, ballots and report are the business of other journeys: here the story tells them.
"""

import datetime as dt
from typing import Any

import pytest

from appraisal_portal.home.story import meeting, results
from appraisal_portal.kernel import clock
from committees.plans.models import PlanLine
from committees.reviews.models import Meeting
from committees.reviews.workflow import MEETING
from tests.factories.results import AFTER, PUBLIC_FROM, with_photo
from tests.factories.reviews import MEETING_DAY, MONDAY, examined
from tests.journeys.conftest import World
from tests.journeys.steps import results as steps
from tests.journeys.steps.desk import words
from tests.journeys.steps.look import look
from tests.journeys.steps.papers import text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ENDS = dt.date(2026, 5, 18)  # five working days after Monday, 11 May
REASONS = "专业技术业绩未达到标准第四条：需主持完成两项县级以上项目。"


def applied_for(world: World, people: int) -> tuple[Meeting, list[Any]]:
    """A meeting over so many people of the unit, which the bureau has approved; nobody called up yet."""
    world.travel(MONDAY)
    line = world.cycle.line("forestry")
    rows = [examined(world.city, line, 100 + place, unit=world.unit) for place in range(people)]
    for place, row in enumerate(rows):
        world.city.employ(row.applicant.user, world.unit)
        with_photo(row, place)
    held = meeting.propose(meeting.apply(meeting.prepare(world.city, world.cycle, line, rows, MEETING_DAY)))
    approver = meeting.holder("bureau_approver", but=held.proposed_by)
    MEETING.fire(held, "approve", actor=approver, content_hash=held.content_hash())
    meeting.call_up(held)
    return held, rows


def test_who_goes_to_the_meeting_is_public_before_it_opens(world: World) -> None:
    PlanLine.objects.filter(pk=world.cycle.line("forestry").pk).update(pre_review_days=5)
    held, (one, objected) = applied_for(world, 2)
    clerk, director = world.desk("office", held.prepared_by), world.desk("director", meeting._director(held))
    page = f"/office/meetings/{held.pk}/"
    clerk.open(page).follow("Make the list before the meeting").seen("before-new")
    clerk.fill(how="市人力社保局网站职称评审专栏", contact="评审科", phone="0578-2091234").press("Make the list")
    public = steps.sign_and_start(clerk, director, clerk.number())

    visitor = world.desk("visitor")
    visitor.open(f"/publicity/{public}/").says(one.applicant.name, objected.applicant.name, "2026-05-18（周一） 24:00")
    look(visitor, "before-the-meeting")
    assert one.applicant.id_number not in visitor.page.content()
    assert b"DTSTART;VALUE=DATE:20260518" in visitor.download(f"/publicity/{public}/last-day.ics")
    world.travel(clock.at(ENDS, 23))
    steps.admit(clerk, steps.object_to(visitor, public, objected.applicant.name))

    clerk.open(page + "do/open/").says("2026-05-18（周一，今天）24:00")
    look(clerk, "too-early")
    assert not clerk.main.get_by_role("button", name=words("Open the meeting")).count()

    world.travel(clock.at(MEETING_DAY, 9))
    meeting.services.sign_in(held, held.attendees.all(), actor=held.prepared_by)
    meeting.services.sign_attendance(held, observer=meeting.observer_of(held))
    clerk.open(page + "do/open/").press("Open the meeting")
    clerk.open(page + "votes/").says(words("An objection is being investigated: not voted on today, to be deferred."))
    look(clerk, "held-one-is-no-item")
    items = clerk.main.locator('[name="items"]').all()
    assert [box.get_attribute("value") for box in items] == [str(held.admissions.get(declaration=one).pk)]
    assert not world.findings.found, world.findings.found


def test_what_was_decided_is_read_in_plain_words_and_filed(world: World) -> None:
    held, (passed, failed) = applied_for(world, 2)
    with clock.travel(MEETING_DAY):
        meeting.hold(held, {failed.pk: "not_passed"})
    with clock.travel(PUBLIC_FROM):
        results.publicise(held)
    world.travel(clock.at(AFTER, 10))
    results.decide(results.report(held))

    clerk = world.desk("office", held.prepared_by)
    clerk.open("/outcomes/").seen("outcomes").go(failed.number)
    look(clerk, "reasons").fill(reasons=REASONS).press("Give the reasons")
    person = world.desk("applicant", failed.applicant.user)
    look(person.open(f"/outcomes/{failed.pk}/").says("须有", "评审未通过", REASONS), "letter")
    papers = person.papers(("decision-letter", "2-1-completed"))
    assert REASONS in text_of(papers["decision-letter"])
    director = meeting._director(held).full_name
    for text in ("总人数", "评审未通过", director):
        assert text in text_of(papers["2-1-completed"])

    unit = world.desk("unit", world.city.user("unit_clerk", world.unit))
    look(unit.open("/outcomes/").says(passed.number, failed.number), "outcomes").go(passed.number)
    form = text_of(unit.papers(("2-1-completed",))["2-1-completed"])
    for text in ("评审通过", director, "同意", "2026年5月29日"):
        assert text in form
    unit.press("Confirm the filing", 422).told("place").seen("filing-error")
    look(unit.fill(place="人事档案第4类12号").press("Confirm the filing").says("人事档案第4类12号"), "filed")
    assert passed.personal_file.filed_on == AFTER
    assert not world.findings.found, world.findings.found
