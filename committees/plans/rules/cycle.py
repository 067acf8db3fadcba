"""What of last year's cycle can be taken over into a new year, what must be filled anew, what has lapsed.

Read from the rows each time, so that the page says the same before and after, and a second run finds nothing to do.
"""

import calendar as months
import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from appraisal_portal.kernel import calendar
from appraisal_portal.kernel.days import day_said
from committees.plans.models import (
    Committee,
    CommitteeScope,
    CommitteeTerm,
    HoursRequirement,
    ReviewPlan,
    StandardVersion,
)
from committees.plans.querysets import IN_FORCE

from .decisions import covered_on

NEEDLESS = "superseded"


@dataclass(frozen=True)
class Entry:
    """One line of the page: what it is about, in words; where it stands; what is to be done with it."""

    what: str
    text: str
    url: str = ""
    confirm: bool = False
    """Whether its days were moved and nobody has confirmed them yet."""


@dataclass
class Overview:
    """The page of a new year, as one reader sees it. ``plan``, ``terms``, ``versions``: what is ready to be copied."""

    year: int
    ready: list[Entry] = field(default_factory=list)
    taken: list[Entry] = field(default_factory=list)
    anew: list[Entry] = field(default_factory=list)
    lapsed: list[Entry] = field(default_factory=list)
    plan: ReviewPlan | None = None
    left_out: list[int] = field(default_factory=list)
    terms: list[CommitteeTerm] = field(default_factory=list)
    versions: list[tuple[StandardVersion, dt.date]] = field(default_factory=list)


def moved_day(day: dt.date, years: int) -> dt.date:
    """The same day so many years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def overview(year: int, *, bureau: bool, office: int | None) -> Overview:
    """Everything about the cycle of ``year`` after the one before. The bureau sees all committees, an office its own;
    ``bureau``: whether the plan in the making is shown.
    """
    found = Overview(year)
    source = ReviewPlan.objects.of_year(year - 1)
    if source is None:
        text = _("No plan of {year} is in force: there is nothing to take over.")
        found.anew.append(Entry(_("Review plan {year}").format(year=year), text.format(year=year - 1)))
        return found
    lines = list(source.lines.select_related("committee"))
    if office is not None:
        lines = [line for line in lines if line.committee.office_id == office]
    _plan(found, source, lines, bureau=bureau)
    committees = {line.committee_id: line.committee for line in lines}
    for committee in committees.values():
        own = [line for line in lines if line.committee_id == committee.pk]
        _term(found, committee, own)
        _versions(found, committee, own)
    _anew(found, committees.values())
    return found


def _plan(found: Overview, source: ReviewPlan, lines: list[Any], *, bureau: bool) -> None:
    scopes = list(CommitteeScope.objects.filter(committee__in={line.committee_id for line in lines}))
    for line in lines:
        why = ""
        if line.committee.status != Committee.Status.ACTIVE:
            why = _("The committee is suspended: the line is left out.")
        elif not covered_on(line, moved_day(line.opens_on, 1), scopes):
            why = _("Outside the scope of this committee by then: the line is left out.")
        if why:
            found.left_out.append(line.pk)
            found.lapsed.append(Entry(str(line), why))
    if not bureau:
        return
    there = ReviewPlan.objects.filter(year=found.year).exclude(status=NEEDLESS).order_by("-version").first()
    if there is None:
        found.plan = source
        text = _("{count} lines with day counts and rule sets become a draft; every day moves by one year.")
        name = _("Review plan {year}").format(year=found.year)
        found.ready.append(Entry(name, text.format(count=len(lines) - len(found.left_out)), source.get_absolute_url()))
        return
    waiting = there.lines.filter(dates_to_confirm=True).count()
    if there.copied_from_id is None:
        text = _("Begun without copying; it stays as it is.")
    elif waiting:
        text = _("Taken over as a draft; the days of {count} lines are still to be confirmed.").format(count=waiting)
    else:
        text = _("Taken over; the days of every line are confirmed.")
    found.taken.append(Entry(str(there), text, there.get_absolute_url(), waiting > 0))


def _term(found: Overview, committee: Committee, lines: list[Any]) -> None:
    term = committee.terms.in_force().order_by("-ends_on").first()
    if term is None:
        found.anew.append(Entry(str(committee), _("No term is approved: found the committee anew."), _url(committee)))
        return
    last = max(moved_day(line.meeting_month, 1) for line in lines)
    last = last.replace(day=months.monthrange(last.year, last.month)[1])
    if term.ends_on >= last:
        text = _("The term runs until {day}: nothing is to be done.").format(day=day_said(term.ends_on))
        found.taken.append(Entry(str(committee), text, term.get_absolute_url()))
        return
    text = _("The term ends on {day}, before the meetings of {year}.")
    found.lapsed.append(
        Entry(str(committee), text.format(day=day_said(term.ends_on), year=found.year), term.get_absolute_url())
    )
    later = committee.terms.filter(starts_on__gt=term.starts_on).exclude(status=NEEDLESS).order_by("starts_on").first()
    if later is None:
        found.terms.append(term)
        text = _("Its {count} seats with their specialties become the draft of the next term.")
        found.ready.append(
            Entry(str(committee), text.format(count=term.members.filter(left_on=None).count()), term.get_absolute_url())
        )
        return
    found.taken.append(_made(later, _("The next term: members and days are to be checked, the document is missing.")))


def _versions(found: Overview, committee: Committee, lines: list[Any]) -> None:
    for standard in committee.standards.select_related("committee", "series"):
        of_level = [line for line in lines if line.level == standard.level]
        source = standard.versions.filter(status__in=IN_FORCE).order_by("-version").first()
        if not of_level or source is None:
            continue
        opens_on = min(moved_day(line.opens_on, 1) for line in of_level)
        if source.effective_to is not None and source.effective_to < opens_on:
            text = _("Its validity ended on {day}.").format(day=day_said(source.effective_to))
            found.lapsed.append(Entry(str(source), text, source.get_absolute_url()))
        if source.effective_from.year >= found.year:
            text = _("In force for the new year already.")
            found.taken.append(Entry(str(source), text, source.get_absolute_url()))
            continue
        later = (
            standard.versions.filter(version__gt=source.version).exclude(status=NEEDLESS).order_by("version").first()
        )
        if later is not None:
            found.taken.append(_made(later, _("The next version with all questions, evidence and scores.")))
            continue
        found.versions.append((source, opens_on))
        text = _("Questions, evidence, scores and relief become the draft of the next version, from {day} on.")
        found.ready.append(Entry(str(source), text.format(day=day_said(opens_on)), source.get_absolute_url()))


def _made(row: Any, text: str) -> Entry:
    """A later term or version that is there already, copied or not."""
    if row.copied_from_id is None:
        text = _("Begun without copying; it stays as it is.")
    return Entry(str(row), text, row.get_absolute_url(), row.dates_to_confirm)


def _anew(found: Overview, committees: Any) -> None:
    """What belongs to one year only and is never copied: what was made public, and what rests on a document."""
    for committee in committees:
        text = _("Write the review notice of the year; what was published last year is never taken over.")
        found.anew.append(Entry(str(committee), text))
    if not HoursRequirement.objects.filter(year=found.year - 1, kind="general").exists():
        text = _("Enter the class hours asked for in {year}, with the document that says so.")
        found.anew.append(Entry(_("Class hours"), text.format(year=found.year - 1)))
    if not calendar.is_known_year(found.year):
        text = _("The holidays of {year} are not known: every last day stays provisional until they are entered.")
        found.anew.append(Entry(_("Working-day calendar"), text.format(year=found.year)))


def _url(row: Any) -> str:
    return str(row.get_absolute_url())
