"""Pages of the publicity inside a unit (单位公示) and of what is objected there."""

from collections.abc import Callable
from typing import Any


def pages(plain: Any, at: Callable[..., Any], do: Callable[..., Any]) -> dict[str, Any]:
    """URL → with which object it is walked."""
    return {
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
