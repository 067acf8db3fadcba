"""What must hold before a committee meets (评审会议): asked for in time, complete, inside plan, scope and term."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.models import Declaration
from appraisal_portal import law
from appraisal_portal.kernel import approvals, calendar, documents
from appraisal_portal.kernel.days import day_said
from appraisal_portal.kernel.workflow import Act, Problem
from committees.plans.models import Channel, Committee, CommitteeScope, StandardVersion
from committees.plans.querysets import IN_FORCE
from committees.plans.rules import rule_set
from committees.reviews import roster_differences as differences
from committees.reviews.models import Meeting

from . import ballot, roster
from .pre_review import fits_before_the_meeting

PAPERS = ("3-1", "3-2", "3-3")
_OUTSIDE_SCOPE = (Channel.SPECIAL, Channel.AUTONOMOUS)


def lead_days(day: dt.date) -> int:
    """Working days between application and meeting (R-01), as the notice in force on the day says."""
    return int(law.value("meeting.lead_days", day) or 0)


def earliest_meeting(day: dt.date) -> calendar.PeriodEnd:
    """The first day on which a meeting applied for on ``day`` may be held."""
    return calendar.add_working_days(day, lead_days(day))


def asked_in_time(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """At least five working days from today, counted anew after a return (R-01)."""
    first = earliest_meeting(act.day)
    if first.ends_on > meeting.meets_on:
        yield Problem(
            _(
                "The meeting is on {meets_on}. Applied for today it can be held on {first} at the earliest: "
                "{days} working days must lie ahead. Please choose a later day."
            ).format(
                meets_on=day_said(meeting.meets_on),
                first=day_said(first.ends_on),
                days=lead_days(act.day),
            ),
            field="meets_on",
            basis="meeting.lead_days",
        )


def not_provisional(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """The days counted are known: no year without a holiday calendar in between."""
    if earliest_meeting(act.day).provisional:
        yield Problem(
            _("The holiday calendar of {year} is not entered yet, so the days ahead cannot be counted.").format(
                year=meeting.meets_on.year
            ),
            field="meets_on",
        )


def term_valid_on_day(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """The committee's approved term runs on the day of the meeting."""
    term = meeting.term
    approved = term.status in IN_FORCE and term.committee_id == meeting.committee_id
    if not approved or not term.starts_on <= meeting.meets_on <= term.ends_on:
        yield Problem(_("The committee has no approved term on the day of the meeting."), field="meets_on")


def committee_in_plan(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """The line belongs to a plan in force and to this committee, which is not suspended."""
    line = meeting.line
    if line.plan.status not in IN_FORCE or line.committee_id != meeting.committee_id or line.level != meeting.level:
        yield Problem(_("This committee and level are not in the approved plan."), field="line")
    if meeting.committee.status != Committee.Status.ACTIVE:
        yield Problem(_("The committee is suspended."), field="line")


def _qualified(meeting: Meeting) -> Any:
    """Declarations of the qualified on the roster; before the first papers, of those who would come on it."""
    if meeting.admissions.exists():
        return Declaration.objects.filter(admissions__meeting=meeting, admissions__exam_result="qualified")
    return Declaration.objects.filter(pk__in=[row.pk for row in roster.examined(meeting) if row.status == "qualified"])


def _fields(meeting: Meeting) -> list[Declaration]:
    """One declaration of each series, subfield and kind of employer among the qualified."""
    qualified = _qualified(meeting)
    seen: dict[tuple[Any, ...], Declaration] = {}
    for row in qualified.select_related("series", "subfield", "unit").order_by("pk"):
        seen.setdefault((row.series_id, row.subfield_id, row.unit.employer_kind), row)
    return list(seen.values())


def in_scope(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """Every series, subfield and kind of employer on the list lies inside the committee's scope."""
    if meeting.line.channel in _OUTSIDE_SCOPE:
        return
    for row in _fields(meeting):
        scopes = CommitteeScope.objects.asked(
            row.series, row.subfield, meeting.level, row.unit.employer_kind, meeting.line.opens_on
        )
        if not scopes.filter(committee=meeting.committee).exists():
            text = _("Outside the committee's scope: {field}, {level}, {kind}.")
            yield Problem(
                text.format(
                    field=row.subfield or row.series,
                    level=meeting.line.get_level_display(),
                    kind=row.unit.get_employer_kind_display(),
                )
            )


def standard_approved(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """For every series on the list the committee has an approved standard, the one the declarations were made under."""
    for series in {row.series_id: row.series for row in _fields(meeting)}.values():
        if StandardVersion.objects.for_line(meeting.line, series) is None:
            yield Problem(_("No approved standard for {series}.").format(series=series), basis="plan.approved_first")


def size_in_rule_set(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """Enough members on the day, odd where the rule set of the line demands it (a setting, R-07)."""
    members, rules = ballot.members_on_day(meeting), rule_set(meeting.line.rule_set)
    least = max(meeting.committee.member_count_min, rules.members.get(meeting.level, 0) if rules else 0)
    if members < least:
        yield Problem(
            _("The committee has {members} members on that day; at least {least} are needed.").format(
                members=members, least=least
            )
        )
    if rules and rules.odd and members % 2 == 0:
        yield Problem(_("The number of members ({members}) must be odd.").format(members=members))


def quorum_possible(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """As many members are expected as a quorum needs, and not more than there are."""
    members, committee = ballot.members_on_day(meeting), meeting.committee
    least = ballot.needed(members, committee.quorum_num, committee.quorum_den)
    if meeting.expected < least:
        yield Problem(
            _("{expected} members are expected; of {members} at least {least} must attend.").format(
                expected=meeting.expected, members=members, least=least
            ),
            field="expected",
        )
    if meeting.expected > members:
        yield Problem(
            _("{expected} members are expected, but the committee has only {members}.").format(
                expected=meeting.expected, members=members
            ),
            field="expected",
        )


def no_open_examination(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """Everybody of the line has been examined: nobody is still being examined or asked for a supplement."""
    waiting = meeting.line.declarations.filter(status__in=("in_examination", "supplement")).count()
    if waiting:
        yield Problem(
            ngettext(
                "{n} declaration of this line is still being examined.",
                "{n} declarations of this line are still being examined.",
                waiting,
            ).format(n=waiting),
            basis="examination.by_office",
        )


def somebody_qualified(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """A meeting has somebody to decide on."""
    if not _qualified(meeting).exists():
        yield Problem(_("Nobody on the roster is qualified: there is nothing to decide."))


def papers_made(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """3-1, 3-2 and 3-3 have been made."""
    there = set(_papers(meeting))
    for code in PAPERS:
        if code not in there:
            yield Problem(_("Attachment {code} has not been made yet.").format(code=code))


def _papers(meeting: Meeting) -> dict[str, Any]:
    papers = meeting.papers.filter(code__in=PAPERS, document__superseded_by__isnull=True).select_related("document")
    return {paper.code: paper.document for paper in papers}


def papers_of_one_snapshot(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """Letter, roster and list name the same hash, that of the latest snapshot."""
    snapshot = meeting.current_snapshot
    if snapshot is None:
        return
    for code, document in sorted(_papers(meeting).items()):
        if document.snapshot.get("data_sha256") != snapshot.sha256:
            yield Problem(_("{code} was made from other data than the rest. Make the papers anew.").format(code=code))


def letter_of_today(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """The letter carries the day of the application."""
    snapshot = meeting.current_snapshot
    if snapshot is not None and snapshot.content["letter"]["applied_on"] != act.day.isoformat():
        yield Problem(
            _("The letter is dated {day}. Make the papers anew, so that they carry the day of the application.").format(
                day=day_said(dt.date.fromisoformat(snapshot.content["letter"]["applied_on"]))
            )
        )


def snapshot_current(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """What the papers say is what the rows say now; otherwise the differences are named."""
    snapshot = meeting.current_snapshot
    if snapshot is None:
        return
    now = roster.content_of(meeting, dt.date.fromisoformat(snapshot.content["letter"]["applied_on"]))
    found = itertools.islice(differences.differences(snapshot.content, now), 10)
    for words in differences.told_to(act.actor, found):
        yield Problem(_("Changed since the papers were made: {what}").format(what=words))


def before_the_meeting_day(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """The meeting is held only after the approval, so the approval carries an earlier day (notice IV(3))."""
    if act.day >= meeting.meets_on:
        yield Problem(
            _("The meeting is on {day}: an approval must be dated before that day. Send the application back.").format(
                day=day_said(meeting.meets_on)
            ),
            basis="meeting.lead_days",
        )


def signed(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """The director has entered the password again on the page that shows the whole letter; a tick is no signature."""
    if not act.data.get("signed"):
        yield Problem(_("Sign with your password."), field="password")


def is_the_day(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """A meeting opens on its day."""
    if act.day != meeting.meets_on:
        yield Problem(
            _("The meeting is on {day}; it can be opened on that day only.").format(day=day_said(meeting.meets_on))
        )


def attendance_signed(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """The observer has confirmed who is there and who stands back."""
    if meeting.attendance_signed_by_id is None:
        yield Problem(_("The observer has not confirmed attendance and recusals yet."))


def recusals_confirmed(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """No recusal is left unconfirmed."""
    from committees.reviews.models import Recusal  # noqa: PLC0415 - only this guard needs it

    waiting = Recusal.objects.filter(admission__meeting=meeting, confirmed_by__isnull=True).count()
    if waiting:
        yield Problem(_("{n} recusals are not confirmed yet.").format(n=waiting))


def has_quorum(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """Enough members are in the room, counted before anybody stands back."""
    yield from ballot.quorum_problems(meeting, act.day)


def minutes_stored(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """The minutes are there and say what happened up to now: results, announcements, void rounds, who left."""
    made = documents.current(meeting, "minutes")
    if made is None:
        yield Problem(_("The minutes have not been made yet."))
    elif not minutes_say_all(meeting):
        yield Problem(_("Since the minutes were made something has changed that belongs in them. Make them anew."))


def minutes_say_all(meeting: Meeting) -> bool:
    """The minutes in force, made now, would say the same; the day they carry aside."""
    made = documents.current(meeting, "minutes")
    if made is None:
        return False
    now = approvals.canonical(documents.registry["minutes"].content(meeting))
    return all(made.snapshot.get(key) == now[key] for key in now if key != "dated")


def verdicts_sha256(meeting: Meeting) -> str:
    """Hash over all decisions of the meeting, in the order of the roster."""
    from appraisal_portal.kernel.approvals import content_sha256  # noqa: PLC0415 - only needed here
    from committees.reviews.models import Verdict  # noqa: PLC0415

    rows = Verdict.objects.filter(admission__meeting=meeting).order_by("admission__seq")
    return content_sha256(
        list(rows.values("admission__seq", "outcome", "present", "agree", "against", "abstain", "invalid", "ground"))
    )


@dataclass(frozen=True)
class Check:
    """One line of the readiness checklist: what is asked, how it stands in numbers, and what is still in the way."""

    label: str | Promise
    problems: list[Problem]
    fact: str = ""

    @property
    def done(self) -> bool:
        """Nothing in the way."""
        return not self.problems


def _days_left(meeting: Meeting, act: Act) -> str:
    latest = calendar.latest_application_day(meeting.meets_on, lead_days(act.day)).ends_on
    left = calendar.working_days_left(act.day, latest)
    return ngettext(
        "{n} working day is left; the last day to apply is {day}.",
        "{n} working days are left; the last day to apply is {day}.",
        left,
    ).format(n=left, day=day_said(latest))


def _term(meeting: Meeting, act: Act) -> str:
    return f"{date_format(meeting.term.starts_on, 'Y-m-d')} – {date_format(meeting.term.ends_on, 'Y-m-d')}"


def _examined(meeting: Meeting, act: Act) -> str:
    good, everybody = _qualified(meeting).count(), meeting.admissions.count() or len(roster.examined(meeting))
    return _("{good} qualified, {bad} not qualified").format(good=good, bad=everybody - good)


def _members(meeting: Meeting, act: Act) -> str:
    return _("{members} members; rule set {rules}").format(
        members=ballot.members_on_day(meeting), rules=meeting.line.rule_set
    )


def _quorum(meeting: Meeting, act: Act) -> str:
    committee = meeting.committee
    least = ballot.needed(ballot.members_on_day(meeting), committee.quorum_num, committee.quorum_den)
    return _("{expected} expected, {least} must attend").format(expected=meeting.expected, least=least)


def _version(meeting: Meeting, act: Act) -> str:
    snapshot = meeting.current_snapshot
    return _("version {n}").format(n=snapshot.version) if snapshot else ""


def _nothing(meeting: Meeting, act: Act) -> str:
    return ""


Guard = Callable[[Meeting, Act], Iterable[Problem]]
Fact = Callable[[Meeting, Act], str]

READINESS: tuple[tuple[str | Promise, tuple[Guard, ...], Fact], ...] = (
    (gettext_lazy("Applied for in time"), (asked_in_time, not_provisional, fits_before_the_meeting), _days_left),
    (gettext_lazy("The committee's term is valid on the day"), (term_valid_on_day,), _term),
    (gettext_lazy("In the approved plan"), (committee_in_plan,), lambda meeting, act: str(meeting.line)),
    (gettext_lazy("Everybody is examined"), (no_open_examination, somebody_qualified), _examined),
    (gettext_lazy("Everybody lies inside the committee's scope"), (in_scope,), _nothing),
    (gettext_lazy("The standard is approved"), (standard_approved,), _nothing),
    (gettext_lazy("The number of members fits the rule set"), (size_in_rule_set,), _members),
    (gettext_lazy("A quorum is possible"), (quorum_possible,), _quorum),
    (
        gettext_lazy("Papers 3-1, 3-2 and 3-3 of one version and up to date"),
        (papers_made, papers_of_one_snapshot, letter_of_today, snapshot_current),
        _version,
    ),
)
"""The guards of ``apply`` in the groups the checklist shows, each with how it stands."""
APPLY_GUARDS: tuple[Guard, ...] = tuple(
    guard for _label, guards, _fact in READINESS for guard in guards if guard is not papers_made
)
"""Whether the papers are there ``apply`` asks by its ``papers``."""


def readiness(meeting: Meeting, act: Act) -> list[Check]:
    """The checklist of the office's page."""
    return [
        Check(label, [problem for guard in guards for problem in guard(meeting, act)], fact(meeting, act))
        for label, guards, fact in READINESS
    ]
