"""Who acts in the story: somebody who holds the role in the body, acting in it."""

from typing import Any

from appraisal_portal.accounts.models import Membership, Organisation, User
from committees.reviews.workflow.signers import signers


def holder(role: str, organisation: Organisation | None = None, *, but: Any = None) -> User:
    """The first holder of the role today (in the organisation), other than ``but``. Raises LookupError when there is
    none."""
    rows = Membership.objects.active().filter(role=role).select_related("user", "organisation").order_by("pk")
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    if but is not None:
        rows = rows.exclude(user=but.pk)
    row = rows.first()
    if row is None:
        raise LookupError(f"nobody is {role} in {organisation}")
    user: User = row.user.act_as(row)
    return user


def juror(member: Any) -> User:
    """The member of the committee, acting as one."""
    user: User = member.user
    return user.act_as(user.memberships.filter(role=Membership.Role.JUROR).first())


def signer(obj: Any, office: Organisation) -> User:
    """A director of the office who may sign the results, the list, the report: keeps away from nobody on it."""
    user = signers(obj)[0]
    return user.act_as(user.memberships.get(role=Membership.Role.COMMITTEE_DIRECTOR, organisation=office))
