"""Named questions of the front page and the overviews to the tables of all stages."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest

from applications.models import Declaration
from certificates.models import Claim, IssueBatch, IssueDocument, Revocation
from committees.plans.models import Notice, PlanLine, ReviewPlan
from committees.reviews.models import Meeting, Objection, ResultPublicity, ResultReport

PASSED = ("passed", "result_publicity", "held", "excluded", "reported", "approved", "rejected", "certified", "revoked")
AFTER_EXAMINATION = (
    "qualified", "on_roster", "deferred", "not_passed", "entrusted", "granted_elsewhere", "refused_elsewhere", *PASSED,
)  # fmt: skip
FUNNEL = {
    "submitted": Q(submitted_at__isnull=False),
    "recommended": Q(recommended_on__isnull=False),
    "qualified": Q(status__in=AFTER_EXAMINATION),
    "invited": Q(status__in=[status for status in AFTER_EXAMINATION if status != "qualified"]),
    "passed": Q(status__in=PASSED),
    "reported": Q(status__in=("reported", "approved", "rejected", "certified", "revoked")),
    "certified": Q(status__in=("certified", "revoked")),
}
"""The steps of the funnel in the order of the procedure: what a declaration that got so far looks like now."""


def windows(years: Iterable[int]) -> list[dict[str, Any]]:
    """Windows of the years' plans in force, each committee and span once: committee, opens_on, closes_on."""
    rows = (
        PlanLine.objects.in_force()
        .filter(plan__year__in=list(years), committee__status="active")
        .exclude(channel="special")  # case by case, on any day of the year: no window opens or closes
        .annotate(last_day=Greatest("closes_on", Coalesce("extended_to", "closes_on")))
        .order_by("last_day", "committee__code", "opens_on")
        .values("committee__name", "opens_on", "last_day")
        .distinct()
    )
    return [
        {"committee": row["committee__name"], "opens_on": row["opens_on"], "closes_on": row["last_day"]} for row in rows
    ]


def years_planned() -> list[int]:
    """Years with a plan in force, the latest first."""
    return list(ReviewPlan.objects.in_force().order_by("-year").values_list("year", flat=True))


def running_publicity(day: dt.date, limit: int) -> list[ResultPublicity]:
    """Lists people can object to today, the one that ends first on top."""
    running = ResultPublicity.objects.public(day).filter(Q(provisional=True) | Q(ends_on__gte=day), status="running")
    return list(running.with_names().order_by("ends_on", "pk")[:limit])


def newest_notices(limit: int) -> list[Notice]:
    """Published notices, newest first, without their text."""
    return list(Notice.objects.public().only("title", "published_on").order_by("-published_on", "-pk")[:limit])


def newest_results(limit: int) -> list[IssueDocument]:
    """Published result notices, newest first."""
    return list(IssueDocument.objects.published().only("title", "number", "published_on")[:limit])


def publicity_spans(year: int) -> list[tuple[dt.date, dt.date]]:
    """First and last days of the year's lists that were started, each span once."""
    shown = ResultPublicity.objects.filter(status__in=("running", "closed"), starts_on__year=year)
    return list(shown.order_by("starts_on").values_list("starts_on", "ends_on").distinct())


def result_days(year: int) -> list[dt.date]:
    """Days of the year on which results were published."""
    published = IssueDocument.objects.filter(status="published", published_on__year=year)
    return list(published.order_by("published_on").values_list("published_on", flat=True).distinct())


def funnel_by_series(user: Any, year: int) -> list[dict[str, Any]]:
    """For each series with declarations handed in that year: id, name and the count of each step of :data:`FUNNEL`."""
    return list(
        Declaration.objects.visible_to(user)
        .filter(year=year, submitted_at__isnull=False)
        .order_by()
        .values("series_id", "series__name")
        .annotate(**{name: Count("pk", filter=reached) for name, reached in FUNNEL.items()})
        .order_by("-submitted", "series__name")
    )


def publicity_between(user: Any, first: dt.date, last: dt.date) -> list[ResultPublicity]:
    """Lists that run, were halted or ended between two days, with ``objected``: somebody's objection is open."""
    opened = Objection.objects.open().filter(item__publicity=OuterRef("pk"))
    return list(
        ResultPublicity.objects.visible_to(user)
        .filter(starts_on__lte=last, ends_on__gte=first)
        .select_related("meeting__committee", "determination__authority")
        .annotate(objected=Exists(opened))
        .order_by("starts_on", "pk")
    )


def meetings_waiting(user: Any) -> Any:
    """Applications for meetings the bureau has to decide."""
    return Meeting.objects.visible_to(user).waiting_for_bureau()


def reports_waiting(user: Any) -> Any:
    """Result reports the bureau has to decide."""
    return ResultReport.objects.visible_to(user).waiting_for_bureau()


def objections_open(user: Any) -> Any:
    """Objections under way; the bureau decides those that are concluded."""
    return Objection.objects.visible_to(user).open()


def claims_waiting(user: Any) -> Any:
    """Examination certificates the bureau has to compare or to decide."""
    return Claim.objects.visible_to(user).waiting_for_bureau()


def documents_waiting(user: Any) -> list[tuple[Any, tuple[str, ...], tuple[str, ...]]]:
    """What has to become final: (rows, statuses a reviewer moves on, statuses an approver decides)."""
    return [
        (IssueDocument.objects.visible_to(user), ("draft", "approved", "returned"), ("proposed",)),
        (IssueBatch.objects.visible_to(user), ("draft",), ("proposed",)),
        (Revocation.objects.visible_to(user), ("draft",), ("proposed",)),
    ]
