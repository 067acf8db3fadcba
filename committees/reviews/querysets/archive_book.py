"""Who reads archive books."""

from typing import Any, Self

from django.db import models

from applications.querysets_recusal import stands_back

from .meeting import OFFICE


def archived_for(user: Any, meetings: Any) -> Any:
    """Of the meetings those whose archive the reader may read: the office its own, but none with a case they keep away
    from; the supervisor all; nobody one with the own case in it.
    """
    if not user.is_authenticated:
        return meetings.none()
    others = meetings.exclude(admissions__declaration__applicant__user=user.pk)
    if user.acts_as("supervisor"):
        return others
    if user.acts_as(*OFFICE):
        away = meetings.filter(stands_back(user, "admissions__declaration__"))
        return others.filter(committee__office=user.acting_organisation_id).exclude(pk__in=away.values("pk"))
    return meetings.none()


class ArchiveBookQuerySet(models.QuerySet[Any]):
    """Archive books."""

    def visible_to(self, user: Any) -> Self:
        """The books of the meetings whose archive the reader may read."""
        meetings = self.model._meta.get_field("meeting").related_model._default_manager.all()
        return self.filter(meeting__in=archived_for(user, meetings))
