"""Named questions about plans, committees, standards and notices; ``visible_to(user)`` says who sees which row."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Case, F, Q, When

IN_FORCE = ("approved", "published")
"""Statuses of a decision of the bureau that binds."""

_BUREAU = ("bureau_reviewer", "bureau_approver", "supervisor")
_OFFICE = ("office_clerk", "committee_director")


def valid_on(day: dt.date, start: str = "valid_from", end: str = "valid_to") -> Q:
    """The row's span of validity holds the day; an open end has no limit."""
    return Q(**{f"{start}__lte": day}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": day}))


class DatedQuerySet(models.QuerySet[Any]):
    """Rows of the register, each with the first and last day it holds."""

    def valid_on(self, day: dt.date) -> Self:
        """Those that hold on the day."""
        return self.filter(valid_on(day))


class DecisionQuerySet(models.QuerySet[Any]):
    """Rows the bureau decides on (plan, term, standard, notice)."""

    office_path = ""  # how the row reaches the committee office that owns it
    public_statuses: tuple[str, ...] = ("published",)

    def in_force(self) -> Self:
        """Approved, whether published yet or not."""
        return self.filter(status__in=IN_FORCE)

    def public(self) -> Self:
        """What everybody may read."""
        return self.filter(status__in=self.public_statuses)

    def visible_to(self, user: Any) -> Self:
        """The bureau and the supervisor: all; an office: its own and what is in force; others: what is public."""
        if not user.is_authenticated:
            return self.public()
        if user.acts_as(*_BUREAU):
            return self.all()
        if user.acts_as(*_OFFICE):
            own = Q(**{self.office_path: user.acting_organisation_id}) if self.office_path else Q(pk__in=[])
            return self.filter(own | Q(status__in=IN_FORCE))
        return self.public()


class PlanQuerySet(DecisionQuerySet):
    """Yearly review plans (年度评审计划)."""

    def visible_to(self, user: Any) -> Self:
        """As every decision; offices read drafts too, for they propose their lines while a plan is drafted."""
        if user.is_authenticated and user.acts_as(*_OFFICE):
            return self.all()
        return super().visible_to(user)

    def of_year(self, year: int) -> Any:
        """The plan in force for the year, or None."""
        return self.in_force().filter(year=year).order_by("-version").first()


class TermQuerySet(DecisionQuerySet):
    """Terms of committees (评委会届)."""

    office_path = "committee__office"
    public_statuses = ("approved", "published")

    def valid_on(self, day: dt.date) -> Self:
        """Approved terms that run on the day."""
        return self.in_force().filter(starts_on__lte=day, ends_on__gte=day)


class SeatQuerySet(models.QuerySet[Any]):
    """Seats on the standing body (常设评审机构)."""

    def on(self, day: dt.date) -> Self:
        """Those held on the day."""
        return self.filter(valid_on(day, "since", "until"))


class VersionQuerySet(DecisionQuerySet):
    """Versions of evaluation standards (评审标准)."""

    office_path = "standard__committee__office"
    public_statuses = ("approved", "published")

    def effective_on(self, day: dt.date) -> Self:
        """Approved versions effective on the day; one that has been superseded since stays effective for its days."""
        decided = Q(status__in=(*IN_FORCE, "superseded"))
        return self.filter(decided & valid_on(day, "effective_from", "effective_to"))

    def classes_on(self, day: dt.date) -> dict[str, str]:
        """Code → text of every class of applicants that some standard effective on the day has."""
        found = self.effective_on(day).exclude(classes=[]).order_by("pk").values_list("classes", flat=True)
        return {row["code"]: row["text"] for rows in found for row in rows}

    def for_line(self, line: Any, series: Any) -> Any:
        """The version by which declarations of the line and the series are judged, or None."""
        return (
            self.effective_on(line.opens_on)
            .filter(standard__committee=line.committee_id, standard__series=series, standard__level=line.level)
            .first()
        )


class NoticeQuerySet(DecisionQuerySet):
    """Notices (评审通知)."""

    office_path = "committee__office"


class DeploymentQuerySet(models.QuerySet[Any]):
    """County bureaus' deployments of a plan (县级工作部署)."""

    def public(self) -> Self:
        """Published ones, and those replaced since: an address that was given away stays."""
        return self.exclude(status="draft")

    def in_force(self) -> Self:
        """What the counties say now."""
        return self.filter(status="published")

    def visible_to(self, user: Any) -> Self:
        """Drafts are the county's own; the bureau and the supervisor see them too."""
        if not user.is_authenticated:
            return self.public()
        if user.acts_as(*_BUREAU):
            return self.all()
        own = Q(county=user.acting_organisation_id) if user.acts_as("forwarder") else Q(pk__in=[])
        return self.filter(own | ~Q(status="draft"))


class PlanLineQuerySet(models.QuerySet[Any]):
    """Lines of plans: committee × level × channel with its dates."""

    def in_force(self) -> Self:
        """Lines of plans in force; a committee without one cannot open a cycle."""
        return self.filter(plan__status__in=IN_FORCE)

    def open_for(self, day: dt.date, *, committee: Any = None, level: str = "", channel: str = "") -> Self:
        """Lines in force whose declaration window holds the day."""
        still = Q(closes_on__gte=day) | Q(extended_to__gte=day)
        found = self.in_force().filter(still, opens_on__lte=day, committee__status="active")
        if committee is not None:
            found = found.filter(committee=committee)
        if level:
            found = found.filter(level=level)
        if channel:
            found = found.filter(channel=channel)
        return found

    def visible_to(self, user: Any) -> Self:
        """The bureau sees drafts too, everybody else the lines in force."""
        return self.all() if user.is_authenticated and user.acts_as(*_BUREAU) else self.in_force()


class CommitteeQuerySet(models.QuerySet[Any]):
    """Committees (评审委员会)."""

    def active(self) -> Self:
        """Those whose authority has not been suspended."""
        return self.filter(status="active")

    def visible_to(self, user: Any) -> Self:
        """Committees are public knowledge."""
        return self.all()


class ScopeQuerySet(DatedQuerySet):
    """Who reviews what (评审范围)."""

    def asked(self, series: Any, subfield: Any, level: str, employer_kind: str, day: dt.date) -> Self:
        """Scopes that cover the question, the most specific first."""
        return self.of_field(series, subfield, employer_kind, day).filter(level=level)

    def of_field(self, series: Any, subfield: Any, employer_kind: str, day: dt.date) -> Self:
        """Scopes for a field and a kind of employer at any level, the most specific first."""
        fits_kind = Q(employer_kind="") | Q(employer_kind=employer_kind)
        fits_field = Q(subfield__isnull=True) | Q(subfield=subfield) if subfield else Q(subfield__isnull=True)
        return (
            self.valid_on(day)
            .filter(fits_kind, fits_field, series=series)
            .select_related("committee", "series", "subfield")
            .order_by(F("subfield").asc(nulls_last=True), "-employer_kind")
        )

    def as_read(self) -> Self:
        """In the order a table shows them: by subfield, the levels from below, the kinds of employers together."""
        levels = self.model._meta.get_field("level").choices
        rank = Case(*(When(level=level, then=place) for place, (level, _label) in enumerate(levels)))
        related = self.select_related("series", "subfield")
        return related.order_by("series__number", "subfield", rank, "employer_kind", "action", "pk")


class RequirementQuerySet(models.QuerySet[Any]):
    """Class hours asked for: published, so no secret; drafts do not exist."""

    def visible_to(self, user: Any) -> Self:
        """Everybody who is logged in."""
        return self if user.is_authenticated else self.none()

    def asked_of(self, series: Any, subfield: Any, years: Any) -> Self:
        """What people of a series and subfield must show for these years."""
        of_industry = Q(industry__series=series) & (Q(industry__subfield=None) | Q(industry__subfield=subfield))
        return self.filter(Q(kind="general") | of_industry, year__in=list(years))
