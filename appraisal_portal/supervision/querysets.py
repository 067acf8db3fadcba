"""Who sees which checks."""

from typing import Any

from django.db.models import QuerySet

_ALL = ("bureau_reviewer", "bureau_approver", "supervisor")


class CheckQuerySet(QuerySet[Any]):
    """Checks of committees."""

    def visible_to(self, user: Any) -> "CheckQuerySet":
        """Bureau and supervisor see all; an office its own committee's, once the findings have been sent to it."""
        if not user.is_authenticated:
            return self.none()
        if user.acts_as(*_ALL):
            return self.all()
        if user.acts_as("office_clerk", "committee_director"):
            return self.filter(committee__office=user.acting.organisation_id).exclude(status="open")
        return self.none()
