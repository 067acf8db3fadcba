"""Publicity, an objection, the report 3-4 … 3-6 and the bureau's decision."""

import re

from tests.journeys.steps.desk import Desk, words

PAPERS = ("3-4", "3-5", "3-6", "3-6-photos")


def publicise(clerk: Desk, director: Desk) -> int:
    """The list is made, signed and started; its key."""
    clerk.open("/office/publicity/").seen("publicity-desk").follow("Make the list").seen("publicity-new")
    clerk.fill(how="市人力社保局网站职称评审专栏", contact="评审科", phone="0578-2091234").press("Make the list")
    return sign_and_start(clerk, director, clerk.number())


def sign_and_start(clerk: Desk, director: Desk, pk: int) -> int:
    """A list that was made becomes public; its key."""
    director.open(f"/office/publicity/{pk}/").follow("Sign the list").seen("publicity-sign").press("Sign the list")
    clerk.open(f"/office/publicity/{pk}/").follow("Start the publicity").seen("publicity-start")
    clerk.press("Start the publicity").seen("publicity-running")
    return pk


def object_to(visitor: Desk, publicity: int, name: str) -> str:
    """A visitor objects to one person; the code to follow it by."""
    visitor.open(f"/publicity/{publicity}/").seen("publicity")
    visitor.main.get_by_role("link", name=f"{words('Object')} {name}").click()
    visitor.seen("objection-new")
    visitor.fill(filed_by="季知行", contact="13800000013", content="获奖证书署名与原件不符，请核查原始证书。")
    visitor.press("Raise an objection").seen("objection-follow")
    found = re.search(r"/objections/([\w-]+)/", visitor.page.url)
    assert found, visitor.text()
    visitor.open("/objections/follow/").seen("objection-find").fill(code=found.group(1)).press("See where it stands")
    assert visitor.page.url.endswith(found.group(0))
    return found.group(1)


def admit(clerk: Desk, code: str) -> None:
    """The office takes the objection on."""
    clerk.open("/office/objections/").seen("objections").go(code).seen("objection")
    clerk.follow("Take it on for investigation").seen("objection-admit")
    clerk.fill(substance="有人反映获奖证书署名与原件不符，请说明。").press("Take it on for investigation")


def report(clerk: Desk, director: Desk) -> int:
    """The report with its papers, sent by the director; its key."""
    clerk.open("/office/results/").seen("reports").follow("Prepare the report").seen("report-new")
    clerk.fill(contact="评审科", phone="0578-2091234").press("Prepare the report")
    clerk.press("Make 3-4, 3-5, 3-6 and the photographs").seen("report")
    pk = clerk.number()
    director.open(f"/office/results/{pk}/").follow("Send to the bureau").seen("report-send").press("Send to the bureau")
    return pk


def decide(reviewer: Desk, approver: Desk, pk: int, people: int) -> None:
    """A decision on each person is proposed, another person confirms."""
    reviewer.open("/office/results/").seen("reports")
    reviewer.open(f"/office/results/{pk}/").seen("report").press("Store the decisions")
    reviewer.follow("Propose the decision").seen("report-propose").press("Propose the decision")
    approver.open(f"/office/results/{pk}/").seen("report").follow("Decide as proposed").seen("report-decide")
    approver.sure("Decide as proposed", people)
