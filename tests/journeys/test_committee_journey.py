"""A committee of fifteen: one stands back, one leaves early, an objection on the last evening, a supplementary 3-4.

The decisive pages are driven; ballots are cast, lists published and reports decided by the services those pages use.
"""

from typing import Any

import pytest
from django.test import LiveServerTestCase
from playwright.sync_api import Browser

from appraisal_portal.home.story import meeting as story
from appraisal_portal.home.story import results as afterwards
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock as moments
from appraisal_portal.kernel import sweeps, tasks
from committees.reviews.models import BallotRound, Meeting, Objection
from committees.reviews.workflow.objection import OBJECTION
from tests.ballots import steps
from tests.factories.results import AFTER, LAST_DAY, PUBLIC_FROM, with_photo
from tests.factories.reviews import MEETING_DAY, MONDAY, a_meeting
from tests.journeys.steps import results
from tests.journeys.steps.desk import Desk, Findings
from tests.journeys.steps.papers import text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_fifteen_members_one_recusal_one_leaver_one_objection(
    browser: Browser, live_server: LiveServerTestCase, clock: Any, findings: Findings, settings: Any, monkeypatch: Any
) -> None:
    settings.PORTAL_SITE_URL = live_server.url
    monkeypatch.setattr(tasks, "hint_deliveries", lambda rows: None)
    clock(MONDAY)
    _city, _cycle, meeting, rows = a_meeting(3, refused=0)
    for seed, row in enumerate(rows):
        with_photo(row, seed)
    story.approve(story.apply(meeting))
    clock(moments.at(MEETING_DAY, 9))
    story.open_meeting(meeting)

    def desk(role: str, user: Any = None) -> Desk:
        return Desk(browser, live_server.url, findings, role, user.username if user else "")

    clerk, observer = desk("office", steps.clerk_of(meeting)), desk("observer", story.observer_of(meeting))
    voted(meeting, clerk, observer, desk)
    clock(moments.at(MEETING_DAY, 9, 40))
    leaves(meeting, clerk)
    clock(moments.at(MEETING_DAY, 11))
    minutes_signed(meeting, clerk, desk("director", steps.director_of(meeting)))
    published(meeting, clock, clerk, desk("visitor"))
    assert not findings.found


def voted(meeting: Meeting, clerk: Desk, observer: Desk, desk: Any) -> None:
    """The chair stands back from the first person: the deputy presides, 9 of 13 pass."""
    one, *_others = meeting.admissions.order_by("seq")
    chair, deputy = meeting.attendees.filter(role="voter").select_related("member__user").order_by("pk")[:2]
    phone = desk("juror", chair.user)
    phone.open(f"/my/meetings/{meeting.pk}/").follow("Declare conflicts")
    phone.fill(**{f"back-{one.pk}": True, "declared": True}).press("Submit the declaration", 422)
    phone.told(f"ground-{one.pk}").fill(**{f"ground-{one.pk}": "师生"}).press("Submit the declaration").seen(
        "call-up-declared"
    )
    assert one.declaration.applicant.name not in phone.text()
    clerk.open(f"/office/meetings/{meeting.pk}/recusals/").seen("recusals").follow("Confirm")
    clerk.press("Confirm the recusal")
    story.declare_no_conflict(meeting)
    room = f"/office/meetings/{meeting.pk}/room/"
    observer.open(f"/my/meetings/{meeting.pk}/").seen("call-up").follow("Confirm the recusals")
    observer.fill(password=observer.password).press("Confirm").says("可以开始下一轮").seen("recusals-confirmed")
    observer.open(room).says("14", "10").seen("room")
    clerk.open(f"/office/meetings/{meeting.pk}/votes/")
    for box in clerk.main.locator('[name="items"]').all():
        box.set_checked(box.get_attribute("value") == str(one.pk))
    clerk.fill(mode="electronic", minutes="20").press("Open the round")
    ballot = BallotRound.objects.get()
    assert (ballot.members, ballot.present, ballot.items.get().roll) == (15, 14, 13)
    for n, user in enumerate(steps.jurors(ballot)):
        steps.vote(ballot, user, "for" if n < 9 else "against")
    acting = desk("deputy", deputy.user).open(f"/rounds/{ballot.pk}/").seen("round-presided")
    acting.follow("Close the round: every ballot is in").sure("Close the round: every ballot is in", 1)
    acting.follow("Announce the result").press("Announce the result").seen("round-announced")
    assert ballot.verdicts.get().outcome == "passed"


def leaves(meeting: Meeting, clerk: Desk) -> None:
    """Somebody leaves: the persons that follow are voted on by one member less."""
    leaver = meeting.attendees.filter(role="voter").order_by("pk")[2]
    clerk.open(f"/office/meetings/{meeting.pk}/votes/")
    with clerk.page.expect_navigation():
        clerk.main.locator(f'form[action$="/attendees/{leaver.pk}/leave/"] button').click()
    clerk.seen("votes-somebody-left")
    story.vote(meeting, {}, electronic=True)
    assert [row.present for row in meeting.rounds.order_by("number")] == [14, 13]


def minutes_signed(meeting: Meeting, clerk: Desk, director: Desk) -> None:
    """Who stood back, who left, who presided and announced stands in the minutes; the director signs."""
    clerk.open(f"/office/meetings/{meeting.pk}/votes/").press("Make the minutes")
    paper = text_of(clerk.open(f"/office/meetings/{meeting.pk}/").papers(["minutes"])["minutes"])
    chair, deputy, leaver = meeting.attendees.filter(role="voter").select_related("user").order_by("pk")[:3]
    for said in (f"{chair.user}回避第1号", f"{leaver.user}09:40离席", f"主持：{deputy.user}", f"不在场：{leaver.user}"):
        assert said in paper
    director.open(f"/office/meetings/{meeting.pk}/").follow("Sign and lock the results").seen("sign-results")
    director.fill(confirm=3, password=director.password).press("Sign and lock the results")


def published(meeting: Meeting, clock: Any, clerk: Desk, visitor: Desk) -> None:
    """Objected to on the last evening: one is held, the others are reported; later a supplement of the same date."""
    clock(PUBLIC_FROM)
    publicity = afterwards.publicise(meeting)
    held = publicity.items.order_by("seq")[1]
    clock(moments.at(LAST_DAY, 22, 30))
    results.object_to(visitor, publicity.pk, held.shown_name)
    objection = Objection.objects.get()
    OBJECTION.fire(
        objection, "admit", actor=holder("office_clerk", meeting.committee.office), substance=afterwards.SUBSTANCE
    )
    clock(AFTER)
    for name in sweeps.names():
        sweeps.run(name)
    first = afterwards.report(meeting)
    letter = text_of(clerk.open(f"/office/results/{first.pk}/").papers(["3-4"])["3-4"])
    assert "尚在核查1件" in letter
    assert first.items.count() == 2
    afterwards.decide(first)
    clock(AFTER.replace(month=6, day=11))
    afterwards.conclude(objection)
    second = afterwards.report(meeting)
    papers = clerk.open(f"/office/results/{second.pk}/").seen("report-supplementary").papers(["3-4"])
    supplement = text_of(papers["3-4"])
    assert "（补报）" in supplement
    assert "2026年5月20日" in supplement
    (item,) = second.items.all()
    assert item.declaration == held.declaration
    assert item.data_3_6["qualified_on"] == MEETING_DAY.isoformat()
    afterwards.decide(second)
    statuses = sorted(meeting.admissions.values_list("declaration__status", flat=True))
    assert statuses == ["approved"] * 3  # the one who was held is not left behind
