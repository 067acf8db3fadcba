"""Who sees which meetings and rounds (model.md §8). A jury's names stay secret: see ``access.sees_jury``."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from applications.querysets_recusal import known_rows

BUREAU = ("bureau_reviewer", "bureau_approver", "supervisor")
OFFICE = ("office_clerk", "committee_director")
WITH_BUREAU = ("applied", "proposed", "approved", "in_session", "decided", "void")
CALLED_UP = ("approved", "in_session", "decided")


class MeetingQuerySet(models.QuerySet[Any]):
    """Meetings."""

    def visible_to(self, user: Any) -> Self:
        """The office its own; bureau and supervisor once applied for; whoever is called up, from the approval on."""
        if not user.is_authenticated:
            return self.none()
        seen = Q(status__in=CALLED_UP, pk__in=self.model.objects.filter(attendees__user=user.pk).values("pk"))
        if user.acts_as(*OFFICE):
            seen |= Q(committee__office=user.acting_organisation_id)
        if user.acts_as(*BUREAU):
            seen |= Q(status__in=WITH_BUREAU) | Q(applied_on__isnull=False)
        return self.filter(seen)

    def waiting_for_bureau(self) -> Self:
        """The bureau's queue: the soonest meeting first."""
        return self.filter(status__in=("applied", "proposed")).order_by("meets_on", "pk")

    def with_names(self) -> Self:
        """Everything a list shows, in one query."""
        return self.select_related("committee", "term", "line__plan", "prepared_by")


class BallotRoundQuerySet(models.QuerySet[Any]):
    """Ballot rounds."""

    def visible_to(self, user: Any) -> Self:
        """Office, bureau, supervisor as the meeting; its tellers, observer and whoever presides; no other juror before
        the seal. Nobody sees a round on nobody but people they stand back from: its figures are those of the case."""
        if not user.is_authenticated:
            return self.none()
        seen = Q(meeting__attendees__user=user.pk, meeting__attendees__role__in=("teller", "observer"))
        seen |= Q(status="sealed", meeting__attendees__user=user.pk) | Q(presided_by__user=user.pk)
        if user.acts_as(*OFFICE):
            seen |= Q(meeting__committee__office=user.acting_organisation_id)
        if user.acts_as(*BUREAU):
            return self
        return self.filter(seen, pk__in=_known_items(self.model, user).values("round")).distinct()


def _known_items(rounds: Any, user: Any) -> Any:
    """Persons of rounds the reader may know of."""
    from committees.reviews.querysets.conflict import standing_back_rows  # noqa: PLC0415 - it reads OFFICE from here

    items = rounds.items.rel.related_model.objects.exclude(admission__declaration__applicant__user=user.pk)
    admissions = items.model._meta.get_field("admission").related_model
    for standing_back in standing_back_rows(admissions, member__user=user.pk):
        items = items.exclude(admission__in=standing_back.values("admission"))
    return known_rows(user, items, "admission__declaration__")
