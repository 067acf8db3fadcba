"""The committee's office: takes a declaration on, asks once for a supplement, finds it eligible."""

from tests.journeys.steps.desk import Desk
from tests.journeys.steps.unit import judge_all


def accept(clerk: Desk, name: str) -> None:
    """Taken on from the list of new declarations."""
    clerk.open("/office/").seen("list").go(name).seen("declaration-new")
    clerk.follow("Accept…").seen("accept").press("Accept")


def ask_supplement(clerk: Desk, pk: int, reason: str) -> None:
    """The one notice: one more attachment."""
    clerk.open(f"/office/declarations/{pk}/").follow("Ask for a supplement…").seen("supplement")
    code = "attachments" if clerk.main.locator('[name="pick-attachments"]').count() else "attachments-hours"
    clerk.fill(**{f"pick-{code}": True, f"reason-{code}": reason}).press("Send the notice")


def qualify(clerk: Desk, pk: int) -> None:
    """Every item judged, then eligible."""
    clerk.open(f"/office/declarations/{pk}/").seen("declaration")
    judge_all(clerk)
    clerk.follow("Find eligible…").seen("qualify").press("Find eligible")
