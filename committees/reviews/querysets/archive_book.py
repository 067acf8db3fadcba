"""Who reads archive books."""

from typing import Any, Self

from django.db import models

from applications.querysets import stands_back

from .meeting import OFFICE


class ArchiveBookQuerySet(models.QuerySet[Any]):
    """Archive books."""

    def visible_to(self, user: Any) -> Self:
        """The office its own, but nobody a book with a case they keep away from; the supervisor all; nobody with the
        own case in it.
        """
        if not user.is_authenticated:
            return self.none()
        meetings = self.model._meta.get_field("meeting").related_model._default_manager
        others = self.exclude(meeting__in=meetings.filter(admissions__declaration__applicant__user=user.pk))
        if user.acts_as("supervisor"):
            return others
        if user.acts_as(*OFFICE):
            here = others.filter(meeting__committee__office=user.acting_organisation_id)
            return here.exclude(meeting__in=meetings.filter(stands_back(user, "admissions__declaration__")))
        return self.none()
