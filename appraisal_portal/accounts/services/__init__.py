"""What pages and other parts of the portal ask of accounts."""

from .founding import First, found_bureau, founded, is_founded
from .limits import succeeded, too_many_attempts, used_up
from .memberships import (
    bureau_members,
    confirm_password,
    end_membership,
    freeze,
    grant,
    hire,
    holders_of,
    members_of,
    unfreeze,
)
from .posts import holders, informed, post_level, structure_of, taken, with_taken
from .registration import ask_for_code, ask_for_reset, change_contact, check_code, register_person
from .seals import seal_of

__all__ = [
    "First",
    "ask_for_code",
    "ask_for_reset",
    "bureau_members",
    "change_contact",
    "check_code",
    "confirm_password",
    "end_membership",
    "found_bureau",
    "founded",
    "freeze",
    "grant",
    "hire",
    "holders",
    "holders_of",
    "informed",
    "is_founded",
    "members_of",
    "post_level",
    "register_person",
    "seal_of",
    "structure_of",
    "succeeded",
    "taken",
    "too_many_attempts",
    "unfreeze",
    "used_up",
    "with_taken",
]
