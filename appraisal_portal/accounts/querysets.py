"""Who sees which rows of this app; every page, export and download starts here (model.md §8, trust.md §2.1)."""

from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Greatest

from appraisal_portal.kernel import clock

# Roles in words of the database; ``models.Membership.Role`` holds the same values (models stand above this file).
UNIT = ("unit_clerk", "unit_head")
BUREAU = ("bureau_reviewer", "bureau_approver")
READERS_OF_ACCOUNTS = (*BUREAU, "supervisor", "operator")


class UserQuerySet(models.QuerySet[Any]):
    """Accounts."""

    def visible_to(self, user: Any) -> Self:
        """Oneself; bureau, supervisor and operator see all accounts (never their contents)."""
        if not user.is_authenticated:
            return self.none()
        if user.acts_as(*READERS_OF_ACCOUNTS):
            return self
        return self.filter(pk=user.pk)

    def active(self) -> Self:
        """Accounts that may log in."""
        return self.filter(frozen_at__isnull=True)


class PersonQuerySet(models.QuerySet[Any]):
    """Persons with their identity numbers: the most sensitive rows of the portal."""

    def visible_to(self, user: Any) -> Self:
        """Oneself; a unit its confirmed people; the supervisor all. Others meet persons through declarations only."""
        if not user.is_authenticated:
            return self.none()
        if user.acts_as("supervisor"):
            return self
        seen = Q(user=user.pk)
        if user.acts_as(*UNIT):
            seen |= Q(
                pk__in=self.model._meta.get_field("employments")
                .related_model.objects.filter(unit=user.acting_organisation_id, status__in=("confirmed", "ended"))
                .values("person")
            )
        return self.filter(seen)


class OrganisationQuerySet(models.QuerySet[Any]):
    """Organisations: their names are no secret, those not approved yet are."""

    def visible_to(self, user: Any) -> Self:
        """Active ones to everybody who is logged in; all to the bureau; a waiting one to who registered it and to the
        body it forwards through."""
        if not user.is_authenticated:
            return self.none()
        if user.acts_as(*READERS_OF_ACCOUNTS):
            return self
        seen = Q(status="active") | Q(registered_by=user.pk) | Q(pk=user.acting_organisation_id or 0)
        if user.acts_as("forwarder"):
            seen |= Q(forwarder=user.acting_organisation_id)
        return self.filter(seen)

    def active(self) -> Self:
        """Approved and not suspended."""
        return self.filter(status="active")

    def employers(self) -> Self:
        """Where somebody can be employed: units, and talent agencies that play one (人事代理)."""
        return self.filter(kind__in=("unit", "agency"))


class EmploymentQuerySet(models.QuerySet[Any]):
    """Who says to work where."""

    def visible_to(self, user: Any) -> Self:
        """One's own; the unit its own, asked ones included; the supervisor all."""
        if not user.is_authenticated:
            return self.none()
        if user.acts_as("supervisor"):
            return self
        seen = Q(person__user=user.pk)
        if user.acts_as(*UNIT):
            seen |= Q(unit=user.acting_organisation_id)
        return self.filter(seen)

    def confirmed(self) -> Self:
        """Confirmed by the unit and not ended."""
        return self.filter(status="confirmed")

    def never_to_be(self) -> Self:
        """Refused or taken back, and the unit was not asked again since."""
        live = self.model.objects.filter(
            person=OuterRef("person"), unit=OuterRef("unit"), status__in=("asked", "confirmed")
        )
        return self.filter(~Exists(live), status__in=("refused", "withdrawn"))


class MembershipQuerySet(models.QuerySet[Any]):
    """Roles with their dates."""

    def active_on(self, day: Any) -> Self:
        """Rows whose dates hold that day and that had not been withdrawn by then."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
            Q(withdrawn_at__isnull=True) | Q(withdrawn_at__date__gt=day),
            starts_on__lte=day,
        )

    def active(self) -> Self:
        """Rows whose dates hold today."""
        return self.active_on(clock.today())

    def visible_to(self, user: Any) -> Self:
        """One's own; a unit, forwarder or office those of its own house; bureau and supervisor all."""
        if not user.is_authenticated:
            return self.none()
        if user.acts_as(*BUREAU, "supervisor"):
            return self
        if user.acts_as("operator"):
            return self.exclude(role="juror")  # who runs the machines need not know the panel
        seen = Q(user=user.pk)
        if user.acts_as(*UNIT, "forwarder"):
            seen |= Q(organisation=user.acting_organisation_id)
        if user.acts_as("office_clerk", "committee_director"):
            seen |= Q(organisation=user.acting_organisation_id)
        return self.filter(seen)


class UnitSealQuerySet(models.QuerySet[Any]):
    """Seals of units with the papers behind them: of who answers for them, nobody else's."""

    def visible_to(self, user: Any) -> Self:
        """The head of the unit its own; a county bureau those of its units; bureau and supervisor all."""
        if not user.is_authenticated:
            return self.none()
        if user.acts_as(*BUREAU, "supervisor"):
            return self
        if user.acts_as("unit_head"):
            return self.filter(unit=user.acting_organisation_id)
        if user.acts_as("forwarder"):
            return self.filter(unit__forwarder=user.acting_organisation_id, unit__forwarder__kind="county_bureau")
        return self.none()

    def in_use(self) -> Self:
        """Approved and neither ended nor replaced."""
        return self.filter(status="in_use")

    def waiting(self) -> Self:
        """To be decided."""
        return self.filter(status="proposed")


class PostStructureQuerySet(models.QuerySet[Any]):
    """Post structures: no secret inside the house, none of anybody else's business."""

    def visible_to(self, user: Any) -> Self:
        """The unit its own; a forwarder those of its units; bureau and supervisor all."""
        if not user.is_authenticated:
            return self.none()
        if user.acts_as(*BUREAU, "supervisor"):
            return self
        if user.acts_as(*UNIT):
            return self.filter(unit=user.acting_organisation_id)
        if user.acts_as("forwarder"):
            return self.filter(unit__forwarder=user.acting_organisation_id)
        return self.none()

    def ranked(self) -> Self:
        """From senior to junior posts, as documents list them; the newest row of a level first."""
        order = ("senior", "associate_senior", "intermediate", "junior")
        places = [When(level=level, then=Value(place)) for place, level in enumerate(order)]
        return self.order_by(Case(*places, default=Value(len(order))), "-valid_from")

    def on(self, day: Any) -> Self:
        """Rows that hold on the day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class PostHoldingQuerySet(models.QuerySet[Any]):
    """Posts that are held (占岗)."""

    def between(self, first: Any, last: Any) -> Self:
        """Those that hold on some day from the first to the last; no last day: for good."""
        rows = self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first))
        return rows if last is None else rows.filter(starts_on__lte=last)

    def on(self, day: Any) -> Self:
        """Those that hold on the day."""
        return self.between(day, day)

    def end_after(self, last_day: Any) -> None:
        """Whoever leaves holds no post any more from the day after the last one on."""
        going_on = self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=last_day))
        going_on.update(ends_on=Greatest(F("starts_on"), Value(last_day)))


class MessageQuerySet(models.QuerySet[Any]):
    """The inbox."""

    def visible_to(self, user: Any) -> Self:
        """One's own only."""
        return self.filter(user=user.pk) if user.is_authenticated else self.none()

    def unread(self) -> Self:
        """Not opened yet."""
        return self.filter(read_at__isnull=True)


class LookQuerySet(models.QuerySet[Any]):
    """What supervisors looked at."""

    def visible_to(self, user: Any) -> Self:
        """The bureau and the operator all; a supervisor the own ones."""
        if not user.is_authenticated:
            return self.none()
        if user.acts_as(*BUREAU, "operator"):
            return self
        return self.filter(user=user.pk) if user.acts_as("supervisor") else self.none()
