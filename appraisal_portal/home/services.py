"""What the pages of this app put together from several stages. One write: a delivery tried again."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.accounts.models import Organisation
from appraisal_portal.home import querysets, ribbon
from appraisal_portal.kernel import clock, outbox, statuses
from appraisal_portal.kernel.models import Outbox
from committees.plans.models import CommitteeTerm, Notice, ReviewPlan, StandardVersion

SHOWN = 5
WINDOWS = 12
WEEKS = dt.timedelta(days=13)


def front_page() -> dict[str, Any]:
    """Open windows, running publicity, newest notices and results, the ribbon of the year."""
    today = clock.today()
    years = querysets.years_planned()
    # The years beside: a window may run past 31 December, and a plan be published before its year begins.
    near = (today.year - 1, today.year, today.year + 1)
    windows = [row for row in querysets.windows(near) if row["closes_on"].year >= today.year]
    opened = [row for row in windows if row["opens_on"] <= today <= row["closes_on"]]
    coming = sorted((row for row in windows if row["opens_on"] > today), key=lambda row: row["opens_on"])
    return {
        "year": today.year,
        "planned": today.year in years or bool(opened or coming),
        "last_year": next((year for year in years if year < today.year), None),
        "opened": by_span(opened)[:WINDOWS],
        "coming": coming[0] if coming else None,
        "running": querysets.running_publicity(today, SHOWN),
        "notices": querysets.newest_notices(SHOWN),
        "results": querysets.newest_results(SHOWN),
        "ribbon": ribbon.draw(
            today.year,
            today,
            [(row["opens_on"], row["closes_on"]) for row in windows],
            querysets.publicity_spans(today.year),
            querysets.result_days(today.year),
        ),
    }


def by_span(windows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Windows that open and close on the same days as one row with the names of their committees."""
    rows: dict[tuple[dt.date, dt.date], dict[str, Any]] = {}
    for row in windows:
        key = (row["opens_on"], row["closes_on"])
        same = rows.setdefault(key, {"opens_on": key[0], "closes_on": key[1], "committees": []})
        same["committees"].append(row["committee"])
    return sorted(rows.values(), key=lambda row: row["closes_on"])


@dataclass(frozen=True)
class Card:
    """One card of an overview: the number waiting, in words, the nearest day (``past``: oldest), whose turn."""

    count: int
    label: str | Promise
    url: str
    due: dt.date | None = None
    due_label: str | Promise = ""
    mine: int = 0
    past: bool = False


def bureau_cards(user: Any) -> list[Card]:
    """What waits for the bureau's decision, the meetings (which have a day) first."""
    today = clock.today()
    approver = user.acts_as("bureau_approver")
    first, second = ("proposed",) if approver else (), () if approver else ("applied", "submitted", "sent")
    own = Q(status__in=[*first, *second]) if user.acts_as("bureau_reviewer", "bureau_approver") else Q(pk__in=[])

    meetings = (
        querysets.meetings_waiting(user)
        .order_by()
        .aggregate(n=Count("pk"), due=Min("meets_on"), mine=Count("pk", filter=own))
    )
    reports = (
        querysets.reports_waiting(user)
        .order_by()
        .aggregate(n=Count("pk"), due=Min("sent_on"), mine=Count("pk", filter=own))
    )
    decided_by_approver = Q(status="concluded") if approver else Q(pk__in=[])
    objections = (
        querysets.objections_open(user)
        .order_by()
        .aggregate(
            n=Count("pk"),
            due=Min("ends_on", filter=Q(ends_on__gte=today)),
            mine=Count("pk", filter=decided_by_approver),
        )
    )
    exams = (
        querysets.claims_waiting(user)
        .order_by()
        .aggregate(n=Count("pk"), due=Min("submitted_at"), mine=Count("pk", filter=own))
    )
    final_count, final_mine = 0, 0
    for rows, of_reviewer, of_approver in querysets.documents_waiting(user):
        mine = of_approver if approver else of_reviewer
        counted = rows.order_by().aggregate(
            n=Count("pk", filter=Q(status__in=[*of_reviewer, *of_approver])),
            mine=Count("pk", filter=Q(status__in=mine)),
        )
        final_count, final_mine = final_count + counted["n"], final_mine + counted["mine"]
    if user.acts_as("supervisor"):
        final_mine = 0
    papers_count, papers_mine = 0, 0
    for model in (ReviewPlan, CommitteeTerm, StandardVersion, Notice):
        waiting = model.objects.visible_to(user).filter(status__in=("submitted", "proposed")).order_by()
        counted = waiting.aggregate(n=Count("pk"), mine=Count("pk", filter=own))
        papers_count, papers_mine = papers_count + counted["n"], papers_mine + counted["mine"]
    bodies = Organisation.objects.filter(status="waiting").count()
    return [
        Card(meetings["n"], gettext_lazy("meeting applications to decide"), reverse("reviews:bureau-meetings"),
             meetings["due"], gettext_lazy("nearest meeting"), meetings["mine"]),
        Card(reports["n"], gettext_lazy("result reports to decide"), reverse("reviews:report-list"),
             reports["due"], gettext_lazy("the oldest sent on"), reports["mine"], past=True),
        Card(objections["n"], gettext_lazy("objections under way"), reverse("reviews:objection-list"),
             objections["due"], gettext_lazy("nearest last day"), objections["mine"]),
        Card(final_count, gettext_lazy("documents and certificates not finished"),
             reverse("certificates:document-list"), mine=final_mine),
        Card(exams["n"], gettext_lazy("examination certificates to register"), reverse("certificates:claim-queue"),
             clock.local(exams["due"]).date() if exams["due"] else None, gettext_lazy("the oldest sent on"),
             exams["mine"], past=True),
        Card(papers_count, gettext_lazy("plans, terms, standards and notices to decide"), reverse("plans:notice-queue"),
             mine=papers_mine),
        Card(bodies, gettext_lazy("organisations to confirm"), reverse("accounts:organisation-list")),
    ]  # fmt: skip


def funnel(row: dict[str, Any]) -> list[tuple[str, int]]:
    """The steps of one series in words, with their numbers."""
    labels = {
        "submitted": _("Handed in"),
        "recommended": _("Recommended by the unit"),
        "qualified": _("Eligible"),
        "invited": _("Sent to the meeting"),
        "passed": _("Passed"),
        "reported": _("Publicity without objection"),
        "certified": _("Certificate issued"),
    }
    return [(label, row[name]) for name, label in labels.items()]


def publicity_calendar(user: Any) -> dict[str, Any]:
    """Two weeks from the day before yesterday: the lists on lanes, red where an objection is open."""
    first = clock.today() - dt.timedelta(days=2)
    last = first + WEEKS
    periods = []
    for row in querysets.publicity_between(user, first, last):
        tag = statuses.shown("resultpublicity", row.status)
        periods.append(
            {
                "label": short_name(row.source.body),
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
                "text": _("Objection received") if row.objected else tag.label,
                "tone": "red" if row.objected else tag.tone,
            }
        )
    return {"first": first, "last": last, "periods": periods}


def short_name(committee: str) -> str:
    """The field of a committee: 丽水市农业工程技术人员…评审委员会 → 农业工程, as labels of drawings have room for."""
    name = committee.removeprefix("丽水市")
    for ending in ("技术人员", "专业技术", "中级", "高级", "评审委员会"):
        name = name.partition(ending)[0] or name
    return name[:10]


def outbox_health() -> dict[str, Any]:
    """How deliveries stand: counts by kind and status, the oldest that waits, those given up."""
    now = clock.now()
    waiting = Outbox.objects.filter(status=Outbox.Status.WAITING)
    counts = waiting.aggregate(
        waiting=Count("pk"),
        overdue=Count("pk", filter=Q(not_before__lt=now - dt.timedelta(minutes=5))),
        oldest=Min("not_before"),
    )
    kinds = list(
        Outbox.objects.order_by("kind")
        .values("kind")
        .annotate(
            done=Count("pk", filter=Q(status=Outbox.Status.DONE)),
            waiting=Count("pk", filter=Q(status=Outbox.Status.WAITING)),
            dead=Count("pk", filter=Q(status=Outbox.Status.DEAD)),
        )
    )
    for kind in kinds:
        kind["words"] = outbox.words_of(kind["kind"])
    given_up = Outbox.objects.filter(status=Outbox.Status.DEAD)
    dead = list(given_up.order_by("-pk").only("kind", "key", "attempts", "created_at", "last_error")[:50])
    for row in dead:  # the text of an error may quote a person's data; its class does not
        row.error_class = row.last_error.partition(":")[0]
        row.words = outbox.words_of(row.kind)
    return {**counts, "kinds": kinds, "dead": dead, "dead_count": sum(kind["dead"] for kind in kinds)}


def try_again(pk: int) -> bool:
    """Let the sweep take a delivery that was given up; False when it is not given up (any more)."""
    return bool(
        Outbox.objects.filter(pk=pk, status=Outbox.Status.DEAD).update(
            status=Outbox.Status.WAITING, attempts=0, not_before=clock.now(), locked_until=None
        )
    )
