"""Pages of the publicity inside a unit (单位公示), of what is objected there, and of the seal it uses."""

from collections.abc import Callable
from typing import Any

from appraisal_portal.home.story import seals

TABLES = {"accounts.UnitSeal": "unit_seal"}
"""Label of each table → name of its row."""
LISTS = {"accounts:unitseal-list": "bureau_reviewer"}
COPIES = {"accounts.UnitSeal": lambda row, place: {"status": "refused"}}


def add(world: Any) -> None:
    """A seal of the unit in the middle, which waits for its decision."""
    world.rows["unit_seal"] = seals.propose(world.unit)


def pages(plain: Any, at: Callable[..., Any], do: Callable[..., Any]) -> dict[str, Any]:
    """URL → with which object it is walked."""
    return {
        "accounts:unitseal-list": plain,
        "accounts:unitseal-new": plain,
        "accounts:unitseal-paper": plain,
        "accounts:unitseal-detail": at("unit_seal"),
        "accounts:unitseal-do": do("unit_seal", "approve"),
        "accounts:unitseal-file": at("unit_seal", which="picture"),
        "applications:declaration-undertaking": at("exam"),
        "applications:unitobjection-new": at("shown"),
        "applications:unitobjection-outcome": at("unit_objection"),
        "applications:unitobjection-report": at("settled_objection"),
        "applications:unitobjection-evidence": at("unit_objection"),
        "applications:unitpublicity-certify": at("unit_publicity_over"),
        "applications:unitpublicity-detail": at("unit_publicity"),
        "applications:unitpublicity-do": do("unit_publicity", "halt"),
        "applications:unitpublicity-list": plain,
        "applications:unitpublicity-new": plain,
        "applications:unitpublicity-paper": at("unit_publicity", code="unit-publicity"),
    }
