"""Named questions about documents and certificates."""

from typing import Any

from django.db import models
from django.db.models import Q

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
        """One's own; the unit's, the committee's own; all for bureau and supervisor."""
        own = Q(person__user=user.pk)
        if user.acts_as(*_BUREAU):
            return self.all()
        if user.acts_as("unit_clerk", "unit_head"):
            own |= Q(declaration__unit=user.acting.organisation_id)
        elif user.acts_as("office_clerk", "committee_director"):
            own |= Q(committee__office=user.acting.organisation_id)
        return self.filter(own)


class RevocationQuerySet(models.QuerySet[Any]):
    """Revocations are the bureau's; the holder reads the outcome on the certificate."""

    def visible_to(self, user: Any) -> "RevocationQuerySet":
        """All for bureau and supervisor."""
        return self.all() if user.acts_as(*_BUREAU) else self.none()
