"""Who sees which lists, objections and reports (model.md §8); named questions of the public column."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Q

from applications.querysets_recusal import stands_back

BUREAU = ("bureau_reviewer", "bureau_approver", "supervisor")
OFFICE = ("office_clerk", "committee_director")
SHOWN = ("running", "closed")


class ResultPublicityQuerySet(models.QuerySet[Any]):
    """Publicity lists."""

    def visible_to(self, user: Any) -> Self:
        """The office its own; bureau and supervisor all that were signed; who determined without a vote its own."""
        if user.acts_as(*BUREAU):
            return self.filter(~Q(status="draft") | Q(determination__authority=user.acting_organisation_id))
        if user.acts_as(*OFFICE):
            return self.filter(meeting__committee__office=user.acting_organisation_id)
        if user.acts_as("forwarder"):
            return self.filter(determination__authority=user.acting_organisation_id)
        return self.none()

    def public(self, day: dt.date) -> Self:
        """Lists anybody may read on the day: started, not halted, not yet taken down."""
        return self.filter(
            Q(take_down_on__isnull=True) | Q(take_down_on__gte=day), status__in=SHOWN, starts_on__lte=day
        )

    def with_names(self, reader: Any = None) -> Self:
        """Everything a list of lists shows, in one query. A ``reader`` of an office does not count whom that reader
        keeps away from: five names under the number six would tell that the sixth has passed."""
        counted = Q(items__live=True)
        if reader is not None and reader.acts_as(*OFFICE):
            counted &= ~stands_back(reader, "items__declaration__")
        named = ("meeting__committee", "meeting__line", "determination__authority", "determination__line")
        return self.select_related(*named).annotate(people=models.Count("items", filter=counted))


class ObjectionQuerySet(models.QuerySet[Any]):
    """Objections."""

    def visible_to(self, user: Any) -> Self:
        """The office of the committee, the bureau, the supervisor; never one that concerns the reader."""
        seen = self.exclude(item__declaration__applicant__user=user.pk)
        if user.acts_as(*BUREAU):
            return seen
        if user.acts_as(*OFFICE):
            here = seen.filter(item__publicity__meeting__committee__office=user.acting_organisation_id)
            return here.exclude(stands_back(user, "item__declaration__"))
        if user.acts_as("forwarder"):
            return seen.filter(item__publicity__determination__authority=user.acting_organisation_id)
        return self.none()

    def about(self, user: Any) -> Self:
        """Those the person concerned is told of: taken on for investigation, or done with."""
        told = ("investigating", "concluded", "unfounded", "upheld")
        return self.filter(item__declaration__applicant__user=user.pk, status__in=told)

    def holding(self) -> Self:
        """Those that keep their person from being reported: taken on, or to be taken on because they came in time and
        with a name. What came late or without one holds nobody, recorded as a report or not yet."""
        to_take_on = Q(status="received", in_time=True) & ~Q(filed_by="")
        return self.filter(Q(status__in=("investigating", "concluded")) | to_take_on)

    def open(self) -> Self:
        """Those that still hold or may hold somebody."""
        return self.filter(status__in=("received", "investigating", "concluded"))


class ObjectionFileQuerySet(models.QuerySet[Any]):
    """Files in the matter of an objection."""

    def visible_to(self, user: Any) -> Self:
        """Where the objection is visible; what came with it may show who sent it: for handler and supervisor only.

        The person concerned has the own files.
        """
        objections = self.model._meta.get_field("objection").related_model._default_manager
        inside = Q(objection__in=objections.visible_to(user))
        if not user.acts_as("supervisor"):
            inside &= ~Q(side="author") | Q(objection__handler=user.pk)
        return self.filter(inside | Q(side="person", objection__in=objections.about(user)))


class ResultReportQuerySet(models.QuerySet[Any]):
    """Result reports (3-4 … 3-6)."""

    def visible_to(self, user: Any) -> Self:
        """The office its own; bureau and supervisor from sending on; who determined without a vote its own."""
        if user.acts_as(*BUREAU):
            return self.filter(~Q(status="draft") | Q(determination__authority=user.acting_organisation_id))
        if user.acts_as(*OFFICE):
            return self.filter(meeting__committee__office=user.acting_organisation_id)
        if user.acts_as("forwarder"):
            return self.filter(determination__authority=user.acting_organisation_id)
        return self.none()

    def waiting_for_bureau(self) -> Self:
        """The bureau's queue, oldest first."""
        return self.filter(status__in=("sent", "proposed")).order_by("pk")
