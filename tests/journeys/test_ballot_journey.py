"""An electronic round at two telephones: opened by the clerk, voted, sealed, found again in the minutes."""

from typing import Any

import pytest
from django.test import LiveServerTestCase
from playwright.sync_api import Browser

from appraisal_portal.home.story import meeting as story
from appraisal_portal.kernel import tasks
from committees.reviews.models import BallotRound
from tests.ballots import steps
from tests.factories.reviews import MEETING_DAY
from tests.journeys.steps.desk import PHONE, Desk, Findings
from tests.journeys.steps.papers import text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

THUMB = 44
"""Least height of what a thumb must hit, in CSS pixels."""


def test_members_vote_on_their_telephones(
    browser: Browser, live_server: LiveServerTestCase, clock: Any, findings: Findings, settings: Any, monkeypatch: Any
) -> None:
    settings.PORTAL_SITE_URL = live_server.url
    monkeypatch.setattr(tasks, "hint_deliveries", lambda rows: None)
    meeting = steps.approved(2)
    clock(MEETING_DAY)
    story.open_meeting(meeting)

    def desk(role: str, user: Any) -> Desk:
        return Desk(browser, live_server.url, findings, role, user.username)

    clerk = desk("office", steps.clerk_of(meeting))
    clerk.open(f"/office/meetings/{meeting.pk}/votes/").seen("votes-electronic")
    clerk.fill(mode="electronic", minutes="15").press("Open the round", 422)  # nobody has declared so far
    first = story.juror(meeting.attendees.filter(role="voter").order_by("pk")[0].member)
    phone = desk("juror", first)
    phone.open(f"/my/meetings/{meeting.pk}/").seen("call-up-conflicts").follow("Declare conflicts").seen("conflicts")
    phone.fill(declared=True).press("Submit the declaration")
    story.declare_no_conflict(meeting)
    clerk.open(f"/office/meetings/{meeting.pk}/votes/")
    clerk.fill(mode="electronic", minutes="15").press("Open the round")
    ballot = BallotRound.objects.get()
    users = steps.jurors(ballot)
    trackers = [voted(desk("juror", user), ballot, choice) for user, choice in zip(users, CHOICES, strict=False)]
    clerk.open(f"/rounds/{ballot.pk}/").says("应投票 14 人，已投票 2 人").seen("round-electronic")
    for user in users[len(CHOICES) :]:
        steps.vote(ballot, user)
    clerk.open(f"/rounds/{ballot.pk}/").says("应投票 14 人，已投票 14 人")
    clerk.follow("Close the round: every ballot is in").sure("Close the round: every ballot is in", 2)
    clerk.seen("round-electronic-sealed")
    assert {(v.agree, v.against, v.abstain) for v in ballot.verdicts.all()} == {(12, 1, 1)}
    clerk.follow("All ballots, to count again").seen("ballots")
    observer = desk("observer", story.observer_of(meeting))
    observer.open(f"/rounds/{ballot.pk}/").main.locator("summary").last.click()
    observer.says(*trackers)
    clerk.open(f"/office/meetings/{meeting.pk}/votes/").press("Make the minutes")
    paper = clerk.open(f"/office/meetings/{meeting.pk}/").papers(["minutes"])["minutes"]
    for tracker in trackers:
        assert tracker in text_of(paper)
    assert not findings.found


CHOICES = ("against", "abstain")


def voted(phone: Desk, ballot: BallotRound, choice: str) -> str:
    """From the call-up to the receipt at 390 px; the tracker."""
    phone.open(f"/my/meetings/{ballot.meeting_id}/").seen("call-up-open-round")
    phone.follow("Open my ballot sheet").seen("ballot")
    phone.page.set_viewport_size({"width": PHONE, "height": 844})
    lines = phone.main.locator(".choice").all()
    assert len(lines) == 3 * ballot.items.count()
    for line in lines:
        box = line.bounding_box()
        assert box
        assert box["height"] >= THUMB
        assert box["width"] >= PHONE * 0.7
    phone.press("Put the ballot into the box", 422)
    for item in ballot.items.all():
        phone.set(f"c{item.admission_id}", choice)
    phone.press("Put the ballot into the box").seen("ballot-received")
    return phone.main.locator(".ref").inner_text()
