"""The checklist (notice V(2): five questions) and what the portal's records say to each item: pure functions."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.kernel import calendar
from appraisal_portal.kernel.workflow import Act, Problem

Line = dict[str, Any]
Judged = tuple[str, list[Line]]


@dataclass(frozen=True)
class MeetingFact:
    """A meeting that was held; ``recusals_open``: proposed ones nobody decided."""

    name: str
    meets_on: dt.date
    applied_on: dt.date | None
    approved_on: dt.date | None
    term: tuple[dt.date, dt.date] | None
    members: int
    smallest: int
    odd: bool
    present: int
    quorum: int
    recusals_open: int
    lead_days: int


@dataclass(frozen=True)
class PublicityFact:
    """A list of results: working days it was public, those of the plan, its last day, the day of the report."""

    name: str
    days: int
    planned: int
    ends_on: dt.date
    reported_on: dt.date | None


@dataclass(frozen=True)
class ObjectionFact:
    """An objection that was investigated: its last day, and the day of the conclusion."""

    code: str
    due: dt.date
    concluded_on: dt.date | None
    upheld: bool


@dataclass(frozen=True)
class VersionFact:
    """A version declarations were made under: when it was approved, when the first of them was handed in."""

    name: str
    approved_on: dt.date | None
    first_used: dt.date


@dataclass(frozen=True)
class Facts:
    """What the portal has recorded of one committee's year. ``outside``: numbers of persons outside the scope."""

    today: dt.date
    meetings: list[MeetingFact] = field(default_factory=list)
    publicities: list[PublicityFact] = field(default_factory=list)
    objections: list[ObjectionFact] = field(default_factory=list)
    versions: list[VersionFact] = field(default_factory=list)
    people: int = 0
    outside: list[str] = field(default_factory=list)
    sampled: int = 0
    defects: list[str] = field(default_factory=list)
    banned: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else "—"


def _over(rows: Iterable[Any], wrong: Callable[[Any], Line | None], fine: Line) -> Judged:
    """Every row is looked at: the sentences of those that are wrong, or one sentence that none is."""
    rows = list(rows)
    if not rows:
        return "none", []
    found = [line for row in rows if (line := wrong(row)) is not None]
    return ("bad", found) if found else ("ok", [{**fine, "count": len(rows)}])


def term(facts: Facts) -> Judged:
    """Each meeting on a day of an approved term."""

    def wrong(row: MeetingFact) -> Line | None:
        if row.term and row.term[0] <= row.meets_on <= row.term[1]:
            return None
        return {"says": "term_bad", "meeting": row.name}

    return _over(facts.meetings, wrong, {"says": "term_ok"})


def size(facts: Facts) -> Judged:
    """The committee's size inside the rule set on the day."""

    def wrong(row: MeetingFact) -> Line | None:
        if row.members >= row.smallest and (row.members % 2 or not row.odd):
            return None
        return {"says": "size_bad", "meeting": row.name, "members": row.members, "smallest": row.smallest}

    return _over(facts.meetings, wrong, {"says": "size_ok"})


def quorum(facts: Facts) -> Judged:
    """As many members in the room as the committee's fraction asks for."""

    def wrong(row: MeetingFact) -> Line | None:
        if row.present >= row.quorum:
            return None
        return {"says": "quorum_bad", "meeting": row.name, "present": row.present, "quorum": row.quorum}

    return _over(facts.meetings, wrong, {"says": "quorum_ok"})


def lead(facts: Facts) -> Judged:
    """The application working days ahead of the meeting (R-01)."""

    def wrong(row: MeetingFact) -> Line | None:
        if row.applied_on and calendar.add_working_days(row.applied_on, row.lead_days).ends_on <= row.meets_on:
            return None
        return {"says": "lead_bad", "meeting": row.name, "applied": _day(row.applied_on)}

    return _over(facts.meetings, wrong, {"says": "lead_ok"})


def approval(facts: Facts) -> Judged:
    """The bureau's approval before the day."""

    def wrong(row: MeetingFact) -> Line | None:
        if row.approved_on and row.approved_on < row.meets_on:
            return None
        return {"says": "approval_bad", "meeting": row.name, "approved": _day(row.approved_on)}

    return _over(facts.meetings, wrong, {"says": "approval_ok"})


def recusals(facts: Facts) -> Judged:
    """No proposed recusal left undecided."""

    def wrong(row: MeetingFact) -> Line | None:
        if not row.recusals_open:
            return None
        return {"says": "recusals_bad", "meeting": row.name, "open": row.recusals_open}

    return _over(facts.meetings, wrong, {"says": "recusals_ok"})


def publicity(facts: Facts) -> Judged:
    """As long as the plan says, and no report before its end."""

    def wrong(row: PublicityFact) -> Line | None:
        if row.days >= row.planned and (row.reported_on is None or row.reported_on > row.ends_on):
            return None
        return {
            "says": "publicity_bad", "list": row.name, "days": row.days, "planned": row.planned,
            "ends": _day(row.ends_on), "reported": _day(row.reported_on),
        }  # fmt: skip

    return _over(facts.publicities, wrong, {"says": "publicity_ok"})


def objections(facts: Facts) -> Judged:
    """Each investigation concluded by its last day."""

    def wrong(row: ObjectionFact) -> Line | None:
        if (row.concluded_on or facts.today) <= row.due:
            return None
        return {"says": "objections_bad", "objection": row.code, "due": _day(row.due), "day": _day(row.concluded_on)}

    return _over(facts.objections, wrong, {"says": "objections_ok"})


def standard(facts: Facts) -> Judged:
    """The standard approved before the first declaration under it."""

    def wrong(row: VersionFact) -> Line | None:
        if row.approved_on and row.approved_on <= row.first_used:
            return None
        return {"says": "standard_bad", "version": row.name, "approved": _day(row.approved_on)}

    return _over(facts.versions, wrong, {"says": "standard_ok"})


def sampling(facts: Facts) -> Judged:
    """What the bureau's spot checks found in this committee's cases."""
    if not facts.sampled:
        return "none", []
    if facts.defects:
        return "bad", [{"says": "sampling_bad", "case": number} for number in facts.defects]
    return "ok", [{"says": "sampling_ok", "count": facts.sampled}]


def scope(facts: Facts) -> Judged:
    """Everybody on a roster inside the committee's scope."""
    if not facts.people:
        return "none", []
    if facts.outside:
        return "bad", [{"says": "scope_bad", "case": number} for number in facts.outside]
    return "ok", [{"says": "scope_ok", "count": facts.people}]


def violations(facts: Facts) -> Judged:
    """Objections upheld, bans and revocations: no fault of the committee by themselves, each is looked at."""
    found = [
        *({"says": "upheld", "objection": row.code} for row in facts.objections if row.upheld),
        *({"says": "banned", "case": number} for number in facts.banned),
        *({"says": "revoked", "certificate": number} for number in facts.revoked),
    ]
    return ("look", found) if found else ("ok", [{"says": "violations_ok"}])


@dataclass(frozen=True)
class Item:
    """One line of the checklist: which of the notice's five questions it belongs to, and how records answer it."""

    question: str
    label: str | Promise
    judge: Callable[[Facts], Judged]


QUESTIONS: dict[str, str | Promise] = {
    "formation": gettext_lazy("Is the committee formed by the rules?"),
    "procedure": gettext_lazy("Is the procedure kept strictly?"),
    "standards": gettext_lazy("Are the standards applied strictly?"),
    "scope": gettext_lazy("Does it stay within its scope?"),
    "violations": gettext_lazy("Are there other violations?"),
}
ITEMS: dict[str, Item] = {
    "term": Item("formation", gettext_lazy("Term valid on the day"), term),
    "size": Item("formation", gettext_lazy("Size inside the rule set"), size),
    "quorum": Item("formation", gettext_lazy("Quorum"), quorum),
    "lead": Item("procedure", gettext_lazy("Applied for in time"), lead),
    "approval": Item("procedure", gettext_lazy("Approved before the meeting"), approval),
    "recusals": Item("procedure", gettext_lazy("Recusals decided"), recusals),
    "publicity": Item("procedure", gettext_lazy("Length of publicity"), publicity),
    "objections": Item("procedure", gettext_lazy("Objections decided in time"), objections),
    "standard": Item("standards", gettext_lazy("Standard approved before use"), standard),
    "sampling": Item("standards", gettext_lazy("Findings of spot checks"), sampling),
    "scope": Item("scope", gettext_lazy("People inside the scope"), scope),
    "violations": Item("violations", gettext_lazy("Objections upheld, bans, revocations"), violations),
}
"""Code → item, in the order of the notice's questions."""

SAYS: dict[str, str | Promise] = {
    "term_ok": gettext_lazy("Meetings held: {count}, each within an approved term."),
    "term_bad": gettext_lazy("{meeting}: no approved term on that day."),
    "size_ok": gettext_lazy("Meetings held: {count}, each by a committee of the size its rule set asks for."),
    "size_bad": gettext_lazy(
        "{meeting}: {members} members; the rule set asks for {smallest}, an odd number from 2019 on."
    ),
    "quorum_ok": gettext_lazy("Meetings held: {count}, each with its quorum."),
    "quorum_bad": gettext_lazy("{meeting}: {present} members were there, {quorum} were needed."),
    "lead_ok": gettext_lazy("Meetings held: {count}, each applied for in time."),
    "lead_bad": gettext_lazy("{meeting}: applied for on {applied}, too late."),
    "approval_ok": gettext_lazy("Meetings held: {count}, each approved before its day."),
    "approval_bad": gettext_lazy("{meeting}: approved on {approved}, not before its day."),
    "recusals_ok": gettext_lazy("Meetings held: {count}, no recusal left undecided."),
    "recusals_bad": gettext_lazy("{meeting}: {open} proposed recusals were not decided."),
    "publicity_ok": gettext_lazy("Lists: {count}, each public as long as the plan says and reported only afterwards."),
    "publicity_bad": gettext_lazy("{list}: {days} of {planned} working days, until {ends}; reported on {reported}."),
    "objections_ok": gettext_lazy("Investigations: {count}, each concluded by its last day or still in time."),
    "objections_bad": gettext_lazy("Objection {objection}: due on {due}, concluded on {day}."),
    "standard_ok": gettext_lazy("Versions: {count}, each approved before the first declaration under it."),
    "standard_bad": gettext_lazy("{version}: approved on {approved}, after it was used."),
    "sampling_ok": gettext_lazy("Cases drawn in spot checks: {count}; no defect stands."),
    "sampling_bad": gettext_lazy("Case {case}: a defect was found in a spot check."),
    "scope_ok": gettext_lazy("People on rosters: {count}, all inside the scope."),
    "scope_bad": gettext_lazy("Case {case}: outside the committee's scope."),
    "upheld": gettext_lazy("Objection {objection} was upheld."),
    "banned": gettext_lazy("Case {case}: a ban after false material."),
    "revoked": gettext_lazy("Certificate {certificate} was revoked."),
    "violations_ok": gettext_lazy("No objection was upheld, nobody barred, no certificate revoked."),
}
"""Sentences of the evidence; the words in braces come with the stored line."""


def words(line: Line) -> str:
    """A line of evidence in the reader's language."""
    return str(SAYS[line["says"]]).format(**line)


# -- guards ------------------------------------------------------------------------------------------------------------


def year_is_reviewed(check: Any, act: Act) -> Iterator[Problem]:
    """A year that has begun, for a committee that stands in its plan."""
    if check.year > act.day.year:
        yield Problem(_("That year has not begun."), field="year")
    elif not check.committee.plan_lines.filter(
        plan__year=check.year, plan__status__in=("approved", "published")
    ).exists():
        yield Problem(_("This committee has no line in the plan of that year."), field="committee")


def checked_once(check: Any, act: Act) -> Iterator[Problem]:
    """One check of a committee and year."""
    others = type(check).objects.filter(year=check.year, committee=check.committee_id).exclude(pk=check.pk)
    if others.exists():
        yield Problem(_("This committee has been checked for that year already."), field="committee")


def every_item_judged(check: Any, act: Act) -> Iterator[Problem]:
    """A reviewer has judged each item; the records only prepare it."""
    left = [item.code for item in check.items.order_by("pk") if not item.finding]
    if left:
        names = _(", ").join(str(ITEMS[code].label) for code in left)
        yield Problem(_("Not judged yet: {items}").format(items=names), field="items")


def _defects(check: Any) -> bool:
    return bool(check.items.filter(finding="defect").exists())


def some_defect(check: Any, act: Act) -> Iterator[Problem]:
    """Findings are sent where something has to be mended."""
    if not _defects(check):
        yield Problem(_("No defect was found: close the check."))


def no_open_defect(check: Any, act: Act) -> Iterator[Problem]:
    """A check closes without a defect, or after the office has said what it mended."""
    if check.status == "open" and _defects(check):
        yield Problem(_("Defects were found: send the findings to the committee's office."))


def date_to_mend(check: Any, act: Act) -> Iterator[Problem]:
    """The day by which the defects are mended lies ahead."""
    day = act.data.get("rectify_by")
    if day is None or day <= act.day:
        yield Problem(_("Name a day ahead by which it must be mended."), field="rectify_by")


def answer_given(check: Any, act: Act) -> Iterator[Problem]:
    """The answer has words."""
    if not str(act.data.get("answer", "")).strip():
        yield Problem(_("Write what was mended, and how."), field="answer")
