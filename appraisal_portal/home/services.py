"""What the pages of this app put together from several stages. One write: a delivery tried again."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _

from appraisal_portal.home import column, querysets, ribbon
from appraisal_portal.kernel import clock, outbox, publiclog
from appraisal_portal.kernel.models import Outbox

SHOWN = 5
WINDOWS = 12
ROLES = {
    "applicant": _("Your own declarations and certificates."),
    "unit_clerk": _("Check what your people declare, publicise it, return it."),
    "unit_head": _("Recommend what has been verified and publicised."),
    "forwarder": _("Forward what the units recommend."),
    "office_clerk": _("Examine declarations, prepare meetings, publicise results."),
    "committee_director": _("Apply for meetings, sign lists and reports."),
    "juror": _("Meetings you are called to, dossiers and votes."),
    "observer": _("Meetings you watch over."),
    "bureau_reviewer": _("Look into plans, meetings, results and certificates and propose the decision."),
    "bureau_approver": _("Decide on what has been proposed."),
    "supervisor": _("Read everything; what you look at is recorded."),
    "operator": _("Accounts, roles and deliveries; no declarations."),
}
"""What one does in each role, for whoever has several."""


def front_page() -> dict[str, Any]:
    """Open windows, running publicity, newest notices and results, the ribbon of the year, the public log's head."""
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
        "results": [(row, column.page_of_result(row)) for row in column.newest_results(SHOWN)],
        "log_head": publiclog.latest_head(),
        "ribbons": ribbon.draw(
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
