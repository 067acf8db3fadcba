"""Who sees the pool of experts, its draws and invitations: never a juror anybody but oneself (trust.md §2.1)."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Q

from committees.reviews.querysets.meeting import BUREAU, OFFICE


class ExpertQuerySet(models.QuerySet[Any]):
    """Experts."""

    def visible_to(self, user: Any) -> Self:
        """The office its own pool; bureau and supervisor all."""
        if user.is_authenticated and user.acts_as(*BUREAU):
            return self.all()
        if user.is_authenticated and user.acts_as(*OFFICE):
            return self.filter(committee__office=user.acting_organisation_id)
        return self.none()

    def in_term(self, day: dt.date) -> Self:
        """In office on the day."""
        return self.filter(term_from__lte=day, term_until__gte=day)


class DrawQuerySet(models.QuerySet[Any]):
    """Draws."""

    def visible_to(self, user: Any) -> Self:
        """The office its own; bureau and supervisor all."""
        if not user.is_authenticated:
            return self.none()
        if user.acts_as(*BUREAU):
            return self.all()
        seen = Q(pk__in=[])
        if user.acts_as(*OFFICE):
            seen |= Q(meeting__committee__office=user.acting_organisation_id)
        return self.filter(seen)


class InvitationQuerySet(models.QuerySet[Any]):
    """Invitations."""

    def visible_to(self, user: Any) -> Self:
        """One's own, while the meeting is ahead."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(expert__account=user.pk, draw__status="confirmed", draw__meeting__status="approved")
