"""The overview of the bureau: cards, funnel of a series, how often people had to come, the calendar of publicity."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.home import querysets
from appraisal_portal.kernel import clock, statuses
from appraisal_portal.kernel.rendering import Column

WEEKS = dt.timedelta(days=13)
_NONE: tuple[int, int, dt.date | None] = (0, 0, None)


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
    others = querysets.waiting(user, own)
    papers, final = others.get("papers", _NONE), others.get("documents", _NONE)
    sampled, bodies = others.get("spot checks", _NONE), others.get("bodies", _NONE)
    stamps, longer = others.get("seals", _NONE), others.get("extensions", _NONE)
    return [
        Card(meetings["n"], gettext_lazy("meeting applications to decide"), reverse("reviews:bureau-meetings"),
             meetings["due"], gettext_lazy("nearest meeting"), meetings["mine"]),
        Card(reports["n"], gettext_lazy("result reports to decide"), reverse("reviews:report-list"),
             reports["due"], gettext_lazy("the oldest sent on"), reports["mine"], past=True),
        Card(objections["n"], gettext_lazy("objections under way"), reverse("reviews:objection-list"),
             objections["due"], gettext_lazy("nearest last day"), objections["mine"]),
        Card(sampled[0], gettext_lazy("sampled cases without a finding"), reverse("applications:spotcheck-list"),
             sampled[2], gettext_lazy("findings by"), sampled[1]),
        Card(final[0], gettext_lazy("documents and certificates not finished"),
             reverse("certificates:document-list"), mine=final[1]),
        Card(exams["n"], gettext_lazy("examination certificates to register"), reverse("certificates:claim-queue"),
             clock.local(exams["due"]).date() if exams["due"] else None, gettext_lazy("the oldest sent on"),
             exams["mine"], past=True),
        Card(papers[0], gettext_lazy("plans, terms, standards and notices to decide"), reverse("plans:notice-queue"),
             mine=papers[1]),
        Card(bodies[0], gettext_lazy("organisations to confirm"), reverse("accounts:organisation-list")),
        Card(stamps[0], gettext_lazy("electronic seals of units to check"), reverse("accounts:unitseal-list"),
             mine=stamps[1]),
        Card(longer[0], gettext_lazy("extensions to decide"), reverse("applications:extension-list"),
             longer[2], gettext_lazy("nearest new closing day"), longer[1]),
    ]  # fmt: skip


def step_labels() -> dict[str, str]:
    """The steps of the funnel in words."""
    return {
        "submitted": _("Handed in"),
        "recommended": _("Recommended by the unit"),
        "qualified": _("Eligible"),
        "invited": _("Sent to the meeting"),
        "passed": _("Passed"),
        "reported": _("Publicity without objection"),
        "certified": _("Certificate issued"),
    }


def funnel(row: dict[str, Any]) -> list[tuple[str, int]]:
    """The steps of one series in words, with their numbers."""
    return [(label, row[name]) for name, label in step_labels().items()]


def runs(year: int, submitted: int) -> list[tuple[str, int]]:
    """最多跑一次: of all who handed in, how many were never asked to come or to send paper, how many once, how many
    more often; then how many by each step that asks for it."""
    paper, answer = querysets.brought_paper(year), querysets.came_to_answer(year)
    often = Counter([*paper, *answer])
    once = sum(1 for times in often.values() if times == 1)
    return [
        (_("Handed in"), submitted),
        (_("Never asked to come"), max(submitted - len(often), 0)),
        (_("Asked once"), once),
        (_("Asked more than once"), len(often) - once),
        (_("of these: with paper originals"), len(set(paper))),
        (_("of these: before the committee"), len(set(answer))),
    ]


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


def table(picture: str, user: Any, year: int) -> tuple[str, list[Column], list[dict[str, Any]]]:
    """What a picture shows, of all series, as title, columns and rows of a workbook. Raises KeyError for no picture."""
    return {
        "funnel": _funnel_table, "runs": _runs_table, "publicity": _publicity_table, "times": _times_table,
    }[picture](user, year)  # fmt: skip


def _funnel_table(_user: Any, year: int) -> tuple[str, list[Column], list[dict[str, Any]]]:
    columns = [Column("series__name", _("Series"), 24)]
    columns += [Column(name, label, 14, "int") for name, label in step_labels().items()]
    return _("From declaration to certificate, {year}").format(year=year), columns, querysets.funnel_by_series(year)


def _runs_table(_user: Any, year: int) -> tuple[str, list[Column], list[dict[str, Any]]]:
    submitted = sum(row["submitted"] for row in querysets.funnel_by_series(year))
    columns = [Column("step", _("Step"), 30), Column("people", _("People"), 12, "int")]
    rows = [{"step": label, "people": people} for label, people in runs(year, submitted)]
    return _("How often people had to come, {year}").format(year=year), columns, rows


def _publicity_table(user: Any, _year: int) -> tuple[str, list[Column], list[dict[str, Any]]]:
    shown = publicity_calendar(user)
    columns = [Column("label", _("Item"), 24), Column("starts_on", _("From"), 12, "date"),
               Column("ends_on", _("To"), 12, "date"), Column("text", _("State"), 20)]  # fmt: skip
    return _("Calendar of publicity"), columns, shown["periods"]


def _times_table(_user: Any, year: int) -> tuple[str, list[Column], list[dict[str, Any]]]:
    columns = [
        Column("series", _("Series"), 24),
        Column("step", _("Step"), 34),
        Column("people", _("People"), 10, "int"),
        Column("days", _("Days, the middle one"), 12, "int"),
        Column("late", _("After the day of the plan"), 14, "int"),
    ]
    rows = [
        {
            "series": row.series.name,
            "step": str(row.get_step_display()),
            "people": row.people,
            "days": row.days,
            "late": row.late,
        }
        for row in querysets.step_times(year)
    ]
    return _("How long each step took, {year}").format(year=year), columns, rows
