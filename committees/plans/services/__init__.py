"""Writes that are not transitions: the register, drafts of plans, terms, standards and notices, calendar days."""

from .cycle import take_over
from .days import correct_day, remove_day, set_year_complete
from .drafts import (
    add_attachment,
    copy_plan,
    decider_of,
    draft_notice,
    draft_plan,
    draft_term,
    draft_version,
    new_line,
    remove_attachment,
    remove_line,
    save_draft,
    save_line,
    save_term,
)
from .register import Loaded, load_register

__all__ = [
    "Loaded",
    "add_attachment",
    "copy_plan",
    "correct_day",
    "draft_notice",
    "draft_plan",
    "draft_term",
    "draft_version",
    "load_register",
    "decider_of",
    "new_line",
    "remove_attachment",
    "remove_day",
    "remove_line",
    "save_draft",
    "save_line",
    "save_term",
    "set_year_complete",
    "take_over",
]
