"""Writes that are not transitions: the register, drafts of plans, terms, standards and notices, calendar days."""

from .cycle import take_over
from .days import Change, Effect, change_calendar, fingerprint, foresee_change
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
from .suggestions import ask_committees, suggested_lines, suggested_values

__all__ = [
    "ask_committees",
    "suggested_lines",
    "suggested_values",
    "Change",
    "Effect",
    "change_calendar",
    "fingerprint",
    "foresee_change",
    "Loaded",
    "add_attachment",
    "copy_plan",
    "draft_notice",
    "draft_plan",
    "draft_term",
    "draft_version",
    "load_register",
    "decider_of",
    "new_line",
    "remove_attachment",
    "remove_line",
    "save_draft",
    "save_line",
    "save_term",
    "take_over",
]
