"""Who sees which letters of entrusted appraisal and which results from outside (model.md §8)."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from applications.querysets_recusal import stands_back

BUREAU = ("bureau_reviewer", "bureau_approver", "supervisor")
OFFICE = ("office_clerk", "committee_director")


class EntrustmentQuerySet(models.QuerySet[Any]):
    """Letters of entrusted appraisal (委托评审函)."""

    def visible_to(self, user: Any) -> Self:
        """The bureau and the supervisor all; issued ones: whom they are about, their unit, the committee's office."""
        if user.acts_as(*BUREAU):
            return self.all()
        mine = Q(declaration__applicant__user=user.pk)
        if user.acts_as("unit_clerk", "unit_head"):
            mine |= Q(declaration__unit=user.acting.organisation_id)
        elif user.acts_as(*OFFICE):
            mine |= Q(declaration__committee__office=user.acting.organisation_id) & ~stands_back(user, "declaration__")
        items = self.model._meta.get_field("items").related_model._base_manager.filter(mine)
        return self.filter(status="issued", pk__in=items.values("letter"))

    def with_names(self) -> Self:
        """Everything a list shows, in one query."""
        waiting = Q(items__declaration__status="entrusted")
        return self.select_related("report__meeting__committee").annotate(
            people=models.Count("items"), waiting=models.Count("items", filter=waiting)
        )


class ExternalResultQuerySet(models.QuerySet[Any]):
    """Results of the higher committee."""

    def visible_to(self, user: Any) -> Self:
        """The bureau's register; everybody else reads the outcome on the case."""
        return self.all() if user.acts_as(*BUREAU) else self.none()
