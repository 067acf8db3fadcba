"""Preparing a meeting: its particulars, the frozen papers, the people called up, attendance and recusals."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Declaration
from applications.querysets_recusal import stands_back
from appraisal_portal.accounts.models import Membership, User
from appraisal_portal.kernel import approvals, clock, documents, outbox, progress, rendering
from appraisal_portal.kernel.access import Predicate
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem, WrongState
from committees.plans.models import CommitteeMember, PlanLine
from committees.reviews.access import meeting as access
from committees.reviews.models import (
    Absence,
    Admission,
    Attendee,
    Meeting,
    MeetingPaper,
    MeetingSnapshot,
    Recusal,
    Verdict,
)
from committees.reviews.roster_differences import Difference, differences
from committees.reviews.rules import meeting as rules
from committees.reviews.rules import roster
from committees.reviews.services import conflicts, draws

S = Meeting.Status
FIELDS = ("kind", "meets_on", "meets_at", "place", "method", "expected", "contact", "phone")
"""What the office fills in; the rest follows from the line of the plan."""


@dataclass(frozen=True)
class PapersMade:
    """The snapshot the papers name, whether anything was made anew, and what differs from the version before."""

    snapshot: MeetingSnapshot
    made: bool
    differences: list[Difference]


def _must(rule: Predicate, actor: Any, obj: Any) -> None:
    refused = rule.why_not(actor, obj)
    if refused:
        raise NotAllowed(*refused)


def _locked(meeting: Meeting, *statuses: str) -> Meeting:
    """The meeting with its row locked. Raises WrongState when it stands elsewhere."""
    found: Meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if found.status not in statuses:
        raise WrongState(
            _("This is not possible any more: the present status is “{status}”.").format(
                status=found.get_status_display()
            )
        )
    return found


def _fill(meeting: Meeting, fields: dict[str, Any]) -> None:
    for name in FIELDS:
        if name in fields:
            setattr(meeting, name, fields[name])
    term = meeting.committee.term_on(meeting.meets_on)
    problems = []
    if term is None:
        problems.append(Problem(_("The committee has no approved term on the day of the meeting."), field="meets_on"))
    same = Meeting.objects.filter(committee=meeting.committee, meets_on=meeting.meets_on, line=meeting.line_id)
    if same.exclude(pk=meeting.pk).exclude(status__in=(S.VOID, S.CANCELLED)).exists():
        problems.append(Problem(_("There is a meeting for this line on that day already."), field="meets_on"))
    if problems:
        raise Blocked(*problems)
    meeting.term = term


def prepare(line: PlanLine, *, actor: Any, **fields: Any) -> Meeting:
    """A draft for a line of the plan. Raises NotAllowed, or Blocked with problems that name their field."""
    meeting = Meeting(committee=line.committee, line=line, level=line.level, prepared_by_id=actor.pk)
    _must(access.is_office_clerk, actor, meeting)
    with transaction.atomic():
        _fill(meeting, fields)
        meeting.save()
    return meeting


def change(meeting: Meeting, *, actor: Any, **fields: Any) -> Meeting:
    """Change a draft or a returned application; its papers then no longer match and are made anew."""
    _must(access.is_office_clerk, actor, meeting)
    with transaction.atomic():
        locked = _locked(meeting, S.DRAFT, S.RETURNED)
        _fill(locked, fields)
        locked.save()
    return locked


def make_papers(meeting: Meeting, *, actor: Any) -> PapersMade:
    """Freeze the content and make 3-1, 3-2 and 3-3 of it, dated today; nothing new when nothing changed.

    Raises Blocked with the reason in words when a paper cannot be drawn; then nothing is stored.
    """
    _must(access.is_office, actor, meeting)
    try:
        with transaction.atomic():
            return _make_papers(_locked(meeting, S.DRAFT, S.RETURNED), actor)
    except (rendering.RenderingRefused, rendering.RosterProblem) as error:
        raise Blocked(Problem(documents.why_not_made(error))) from error


def _make_papers(meeting: Meeting, actor: Any) -> PapersMade:
    content = roster.content_of(meeting, clock.today())
    letter = content["letter"]
    progress.expect(letter["n_declared"] * 2 + letter["n_qualified"])  # collected, then written into 3-2 and 3-3
    sha256 = approvals.content_sha256(content, schema=roster.SCHEMA)
    before = meeting.current_snapshot
    if before is not None and before.sha256 == sha256 and _complete(meeting, sha256):
        return PapersMade(before, False, [])
    _write_admissions(meeting, content)
    snapshot = MeetingSnapshot.objects.create(
        meeting=meeting,
        version=before.version + 1 if before else 1,
        schema=roster.SCHEMA,
        content=content,
        sha256=sha256,
        taken_by_id=actor.pk,
    )
    for code in rules.PAPERS:
        documents.issue(code, meeting, actor=actor, paper_model=MeetingPaper)
    changes = list(differences(before.content, content)) if before else []
    return PapersMade(snapshot, True, changes)


def _complete(meeting: Meeting, sha256: str) -> bool:
    papers = meeting.papers.filter(code__in=rules.PAPERS, document__superseded_by=None).select_related("document")
    return {p.code for p in papers if p.document.snapshot.get("data_sha256") == sha256} == set(rules.PAPERS)


def _write_admissions(meeting: Meeting, content: dict[str, Any]) -> None:
    meeting.admissions.all().delete()
    people = {d.pk: d for d in roster.examined(meeting)}
    rows = []
    for row in content["roster"]:
        declaration: Declaration = people[row["declaration"]]
        good = row["exam_result"] == roster.QUALIFIED
        rows.append(
            Admission(
                meeting=meeting,
                declaration=declaration,
                declaration_snapshot=roster.frozen_snapshot(declaration),
                seq=row["seq"],
                exam_result=Admission.Result.QUALIFIED if good else Admission.Result.DISQUALIFIED,
                exam_ground=row["exam_reason"],
            )
        )
    Admission.objects.bulk_create(rows)


def possible_voters(meeting: Meeting) -> list[CommitteeMember]:
    """Members of the committee on the day, alternates aside."""
    return list(meeting.term.members_on(meeting.meets_on).select_related("user").order_by("pk"))


def possible_observers() -> list[User]:
    """Discipline observers in office today."""
    return _holders(Membership.objects.active().filter(role=Membership.Role.OBSERVER))


def possible_tellers(meeting: Meeting) -> list[User]:
    """Staff of the office, the clerk who prepared the meeting, everybody who votes and who keeps away from a case of it
    aside: a teller reads every name.
    """
    office = Membership.objects.active().filter(
        organisation=meeting.committee.office_id, role=Membership.Role.OFFICE_CLERK
    )
    members = set(meeting.term.members.values_list("user", flat=True))
    free = (user for user in _holders(office) if user.pk != meeting.prepared_by_id and user.pk not in members)
    return [user for user in free if not meeting.admissions.filter(stands_back(user, "declaration__")).exists()]


def _holders(rows: Any) -> list[User]:
    return list(User.objects.active().filter(pk__in=rows.values("user")).order_by("pk"))


def call_up(
    meeting: Meeting, *, actor: Any, voters: Sequence[CommitteeMember], observer: User, tellers: Sequence[User]
) -> None:
    """Write who takes part and propose the recusals that follow by rule; who is new is told. After approval only."""
    _must(access.is_office_clerk, actor, meeting)
    with transaction.atomic():
        locked = _locked(meeting, S.APPROVED)
        problems = list(_call_up_problems(locked, voters, observer, tellers))
        if problems:
            raise Blocked(*problems)
        wanted = {member.user_id: (Attendee.Role.VOTER, member) for member in voters}
        wanted |= {user.pk: (Attendee.Role.TELLER, None) for user in tellers}
        wanted[observer.pk] = (Attendee.Role.OBSERVER, None)
        rows = {row.user_id: row for row in locked.attendees.all()}
        for user_id, row in rows.items():
            if user_id not in wanted or wanted[user_id][0] != row.role:
                row.delete()
        kept = set(locked.attendees.values_list("user", flat=True))
        new = [
            Attendee(meeting=locked, user_id=user_id, role=role, member=member)
            for user_id, (role, member) in wanted.items()
            if user_id not in kept
        ]
        Attendee.objects.bulk_create(new)
        _unsign(locked)
        conflicts.propose_by_rule(locked)
        conflicts.propose_from_data(locked)
        for row in Attendee.objects.filter(meeting=locked, user__in=[a.user_id for a in new]).select_related("user"):
            _tell(locked, row)


def _call_up_problems(
    meeting: Meeting, voters: Sequence[CommitteeMember], observer: User, tellers: Sequence[User]
) -> Iterator[Problem]:
    committee, all_members = meeting.committee, {member.pk for member in possible_voters(meeting)}
    least = rules.ballot.needed(len(all_members), committee.quorum_num, committee.quorum_den)
    if any(member.pk not in all_members for member in voters):
        yield Problem(_("Only members of the committee's present term vote."), field="voters")
    drawn = draws.accepted(meeting)
    for member in voters:
        if drawn is not None and member.user_id not in drawn:
            words = _("{name} was not drawn, or has not accepted.")
            yield Problem(words.format(name=member.user), field="voters")
    if len(set(voters)) < least:
        yield Problem(_("At least {least} members are needed for a quorum.").format(least=least), field="voters")
    if len(set(tellers)) != 2:
        yield Problem(_("Choose exactly two tellers."), field="tellers")
    voting = {member.user_id for member in voters}
    yield from _teller_problems(meeting, voting, tellers)
    if observer.pk in voting or observer in tellers:
        yield Problem(_("The observer neither votes nor counts."), field="observer")
    if observer not in possible_observers():
        yield Problem(_("Choose a discipline observer."), field="observer")
    if observer.pk == meeting.prepared_by_id:  # who draws the jury does not confirm it (trust.md §2.3)
        yield Problem(_("Another person must do this: you did the step before it."), field="observer")


def _teller_problems(meeting: Meeting, voting: set[int], tellers: Sequence[User]) -> Iterator[Problem]:
    for teller in tellers:
        if teller.pk in voting:
            yield Problem(_("{name} votes and cannot count.").format(name=teller), field="tellers")
        if meeting.admissions.filter(stands_back(teller, "declaration__")).exists():
            words = _("{name} keeps away from somebody who goes to the meeting and cannot count.")
            yield Problem(words.format(name=teller), field="tellers")
        if teller.pk == meeting.prepared_by_id:
            yield Problem(_("{name} prepared the meeting and cannot count.").format(name=teller), field="tellers")


_CALL_UP = (
    gettext_lazy("You are called up: {obj}"),
    gettext_lazy("Please come on {by} at {at} to {place}. Tell the office at once if you cannot."),
)


def _tell(meeting: Meeting, attendee: Attendee) -> None:
    outbox.put_message(
        attendee.user,
        key=f"reviews_attendee:{attendee.pk}",
        subject=_CALL_UP[0],
        body=_CALL_UP[1],
        link=meeting.get_absolute_url(),
        by=meeting.meets_on,
        action_needed=True,
        words={"obj": str(meeting), "at": meeting.meets_at.isoformat("minutes"), "place": meeting.place},
    )


def recuse(meeting: Meeting, admission: Admission, member: CommitteeMember, ground: str, *, actor: Any) -> Recusal:
    """A recusal somebody asked for (亲属、利害关系). Raises Blocked."""
    _must(access.runs_meeting, actor, meeting)
    with transaction.atomic():
        locked = _locked(meeting, S.APPROVED, S.IN_SESSION)
        problems = []
        if admission.meeting_id != locked.pk or not admission.qualified:
            problems.append(Problem(_("Choose a person of this meeting."), field="admission"))
        if not ground.strip():
            problems.append(Problem(_("Please give the ground."), field="ground"))
        if not locked.attendees.filter(member=member).exists():
            problems.append(Problem(_("This member is not called up."), field="member"))
        if Recusal.objects.filter(admission=admission, member=member).exists():
            problems.append(Problem(_("This recusal stands already."), field="member"))
        decided = Verdict.objects.filter(admission=admission).exists()
        if decided or admission.roll_entries.filter(round__status="open").exists():
            problems.append(Problem(_("The vote on this person has been opened already."), field="admission"))
        if problems:
            raise Blocked(*problems)
        _unsign(locked)
        return Recusal.objects.create(admission=admission, member=member, ground=ground.strip()[:200])


def withdraw_recusal(recusal: Recusal, *, actor: Any) -> None:
    """Take back a recusal entered by hand, before the meeting opens; those by rule stay."""
    meeting = recusal.admission.meeting
    _must(access.runs_meeting, actor, meeting)
    with transaction.atomic():
        locked = _locked(meeting, S.APPROVED)
        if recusal.proposed_by_rule:
            raise Blocked(Problem(_("This recusal follows by rule and stays.")))
        recusal.delete()
        _unsign(locked)


def _unsign(meeting: Meeting) -> None:
    """A change of attendance or recusals needs the observer's confirmation anew (only before the meeting opens)."""
    if meeting.status == S.APPROVED and meeting.attendance_signed_by_id is not None:
        meeting.attendance_signed_by = meeting.attendance_signed_at = None
        meeting.save(update_fields=["attendance_signed_by", "attendance_signed_at"])
        Recusal.objects.filter(admission__meeting=meeting).update(confirmed_by=None)


def sign_in(meeting: Meeting, present: Iterable[Attendee], *, actor: Any) -> None:
    """Who is there (签到), on the day of the meeting; the others are marked as not there."""
    _must(access.runs_meeting, actor, meeting)
    with transaction.atomic():
        locked = _locked(meeting, S.APPROVED)
        if clock.today() != locked.meets_on:
            raise Blocked(Problem(_("Attendance is taken on the day of the meeting.")))
        there = {row.pk for row in present}
        locked.attendees.exclude(pk__in=there).update(signed_in_at=None)
        locked.attendees.filter(pk__in=there, signed_in_at=None).update(signed_in_at=clock.now())
        _unsign(locked)


def leave(attendee: Attendee, *, actor: Any) -> None:
    """Somebody leaves a meeting in session; later rounds count without them."""
    with transaction.atomic():
        row = _between_rounds(attendee, actor)
        if row.present:
            Attendee.objects.filter(pk=row.pk).update(left_at=clock.now())


def come_in(attendee: Attendee, *, actor: Any) -> None:
    """Somebody who left comes back, or arrives late: on the roll of the rounds that are opened from now on."""
    with transaction.atomic():
        row = _between_rounds(attendee, actor)
        if row.left_at is not None:
            Absence.objects.create(attendee=row, left_at=row.left_at, back_at=clock.now())
            Attendee.objects.filter(pk=row.pk).update(left_at=None)
        elif row.signed_in_at is None:
            Attendee.objects.filter(pk=row.pk).update(signed_in_at=clock.now())


def _between_rounds(attendee: Attendee, actor: Any) -> Attendee:
    """The row as it stands, the meeting locked: nobody comes or goes while a round is open."""
    meeting = attendee.meeting
    _must(access.runs_meeting, actor, meeting)
    _locked(meeting, S.IN_SESSION)
    if meeting.rounds.filter(status="open").exists():
        raise Blocked(Problem(_("A round is open: seal it first.")))
    return Attendee.objects.get(pk=attendee.pk)


def sign_attendance(meeting: Meeting, *, observer: Any) -> None:
    """The observer confirms attendance and recusals; the page asks for the password."""
    _must(access.is_observer, observer, meeting)
    with transaction.atomic():
        locked = _locked(meeting, S.APPROVED, S.IN_SESSION)
        if not locked.attendees.filter(role=Attendee.Role.VOTER, signed_in_at__isnull=False).exists():
            raise Blocked(Problem(_("Nobody has signed in yet.")))
        locked.attendance_signed_by_id, locked.attendance_signed_at = observer.pk, clock.now()
        locked.save(update_fields=["attendance_signed_by", "attendance_signed_at"])
        Recusal.objects.filter(admission__meeting=locked).update(confirmed_by=observer.pk)


def make_minutes(meeting: Meeting, *, actor: Any) -> MeetingPaper:
    """The minutes (会议纪要) with attendance, rounds and the tally of each person; made anew when results changed."""
    _must(access.is_office, actor, meeting)
    try:
        with transaction.atomic():
            locked = _locked(meeting, S.IN_SESSION)
            documents.issue("minutes", locked, actor=actor, paper_model=MeetingPaper)
    except rendering.RenderingRefused as error:
        raise Blocked(Problem(documents.why_not_made(error))) from error
    return meeting.papers.filter(code="minutes").order_by("-version")[0]
