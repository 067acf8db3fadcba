"""The work unit and its forwarder: employment, item by item, publicity, the seal, recommendation, forwarding."""

from typing import Any

from appraisal_portal.home.story.unit import FORWARDED, OPINION
from tests.journeys.steps.applicant import Papers
from tests.journeys.steps.desk import Desk


def confirm_employment(clerk: Desk, name: str) -> None:
    """The clerk confirms that the person works here."""
    clerk.open("/account/employments/").seen("employments")
    clerk.go(name).follow("Confirm the employment").seen("employment-confirm")
    clerk.fill(confirmed_kind="staff").press("Confirm the employment")


def judge_all(desk: Desk) -> None:
    """Every item of the page is as the original says."""
    for choice in desk.main.locator('[name^="result-"][value="true"]').all():
        choice.check()
    desk.press("Save the judgements")


def verify(clerk: Desk, name: str) -> None:
    """Item by item, then the verifier's mark on 2-9."""
    clerk.open("/unit/").seen("dashboard")
    clerk.open("/unit/declarations/").seen("list")
    clerk.go(name).seen("declaration")
    judge_all(clerk)
    clerk.follow("Verify and sign…").seen("verify")
    clerk.fill(password=clerk.password).press("Sign and verify")


def publicise(clerk: Desk) -> None:
    """Everybody verified, on the notice board."""
    clerk.open("/unit/publicity/new/").seen("publicity-new")
    clerk.fill(place="场部公告栏、内部网站", contact="人事科，0578-7201234").press("Start the publicity").seen(
        "publicity"
    )


def seal(clerk: Desk, pk: int, papers: Papers) -> bytes:
    """2-9 is printed, sealed, scanned and uploaded; the printed sheet."""
    clerk.open(f"/unit/declarations/{pk}/").follow("Upload the sealed undertaking…").seen("seal")
    printed = clerk.download(clerk.main.locator('a[href$="/2-9/"]').first)
    clerk.fill(scan=papers.pdf("盖章承诺书")).press("Upload")
    return printed


def recommend(head: Desk, name: str) -> None:
    """The head signs; the post structure has room."""
    head.open("/unit/declarations/").go(name).follow("Recommend and sign…").seen("recommend")
    head.fill(opinion=OPINION, password=head.password)
    head.press("Sign and recommend")


def forward(forwarder: Desk, name: str) -> None:
    """The county bureau forwards with its opinion."""
    forwarder.open("/forwarder/").seen("list").go(name).seen("declaration")
    forwarder.fill(opinion=FORWARDED).press("Forward to the committee office")


def find(desk: Desk, address: str, name: str) -> Any:
    """Open the row of a person in a list."""
    return desk.open(address).go(name)
