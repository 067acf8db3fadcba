"""Who sees which determinations (model.md §8)."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

BUREAU = ("bureau_reviewer", "bureau_approver", "supervisor")


def cases_of(authority: Any) -> Q:
    """Declarations this body decides about: a county bureau those of its units, the bureau everybody else's."""
    county = Q(line__decided_by="county_bureau", unit__forwarder__kind="county_bureau")
    if authority.kind == "county_bureau":
        return county & Q(unit__forwarder=authority)
    if authority.kind != "city_bureau":
        return Q(pk__in=[])
    return ~Q(line__decided_by="committee") & ~county


class DeterminationQuerySet(models.QuerySet[Any]):
    """Determinations and confirmations without a vote."""

    def visible_to(self, user: Any) -> Self:
        """A county bureau its own; the bureau and the supervisor the bureau's own and all that were proposed."""
        if user.acts_as(*BUREAU):
            return self.filter(~Q(status="draft") | Q(authority=user.acting_organisation_id))
        if user.acts_as("forwarder"):
            return self.filter(authority=user.acting_organisation_id)
        return self.none()

    def with_names(self) -> Self:
        """Everything a list shows, in one query."""
        return self.select_related("line__committee", "authority").annotate(
            people=models.Count("items"), granted=models.Count("items", filter=Q(items__outcome="granted"))
        )
