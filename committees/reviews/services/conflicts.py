"""Conflicts of interest: named by applicants, declared by jurors, decided by the office."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from applications.models import CaseRecusal, Declaration
from applications.rules.recusal import named_in_achievements
from applications.workflow import recusal as case_recusals
from appraisal_portal.accounts.models import Employment, Membership
from appraisal_portal.accounts.services import members_of
from appraisal_portal.kernel.access import SYSTEM
from appraisal_portal.kernel.names import normalise_name
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem
from committees.plans.models import CommitteeMember
from committees.reviews.access import conflict as access
from committees.reviews.models import (
    Admission,
    Attendee,
    ConflictAnswer,
    Expert,
    Meeting,
    NamedMember,
    Recusal,
    RecusalProposal,
)
from committees.reviews.querysets.conflict import EXAMINED, cases_of
from committees.reviews.querysets.meeting import OFFICE
from committees.reviews.workflow.conflict import RECUSAL_PROPOSAL

MOST_NAMED = 3
"""So many members an applicant may name (D)."""


def name_member(declaration: Declaration, name: str, reason: str, *, actor: Any) -> NamedMember:
    """Ask that a member of the jury, or somebody of the office, keeps away from the own case. Raises NotAllowed or
    Blocked.
    """
    refused = access.names_members.why_not(actor, declaration)
    if refused:
        raise NotAllowed(*refused)
    with transaction.atomic():
        Declaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)
        name = normalise_name(name)
        named = declaration.named_members
        problems = []
        if named.count() >= MOST_NAMED:
            problems.append(Problem(_("At most {limit} people can be named.").format(limit=MOST_NAMED), field="name"))
        if named.filter(name=name).exists():
            problems.append(Problem(_("You have named this person already."), field="name"))
        if problems:
            raise Blocked(*problems)
        row = named.create(name=name, reason=reason)
        for user in members_of(declaration.committee.office_id, *OFFICE):
            if normalise_name(user.full_name) == name:
                case_recusals.propose(declaration, user, CaseRecusal.Source.NAMED, _asked(reason))
        for meeting in Meeting.objects.filter(status="approved", admissions__declaration=declaration):
            propose_from_data(meeting)
    return row


def _asked(reason: str) -> str:
    return f"申报人申请回避：{reason}"


def propose_from_data(meeting: Meeting) -> None:
    """Propose a recusal wherever an applicant named a called-up member, or an achievement mentions one (合作者)."""
    voters = meeting.attendees.filter(role=Attendee.Role.VOTER).select_related("member__user")
    members: dict[str, list[Any]] = {}
    for row in voters:
        members.setdefault(normalise_name(row.member.user.full_name), []).append(row.member)
    qualified = meeting.admissions.filter(exam_result=Admission.Result.QUALIFIED)
    people = {row.declaration_id: row for row in qualified.select_related("declaration__applicant")}
    prefetch_related_objects(list(people.values()), "declaration__achievements")
    for named in NamedMember.objects.filter(declaration__in=people):
        for member in members.get(named.name, ()):
            _propose(people[named.declaration_id], member, RecusalProposal.Source.NAMED, _asked(named.reason))
    for admission in people.values():
        for name in sorted(named_in_achievements(admission.declaration, set(members))):
            for member in members[name]:
                _propose(admission, member, RecusalProposal.Source.CO_AUTHOR, "业绩成果或代表作中列有此人")


def propose_by_rule(meeting: Meeting) -> None:
    """Recusals that follow by rule (回避): the applicant, of the same unit, or acted in the case."""
    voters = [row.member for row in meeting.attendees.filter(role=Attendee.Role.VOTER).select_related("member")]
    bodies = _bodies(voters)
    people = meeting.admissions.filter(exam_result=Admission.Result.QUALIFIED).select_related(
        "declaration__unit", "declaration__applicant", "declaration__recommendation"
    )
    rows = [
        Recusal(admission=admission, member=member, ground=ground, proposed_by_rule=True)
        for admission in people
        for member in voters
        if (ground := _ground(admission.declaration, member, bodies[member.user_id]))
    ]
    known = {member.pk for member in voters}
    Recusal.objects.filter(admission__meeting=meeting, proposed_by_rule=True).exclude(member__in=known).delete()
    Recusal.objects.bulk_create(rows, ignore_conflicts=True)


def _bodies(members: Iterable[CommitteeMember]) -> dict[int, set[str]]:
    """Names of the units each of these members belongs to, by user: of the committee's list, of the pool of experts, by
    a confirmed employment or a role in a unit.
    """
    found = {member.user_id: {member.unit} - {""} for member in members}
    places = (
        Expert.objects.filter(account__in=found).values_list("account", "unit"),
        Employment.objects.filter(person__user__in=found, status="confirmed").values_list("person__user", "unit__name"),
        Membership.objects.active()
        .filter(user__in=found, role__in=(Membership.Role.UNIT_CLERK, Membership.Role.UNIT_HEAD))
        .values_list("user", "organisation__name"),
    )
    for user, unit in (pair for rows in places for pair in rows):
        found[user].add(unit)
    return found


def _ground(declaration: Declaration, member: CommitteeMember, bodies: Collection[str]) -> str:
    """The ground as the minutes print it, in Chinese."""
    if member.user_id == declaration.applicant.user_id:
        return "本人申报"
    recommendation = getattr(declaration, "recommendation", None)
    if recommendation is not None and member.user_id in {recommendation.head_id, recommendation.clerk_id}:
        return "推荐单位经办或负责人"
    if member.user_id == declaration.handler_id:
        return EXAMINED
    if settings.PORTAL_RECUSE_SAME_UNIT and declaration.unit.name in bodies:
        return "与申报人同一单位"
    return ""


def _propose(admission: Admission, member: Any, source: str, ground: str) -> None:
    known = {"admission": admission, "member": member}
    stands = admission.recusals.filter(member=member).exists()
    if not stands and not RecusalProposal.objects.filter(**known, source=source).exists():
        RECUSAL_PROPOSAL.fire(RecusalProposal(**known, source=source, ground=ground[:200]), "propose", actor=SYSTEM)


def declare(attendee: Attendee, admission: int, *, conflict: bool, ground: str = "") -> None:
    """A juror's answer about one case, once. Raises NotAllowed (not one's case), or Blocked (answered already)."""
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=attendee.meeting_id)
        row = cases_of(attendee).filter(pk=admission).first()
        if row is None:
            raise NotAllowed(_("This is none of your cases."))
        problems = []
        if meeting.status not in ("approved", "in_session"):
            problems.append(Problem(_("The meeting is not ahead any more.")))
        if row.conflict_answers.filter(member=attendee.member_id).exists():
            problems.append(Problem(_("You have answered for this case already.")))
        if conflict and not ground.strip():
            problems.append(Problem(_("Please give the ground."), field="ground"))
        if problems:
            raise Blocked(*problems)
        ConflictAnswer.objects.create(
            admission=row, member=attendee.member, conflict=conflict, ground=ground.strip()[:200] if conflict else ""
        )
        if conflict:
            _propose(row, attendee.member, RecusalProposal.Source.DECLARED, f"本人申明：{ground.strip()}")


def declare_all(attendee: Attendee, shown: Iterable[int], *, conflicts: Mapping[int, str]) -> None:
    """A juror's answers about the cases shown (admissions) at once: a conflict with its ground, or none.

    Cases that were answered or went off the own list meanwhile are left out. Raises Blocked with the field to mend.
    """
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=attendee.meeting_id)
        if meeting.status not in ("approved", "in_session"):
            raise Blocked(Problem(_("The meeting is not ahead any more.")))
        bare = [pk for pk, ground in conflicts.items() if not ground.strip()]
        if bare:
            raise Blocked(*(Problem(_("Please give the ground."), field=f"ground-{pk}") for pk in bare))
        rows = list(undeclared_cases(attendee).filter(pk__in=list(shown)))
        grounds = {row.pk: conflicts[row.pk].strip()[:200] for row in rows if row.pk in conflicts}
        ConflictAnswer.objects.bulk_create(
            ConflictAnswer(
                admission=row, member=attendee.member, conflict=row.pk in grounds, ground=grounds.get(row.pk, "")
            )
            for row in rows
        )
        for row in rows:
            if row.pk in grounds:
                _propose(row, attendee.member, RecusalProposal.Source.DECLARED, f"本人申明：{grounds[row.pk]}")


def undeclared_cases(attendee: Attendee) -> Any:
    """The juror's cases without an answer so far."""
    return cases_of(attendee).exclude(conflict_answers__member=attendee.member_id)


def dossier_open(attendee: Attendee, admission: Admission) -> bool:
    """Whether the dossier lies open: the meeting is in session and "no conflict" was declared for this case."""
    answers = admission.conflict_answers.filter(member=attendee.member_id, conflict=False)
    return attendee.meeting.status == "in_session" and attendee.left_at is None and answers.exists()
