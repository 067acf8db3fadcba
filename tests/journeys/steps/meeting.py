"""The meeting: application with 3-1 … 3-3, the bureau's two decisions, attendance, two counts, locked results."""

import datetime as dt
from typing import Any

from appraisal_portal.accounts.models import User
from tests.journeys.steps.desk import Desk

PAPERS = ("3-1", "3-2", "3-3")


def prepare(clerk: Desk, line: int, meets_on: dt.date, members: int) -> int:
    """A draft of the plan's line with its three papers; its key."""
    clerk.open("/office/meetings/").seen("meetings").follow("Prepare a meeting").seen("meeting-new")
    clerk.fill(
        line=str(line), kind="regular", meets_on=meets_on.isoformat(), meets_at="09:00",
        place="丽水市行政中心第三会议室", method="vote", expected=str(members), contact="评审科", phone="0578-2091234",
    ).press("Save and continue")  # fmt: skip
    clerk.press("Make 3-1, 3-2 and 3-3").seen("meeting-draft")
    return clerk.number()


def apply(director: Desk, pk: int) -> None:
    """The director reads, signs with the password, and applies."""
    director.open(f"/office/meetings/{pk}/").follow("Sign and apply to the bureau").seen("meeting-apply")
    director.fill(password=director.password).press("Sign and apply to the bureau")


def approve(reviewer: Desk, approver: Desk, pk: int, people: int) -> None:
    """One proposes, another approves and types how many people it concerns."""
    reviewer.open("/bureau/meetings/").seen("meetings")
    reviewer.open(f"/bureau/meetings/{pk}/").seen("meeting").follow("Propose approval").seen("meeting-propose")
    reviewer.press("Propose approval")
    approver.open(f"/bureau/meetings/{pk}/").seen("meeting").follow("Approve the meeting").seen("meeting-approve")
    approver.sure("Approve the meeting", people)


def call_up(clerk: Desk, pk: int, members: int) -> tuple[Any, list[Any]]:
    """Members, one observer, two tellers; the observer and the tellers."""
    clerk.open(f"/office/meetings/{pk}/").follow("Call up members, observer and tellers").seen("call-up")
    for box in clerk.main.locator('[name="voters"]').all()[members:]:  # all are ticked: the others cannot come
        box.uncheck()
    observer = clerk.main.locator('[name="observer"] option').nth(1).get_attribute("value")
    boxes = clerk.main.locator('[name="tellers"]').all()[:2]
    for box in boxes:
        box.check()
    tellers = [box.get_attribute("value") for box in boxes]
    clerk.fill(observer=observer).press("Call up")
    return User.objects.get(pk=observer), [User.objects.get(pk=teller) for teller in tellers]


def open_session(clerk: Desk, observer: Desk, pk: int) -> None:
    """Everybody signs in, the observer confirms, the clerk opens the meeting."""
    clerk.open(f"/office/meetings/{pk}/").follow("Take attendance").seen("attendance")
    clerk.main.locator("#id_present_all").check()
    assert clerk.main.locator('[name="present"]:not(:checked)').count() == 0
    clerk.press("Save attendance")
    observer.open(f"/my/meetings/{pk}/").seen("call-up").follow("Confirm attendance and recusals").seen("attendance")
    observer.fill(password=observer.password).press("Confirm")
    clerk.open(f"/office/meetings/{pk}/").follow("Open the meeting").seen("open").press("Open the meeting")


def open_round(clerk: Desk, pk: int) -> int:
    """A round on everybody; its key."""
    clerk.open(f"/office/meetings/{pk}/votes/").seen("votes").press("Open the round")
    clerk.open(f"/office/meetings/{pk}/votes/")
    address = clerk.main.locator('a[href^="/rounds/"]').first.get_attribute("href") or ""
    return int(address.split("/")[2])


def count(teller: Desk, round_pk: int, members: int, *, against: int = 1) -> None:
    """The five numbers of every person; all but ``against`` members agree."""
    teller.open(f"/rounds/{round_pk}/").seen("round").follow("Enter counts").seen("counts")
    numbers = {"issued": members, "agree": members - against, "against": against, "abstain": 0, "invalid": 0}
    for name, number in numbers.items():
        for box in teller.main.locator(f'[name$="{name}"]').all():
            box.fill(str(number))
    teller.press("Save my counts")


def seal(observer: Desk, round_pk: int, people: int) -> None:
    """The observer confirms equal counts."""
    observer.open(f"/rounds/{round_pk}/").follow("Confirm the counts and seal").seen("seal")
    observer.sure("Confirm the counts and seal", people).seen("round-sealed")


def lock(clerk: Desk, director: Desk, pk: int, people: int) -> None:
    """The director announces the round; minutes; then the results are signed and locked."""
    director.open(f"/office/meetings/{pk}/votes/").main.locator('a[href^="/rounds/"]').first.click()
    director.follow("Announce the result").seen("announce").press("Announce the result")
    clerk.open(f"/office/meetings/{pk}/votes/").press("Make the minutes").seen("votes-minutes")
    director.open(f"/office/meetings/{pk}/")
    director.follow("Sign and lock the results").seen("lock").fill(password=director.password)
    director.press("Sign and lock the results", 422).fill(password=director.password, confirm=people)
    director.press("Sign and lock the results").seen("meeting-decided")
