"""Guards of the bureau's decisions (model.md §7): each returns every problem it finds, in words."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from appraisal_portal.kernel.days import day_said
from appraisal_portal.kernel.workflow import Problem
from committees.plans.models import Channel, Committee, CommitteeMember, CommitteeScope, Level, PlanLine

from .conditions import conditions_complete
from .rule_sets import rule_set, rule_set_on

if TYPE_CHECKING:
    from appraisal_portal.kernel.workflow import Act
    from committees.plans.models import CommitteeTerm, Notice, ReviewPlan, StandardVersion

_LADDER = list(Level.values)
_OUTSIDE_SCOPE = (Channel.SPECIAL, Channel.AUTONOMOUS)


def complete(row: Any, act: "Act") -> Iterable[Problem]:
    """Nothing that the bureau must read is empty; dispatches on the kind of row."""
    return _COMPLETE[row._meta.model_name](row)


def _complete_plan(plan: "ReviewPlan") -> Iterator[Problem]:
    if not plan.lines.exists():
        yield Problem(_("The plan has no line yet."), field="lines")


def _complete_term(term: "CommitteeTerm") -> Iterator[Problem]:
    if not term.members.exists():
        yield Problem(_("The committee has no member yet."), field="members")
    if not term.approval_document:
        yield Problem(_("Name the document by which the committee is set up."), field="approval_document")


def _complete_version(version: "StandardVersion") -> Iterator[Problem]:
    if not version.summary.strip():
        yield Problem(_("Write what the standard demands."), field="summary")
    if not version.evidence_required:
        yield Problem(_("Name at least one piece of evidence."), field="evidence_required")
    yield from conditions_complete(version)


def _complete_notice(notice: "Notice") -> Iterator[Problem]:
    if not notice.title.strip():
        yield Problem(_("The notice needs a title."), field="title")
    if not notice.body.strip():
        yield Problem(_("The notice has no text yet."), field="body")


_COMPLETE = {
    "reviewplan": _complete_plan,
    "committeeterm": _complete_term,
    "standardversion": _complete_version,
    "notice": _complete_notice,
}


def _lines(plan: "ReviewPlan") -> Iterable[PlanLine]:
    return plan.lines.select_related("committee")


def windows_in_order(plan: "ReviewPlan", act: "Act") -> Iterator[Problem]:
    """Per line: opening ≤ closing ≤ the units' last day ≤ the month of the meeting; every day count at least 1."""
    for line in _lines(plan):
        if line.opens_on > line.closes_on:
            yield Problem(_("{line}: the window closes before it opens.").format(line=line), field="opens_on")
        if line.unit_deadline < line.closes_on:
            text = _("{line}: the last day for work units lies before the window closes.")
            yield Problem(text.format(line=line), field="unit_deadline")
        if line.meeting_month.replace(day=1) < line.unit_deadline.replace(day=1):
            text = _("{line}: the meeting month lies before the last day for work units.")
            yield Problem(text.format(line=line), field="meeting_month")
        if min(line.unit_publicity_days, line.result_publicity_days, line.supplement_days) < 1:
            yield Problem(_("{line}: every period lasts at least one working day.").format(line=line), field="days")


def windows_apart(plan: "ReviewPlan", act: "Act") -> Iterator[Problem]:
    """Per line: no day of its window lies in the window of the same committee, level and channel in another year's
    plan, for nobody could tell by which of the two a declaration is judged. Case by case there is no window."""
    others: dict[tuple[int, str, str], list[PlanLine]] = {}
    in_force = PlanLine.objects.in_force().exclude(plan__year=plan.year).exclude(channel__in=_OUTSIDE_SCOPE)
    for other in in_force.filter(committee__in=plan.lines.values("committee")).select_related("plan"):
        others.setdefault((other.committee_id, other.level, other.channel), []).append(other)
    for line in _lines(plan):
        for other in others.get((line.committee_id, line.level, line.channel), ()):
            if line.opens_on <= other.last_day and other.opens_on <= line.last_day:
                words = _("{line}: the window overlaps with that of {plan}, {first} to {last}.")
                yield Problem(
                    words.format(
                        line=line, plan=other.plan, first=day_said(other.opens_on), last=day_said(other.last_day)
                    ),
                    field="opens_on",
                )


def dates_confirmed(row: Any, act: "Act") -> Iterator[Problem]:
    """Days moved from last year were looked at by somebody: a moved day may be a holiday, or no longer fit."""
    lines = row.lines.select_related("committee") if hasattr(row, "lines") else [row]
    for each in lines:
        if each.dates_to_confirm:
            text = _("{row}: the days were moved from last year. Open the draft, check them and save it.")
            yield Problem(text.format(row=each), field="dates")


def rule_sets_fit(plan: "ReviewPlan", act: "Act") -> Iterator[Problem]:
    """Per line: the rule set exists and is in force when the window opens."""
    for line in _lines(plan):
        chosen = rule_set(line.rule_set)
        if chosen is None or not chosen.in_force(line.opens_on):
            text = _("{line}: rule set {key} is not in force when the window opens.")
            yield Problem(text.format(line=line, key=line.rule_set), field="rule_set")


def committees_active(plan: "ReviewPlan", act: "Act") -> Iterator[Problem]:
    """No line for a committee whose authority has been suspended."""
    for line in _lines(plan):
        if line.committee.status != Committee.Status.ACTIVE:
            yield Problem(_("{committee} is suspended.").format(committee=line.committee), field="committee")


def covered_on(line: PlanLine, day: dt.date, scopes: Iterable[CommitteeScope]) -> bool:
    """Whether one of the scopes covers the line on the day; two channels need none, and where no committee votes its
    scope names the field, not the level.
    """
    if line.channel in _OUTSIDE_SCOPE:
        return True
    action = CommitteeScope.Action.RECOMMEND if line.channel == Channel.RECOMMEND else CommitteeScope.Action.REVIEW
    return any(
        scope.committee_id == line.committee_id
        and (scope.level == line.level or not line.by_vote)
        and scope.action == action
        and scope.valid_from <= day <= (scope.valid_to or dt.date.max)
        for scope in scopes
    )


def covered_by_scope(plan: "ReviewPlan", act: "Act") -> Iterator[Problem]:
    """Per line: the committee has a scope for the level, for review or for recommendation as the channel says."""
    scopes = list(CommitteeScope.objects.filter(committee__plan_lines__plan=plan).distinct())
    for line in _lines(plan):
        if not covered_on(line, line.opens_on, scopes):
            text = _("{line}: outside the scope of this committee.")
            yield Problem(text.format(line=line), field="committee")


def _size(term: "CommitteeTerm") -> int:
    return term.members.exclude(office=CommitteeMember.Office.ALTERNATE).filter(left_on__isnull=True).count()


def size_in_rule_set(term: "CommitteeTerm", act: "Act") -> Iterator[Problem]:
    """Enough members for the highest level under the rule set of the first day; odd where the set demands it."""
    members, rules = _size(term), rule_set_on(term.starts_on)
    least = max(term.committee.member_count_min, rules.members.get(term.committee.top_level, 0) if rules else 0)
    if members < least:
        text = _("The committee has {members} members; at least {least} are needed.")
        yield Problem(text.format(members=members, least=least), field="members")
    if rules and rules.odd and members % 2 == 0:
        yield Problem(_("The number of members ({members}) must be odd.").format(members=members), field="members")


def one_chair(term: "CommitteeTerm", act: "Act") -> Iterator[Problem]:
    """Exactly one chair (主任委员)."""
    if term.members.filter(office=CommitteeMember.Office.CHAIR).count() != 1:
        yield Problem(_("The committee needs exactly one chair."), field="members")


def term_not_too_long(term: "CommitteeTerm", act: "Act") -> Iterator[Problem]:
    """At most the years of ``PORTAL_TERM_YEARS``."""
    years = settings.PORTAL_TERM_YEARS
    start = term.starts_on
    try:
        limit = start.replace(year=start.year + years)
    except ValueError:  # 29 February
        limit = dt.date(start.year + years, 3, 1)
    if term.ends_on >= limit:
        last = day_said(limit - dt.timedelta(days=1))
        text = _("A term lasts at most {years} years: it ends on {last} at the latest.")
        yield Problem(text.format(years=years, last=last), field="ends_on")


def term_not_over(term: "CommitteeTerm", act: "Act") -> Iterator[Problem]:
    """A term whose last day has passed founds no committee (届期已满)."""
    if term.ends_on < act.day:
        text = _("The term ended on {day}. Found the committee anew with a term that still runs.")
        yield Problem(text.format(day=day_said(term.ends_on)), field="ends_on")


def term_free(term: "CommitteeTerm", act: "Act") -> Iterator[Problem]:
    """No other approved term of the committee holds one of its days."""
    others = term.committee.terms.in_force().exclude(pk=term.pk)
    for other in others.filter(starts_on__lte=term.ends_on, ends_on__gte=term.starts_on):
        yield Problem(_("The term overlaps with {other}.").format(other=other), field="starts_on")


def approved_before_use(version: "StandardVersion", act: "Act") -> Iterator[Problem]:
    """A standard is approved before it is applied, never for days already past."""
    if version.effective_from < act.day:
        yield Problem(
            _("The standard would take effect before its approval. Choose a day from today on."),
            field="effective_from",
            basis="plan.approved_first",
        )


def no_window_under_another_version(version: "StandardVersion", act: "Act") -> Iterator[Problem]:
    """While a declaration window is open the standard stays: the new version begins after it closes."""
    standard = version.standard
    before = standard.versions.in_force().exclude(pk=version.pk)
    if not before.exists():
        return
    open_lines = PlanLine.objects.in_force().filter(
        committee=standard.committee_id,
        level=standard.level,
        opens_on__lt=version.effective_from,
        closes_on__gte=version.effective_from,
    )
    for line in open_lines.select_related("committee"):
        text = _("{line} is open until {day} under the present version. Let the new one begin later.")
        yield Problem(text.format(line=line, day=day_said(line.closes_on)), field="effective_from")
