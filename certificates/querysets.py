"""Named questions about documents, claims and certificates."""

from typing import Any

from django.db import models
from django.db.models import Q

from applications.querysets_recusal import stands_back

_BUREAU = ("bureau_reviewer", "bureau_approver", "supervisor")


class IssueDocumentQuerySet(models.QuerySet[Any]):
    """Issue documents and batches are the bureau's until published."""

    def visible_to(self, user: Any) -> "IssueDocumentQuerySet":
        """The bureau and the supervisor see all; nobody else sees any here (the public reads the result notice)."""
        return self.all() if user.acts_as(*_BUREAU) else self.none()

    def published(self) -> "IssueDocumentQuerySet":
        """Result notices, newest first."""
        return self.filter(status="published").order_by("-published_on", "-pk")


class CertificateQuerySet(models.QuerySet[Any]):
    """Certificates by who may read them (model.md §8)."""

    def visible_to(self, user: Any) -> "CertificateQuerySet":
        """One's own; the unit's own and those of its people; the committee's own; all for bureau and supervisor."""
        own = Q(person__user=user.pk)
        if user.acts_as(*_BUREAU):
            return self.all()
        if user.acts_as("unit_clerk", "unit_head"):
            unit = user.acting.organisation_id
            here = Q(person__employments__unit=unit, person__employments__status="confirmed")
            # As a subquery: a join would give a row for every employment.
            own |= (
                Q(declaration__unit=unit)
                | Q(filed_row__batch__plan__delegation__unit=unit)
                | Q(pk__in=self.model._base_manager.filter(here).values("pk"))
            )
        elif user.acts_as("office_clerk", "committee_director"):
            kept = self.model._base_manager.filter(stands_back(user, "declaration__")).values("pk")
            own |= Q(committee__office=user.acting.organisation_id) & ~Q(pk__in=kept)
        return self.filter(own)


class RevocationQuerySet(models.QuerySet[Any]):
    """Revocations are the bureau's; the holder reads the outcome on the certificate."""

    def visible_to(self, user: Any) -> "RevocationQuerySet":
        """All for bureau and supervisor."""
        return self.all() if user.acts_as(*_BUREAU) else self.none()


class ClaimQuerySet(models.QuerySet[Any]):
    """Claims are their person's until they are handed in, then the bureau's too."""

    def own(self, user: Any) -> "ClaimQuerySet":
        """The user's own ones, whatever role one acts in."""
        return self.filter(person__user=user.pk)

    def visible_to(self, user: Any) -> "ClaimQuerySet":
        """One's own; bureau and supervisor see what was handed in."""
        mine = Q(person__user=user.pk)
        if user.acts_as(*_BUREAU):
            mine |= Q(submitted_at__isnull=False)
        return self.filter(mine)

    def waiting_for_bureau(self) -> "ClaimQuerySet":
        """Those the bureau has to check or to decide."""
        return self.filter(status__in=("submitted", "proposed"))


class AppointmentQuerySet(models.QuerySet[Any]):
    """Appointments (聘任) by who may read them."""

    def visible_to(self, user: Any) -> "AppointmentQuerySet":
        """The unit its own; the person appointed; bureau and supervisor all."""
        if user.acts_as(*_BUREAU):
            return self.all()
        seen = Q(certificate__person__user=user.pk)
        if user.acts_as("unit_clerk", "unit_head"):
            seen |= Q(unit=user.acting.organisation_id)
        return self.filter(seen)
