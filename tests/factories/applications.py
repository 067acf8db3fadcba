"""Declarations for tests, told by the story: complete drafts and submitted ones."""

from typing import Any

from applications.models import Declaration
from appraisal_portal.home.story import declare
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle


def a_draft(city: City, cycle: Cycle, seed: int | str = 1, **choices: Any) -> Declaration:
    """A complete draft that only lacks the signature."""
    return declare.draft(city, cycle, seed, **choices)


def a_submitted(city: City, cycle: Cycle, seed: int | str = 1, **choices: Any) -> Declaration:
    """Signed and handed in."""
    return declare.submit(a_draft(city, cycle, seed, **choices))
