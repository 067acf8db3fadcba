"""Named questions of the front page and the overviews to the tables of all stages."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, Count, DateField, Exists, Min, OuterRef, Q, Sum, Value
from django.db.models.functions import Cast, Coalesce, Greatest

from applications.models import CaseCount, Extension, HandOver, SpotCheckItem, StepTime
from appraisal_portal.accounts.models import Organisation, UnitSeal
from certificates.models import Claim, IssueBatch, IssueDocument, Revocation
from committees.autonomous.models import FiledBatch
from committees.plans.models import CommitteeTerm, Notice, PlanLine, ReviewPlan, StandardVersion
from committees.reviews.models import Admission, Meeting, Objection, ResultPublicity, ResultReport

PASSED = ("passed", "result_publicity", "held", "excluded", "reported", "approved", "rejected", "certified", "revoked")
AFTER_EXAMINATION = (
    "qualified", "on_roster", "deferred", "not_passed", "entrusted", "granted_elsewhere", "refused_elsewhere", *PASSED,
)  # fmt: skip
FUNNEL = {
    "submitted": Q(),
    "recommended": Q(recommended=True),
    "qualified": Q(status__in=AFTER_EXAMINATION),
    "invited": Q(status__in=[status for status in AFTER_EXAMINATION if status != "qualified"]),
    "passed": Q(status__in=PASSED),
    "reported": Q(status__in=("reported", "approved", "rejected", "certified", "revoked")),
    "certified": Q(status__in=("certified", "revoked")),
}
"""The steps of the funnel in the order of the procedure: what a declaration that got so far looks like now, of those
handed in."""


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


def publicity_spans(year: int) -> list[tuple[dt.date, dt.date]]:
    """First and last days of the year's lists that were started, each span once."""
    shown = ResultPublicity.objects.filter(status__in=("running", "closed"), starts_on__year=year)
    return list(shown.order_by("starts_on").values_list("starts_on", "ends_on").distinct())


def result_days(year: int) -> list[dt.date]:
    """Days of the year on which results were published, those of units included."""
    bureau, units = (
        rows.filter(published_on__year=year).order_by().values_list("published_on", flat=True)
        for rows in (IssueDocument.objects.published(), FiledBatch.objects.published())
    )
    return list(bureau.union(units).order_by("published_on"))


def funnel_by_series(year: int) -> list[dict[str, Any]]:
    """For each series with declarations handed in that year: id, name and the count of each step of :data:`FUNNEL`,
    from the stored counts: numbers of people, whoever they are."""
    return list(
        CaseCount.objects.filter(line__plan__year=year)
        .order_by()
        .values("series_id", "series__name")
        .annotate(**{name: Sum("n", filter=reached, default=0) for name, reached in FUNNEL.items()})
        .filter(submitted__gt=0)
        .order_by("-submitted", "series__name")
    )


def step_times(year: int) -> list[StepTime]:
    """How long the steps took, in the order of the procedure within each series."""
    order = list(StepTime.Step.values)
    rows = StepTime.objects.filter(year=year).select_related("series").order_by("series__number")
    return sorted(rows, key=lambda row: (row.series.number, order.index(row.step)))


def brought_paper(year: int) -> list[int]:
    """The declaration behind each time somebody brought or sent paper originals to a body that year."""
    given = HandOver.objects.filter(from_body=None, originals__declaration__year=year).order_by()
    return list(given.values_list("originals__declaration", flat=True))


def came_to_answer(year: int) -> list[int]:
    """The declaration behind each time somebody was called before a committee (答辩) that year."""
    called = Admission.objects.filter(
        live=True,
        exam_result="qualified",
        meeting__method="defence",
        meeting__status__in=("approved", "in_session", "decided"),
        meeting__line__plan__year=year,
    )
    return list(called.order_by().values_list("declaration", flat=True))


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


def waiting(user: Any, own: Q) -> dict[str, tuple[int, int, dt.date | None]]:
    """What else waits, in one query: for "documents", "papers", "bodies", "seals", "spot checks" and "extensions" how
    many there are, how many the reader moves on, and the first day by which. ``own``: what the reader decides
    of the papers of the plans."""
    approver, reviewer = user.acts_as("bureau_approver"), user.acts_as("bureau_reviewer")
    to_publish = ("draft", "approved", "returned")
    arms = [
        _counted("papers", model.objects.visible_to(user).filter(status__in=("submitted", "proposed")), own)
        for model in (ReviewPlan, CommitteeTerm, StandardVersion, Notice)
    ]
    for rows, first in (
        (IssueDocument.objects.visible_to(user), to_publish),
        (IssueBatch.objects.visible_to(user), ("draft",)),
        (Revocation.objects.visible_to(user), ("draft",)),
    ):
        turn = ("proposed",) if approver else first if reviewer else ()
        arms.append(_counted("documents", rows.filter(status__in=(*first, "proposed")), Q(status__in=turn)))
    arms.append(_counted("bodies", Organisation.objects.filter(status="waiting"), Q(pk__in=[])))
    # A county bureau decides about the seals of its own units; the bureau may, and acts on the others.
    through_county = Q(unit__forwarder__kind="county_bureau")
    arms.append(_counted("seals", UnitSeal.objects.waiting(), ~through_county if reviewer else Q(pk__in=[])))
    sampled = SpotCheckItem.objects.visible_to(user).filter(status="pending")
    turn = ("pending",) if reviewer else ()
    arms.append(_counted("spot checks", sampled, Q(status__in=turn), day="spot_check__findings_by"))
    more_time = Extension.objects.visible_to(user).filter(status="proposed")
    arms.append(_counted("extensions", more_time, Q() if approver else Q(pk__in=[]), day="until"))
    found: dict[str, tuple[int, int, dt.date | None]] = {}
    for name, n, mine, due in arms[0].union(*arms[1:], all=True):
        before = found.get(name, (0, 0, None))
        found[name] = (before[0] + n, before[1] + mine, due or before[2])
    return found


def _counted(name: str, rows: Any, mine: Q, *, day: str = "") -> Any:
    due = Min(day) if day else Cast(Value(None), DateField())
    named = rows.order_by().values(what=Value(name, output_field=CharField()))
    return named.annotate(n=Count("pk"), mine=Count("pk", filter=mine), due=due).values_list("what", "n", "mine", "due")
