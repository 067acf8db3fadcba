"""Who sees which delegations, plans and filed results of independent appraisal."""

from typing import Any, Self

from django.db import models
from django.db.models.functions import TruncDate

_BUREAU = ("bureau_reviewer", "bureau_approver", "supervisor")
_UNIT = ("unit_clerk", "unit_head")


class DelegationQuerySet(models.QuerySet[Any]):
    """Delegations: the bureau and the supervisor all; a county bureau its own; a unit its own once it is in force."""

    path = ""  # how a row reaches its delegation

    def visible_to(self, user: Any) -> Self:
        """By the body one acts for; what lies in a unit as a draft is the unit's and its authority's."""
        if user.acts_as(*_BUREAU):
            return self.all()
        if user.acts_as("forwarder"):
            return self.filter(**{f"{self.path}authority": user.acting_organisation_id})
        if user.acts_as(*_UNIT):
            decided = {f"{self.path}status__in": ("in_force", "ended")}
            return self.filter(**{f"{self.path}unit": user.acting_organisation_id}, **decided)
        return self.none()


class AutonomousPlanQuerySet(DelegationQuerySet):
    """Plans, seen with their delegation."""

    path = "delegation__"

    def due(self) -> Self:
        """Those whose unit still owes the plan or, after the consent, the results."""
        open_plan = models.Q(status__in=("draft", "returned"))
        filed = self.model._meta.get_field("batches").related_model._base_manager.exclude(status__in=_WITH_UNIT)
        open_result = models.Q(status="consented") & ~models.Q(pk__in=filed.values("plan"))
        return self.filter(open_plan | open_result).filter(delegation__status="in_force")


class FiledBatchQuerySet(DelegationQuerySet):
    """Filed results, seen with their plan."""

    path = "plan__delegation__"

    def published(self) -> Self:
        """What was taken on record, the newest first, each with the day as ``published_on``: anybody may read it."""
        rows = self.filter(status="accepted").annotate(published_on=TruncDate("decided_at"))
        return rows.order_by("-decided_at", "-pk")

    def with_names(self) -> Self:
        """With unit and series, which its heading says."""
        return self.select_related("plan__delegation__unit", "plan__delegation__series")


_WITH_UNIT = ("draft", "returned")
