"""Accounts for tests: thin wrappers over the story, so that tests meet the people the demonstration shows."""

from appraisal_portal.accounts.models import Membership, Organisation, User
from appraisal_portal.home.story.city import PASSWORD, City, build_city
from appraisal_portal.home.story.people import evidence_pdf, photo_jpeg, someone
from tests.rows import ground
from tests.stage import kept

__all__ = ["PASSWORD", "City", "a_city", "build_city", "evidence_pdf", "make_user", "photo_jpeg", "someone"]


@kept
@ground
def a_city() -> City:
    """The city of the story, for tests that need nothing else."""
    return build_city()


def make_user(
    username: str, role: str = "", organisation: Organisation | None = None, *, password: str = PASSWORD
) -> User:
    """An account with at most one role, acting in it."""
    user = User.objects.create_user(username, password, full_name=username, email=f"{username}@example.com")
    if not role:
        return user
    return user.act_as(Membership.objects.create(user=user, role=role, organisation=organisation))
