"""What the portal's records say of one committee's year; opening a check, taking the evidence anew, judging items."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext as _

from applications.models import Declaration, Sanction, SpotCheckItem
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.workflow import Blocked, Problem, WrongState
from appraisal_portal.supervision import rules
from appraisal_portal.supervision.models import SupervisionCheck, SupervisionItem
from appraisal_portal.supervision.workflow import SUPERVISION_CHECK
from certificates.models import Certificate
from committees.plans.models import Channel, Committee, CommitteeScope
from committees.plans.rules import rule_set
from committees.reviews.models import Admission, Meeting, Objection, ReportItem, ResultPublicity
from committees.reviews.rules import ballot
from committees.reviews.rules.meeting import lead_days

_HELD = ("in_session", "decided")
_OUTSIDE_SCOPE = (Channel.SPECIAL, Channel.AUTONOMOUS)


def _meetings(committee: Committee, year: int) -> list[rules.MeetingFact]:
    held = (
        Meeting.objects.filter(committee=committee, line__plan__year=year, status__in=_HELD)
        .select_related("term", "line", "committee")
        .annotate(
            present=Count(
                "attendees", filter=Q(attendees__role="voter", attendees__signed_in_at__isnull=False), distinct=True
            ),
            undecided=Count(
                "admissions__recusal_proposals", filter=Q(admissions__recusal_proposals__status="open"), distinct=True
            ),
        )
        .order_by("meets_on", "pk")
    )
    return [_meeting(meeting) for meeting in held]


def _meeting(meeting: Any) -> rules.MeetingFact:
    committee, members = meeting.committee, ballot.members_on_day(meeting)
    chosen = rule_set(meeting.line.rule_set)
    approved = meeting.term.status in ("approved", "published")
    return rules.MeetingFact(
        name=f"{meeting.meets_on:%Y-%m-%d}",
        meets_on=meeting.meets_on,
        applied_on=meeting.applied_on,
        approved_on=meeting.approved_on,
        term=(meeting.term.starts_on, meeting.term.ends_on) if approved else None,
        members=members,
        smallest=max(committee.member_count_min, chosen.members.get(committee.top_level, 0) if chosen else 0),
        odd=bool(chosen and chosen.odd),
        present=meeting.present,
        quorum=ballot.needed(members, committee.quorum_num, committee.quorum_den),
        recusals_open=meeting.undecided,
        lead_days=lead_days(meeting.applied_on or meeting.meets_on),
    )


def _publicities(committee: Committee, year: int) -> list[rules.PublicityFact]:
    lists = ResultPublicity.objects.filter(
        meeting__committee=committee, meeting__line__plan__year=year, kind="result", ends_on__isnull=False
    ).select_related("meeting__line", "meeting__committee")
    reported = dict(
        ReportItem.objects.filter(publicity_item__publicity__in=lists, report__sent_on__isnull=False)
        .order_by()
        .values_list("publicity_item__publicity")
        .annotate(first=Min("report__sent_on"))
    )
    return [
        rules.PublicityFact(
            name=f"{row.meeting.meets_on:%Y-%m-%d}",
            days=row.working_days,
            planned=row.days_of_the_plan,
            ends_on=row.ends_on,
            reported_on=reported.get(row.pk),
        )
        for row in lists.order_by("pk")
    ]


def _objections(committee: Committee, year: int) -> list[rules.ObjectionFact]:
    found = (
        Objection.objects.filter(
            item__publicity__meeting__committee=committee,
            item__publicity__meeting__line__plan__year=year,
            ends_on__isnull=False,
        )
        .annotate(concluded=Max("records__at", filter=Q(records__transition="conclude")))
        .order_by("pk")
    )
    return [
        rules.ObjectionFact(
            code=row.code,
            due=row.ends_on,
            concluded_on=clock.local(row.concluded).date() if row.concluded else None,
            upheld=row.status == Objection.Status.UPHELD,
        )
        for row in found
    ]


def _versions(declarations: Any) -> list[rules.VersionFact]:
    used = (
        declarations.filter(standard_version__isnull=False, submitted_at__isnull=False)
        .order_by()
        .values(
            "standard_version", "standard_version__version", "standard_version__standard__series__name",
            "standard_version__decided_at",
        )
        .annotate(first=Min("submitted_at"))
        .order_by("standard_version")
    )  # fmt: skip
    return [
        rules.VersionFact(
            name=f"{row['standard_version__standard__series__name']} v{row['standard_version__version']}",
            approved_on=clock.local(at).date() if (at := row["standard_version__decided_at"]) else None,
            first_used=clock.local(row["first"]).date(),
        )
        for row in used
    ]


def _outside(committee: Committee, year: int) -> tuple[int, list[str]]:
    """How many people stood on rosters, and the numbers of those no scope covered when the roster was applied for."""
    scopes = list(committee.scopes.all())
    rows = (
        Admission.objects.filter(
            meeting__committee=committee, meeting__line__plan__year=year, meeting__status__in=_HELD,
            exam_result="qualified",
        )
        .exclude(meeting__line__channel__in=_OUTSIDE_SCOPE)
        .select_related("declaration__unit", "meeting__line")
        .order_by("declaration__number")
    )  # fmt: skip
    outside, people = [], 0
    for row in rows:
        people += 1
        said, line = row.declaration, row.meeting.line
        action = CommitteeScope.Action.RECOMMEND if line.channel == Channel.RECOMMEND else CommitteeScope.Action.REVIEW
        day = row.meeting.applied_on or row.meeting.meets_on
        if not any(
            scope.action == action
            and scope.covers(said.series_id, said.subfield_id, line.level, said.unit.scope_kind, day)
            for scope in scopes
        ):
            outside.append(said.number)
    return people, outside


def facts_of(committee: Committee, year: int) -> rules.Facts:
    """Everything the checklist is judged by. A dozen queries, whatever the number of people."""
    declarations = Declaration.objects.filter(committee=committee, line__plan__year=year, number__isnull=False)
    sampled = SpotCheckItem.objects.filter(declaration__in=declarations)
    people, outside = _outside(committee, year)
    bans = Sanction.objects.filter(declaration__in=declarations, status__in=("in_force", "lifted"))
    revoked = Certificate.objects.filter(declaration__in=declarations, status="revoked")
    return rules.Facts(
        today=clock.today(),
        meetings=_meetings(committee, year),
        publicities=_publicities(committee, year),
        objections=_objections(committee, year),
        versions=_versions(declarations),
        people=people,
        outside=outside,
        sampled=sampled.exclude(status="pending").count(),
        defects=list(
            sampled.exclude(status__in=("pending", "clear"))
            .order_by("declaration__number")
            .values_list("declaration__number", flat=True)
        ),
        banned=list(bans.order_by("pk").values_list("declaration__number", flat=True)),
        revoked=list(revoked.order_by("pk").values_list("number", flat=True)),
    )


@transaction.atomic
def open_check(committee: Committee, year: int, *, actor: Any, address: str | None = None) -> SupervisionCheck:
    """Open the check of a committee's year with what the records say. Raises Refused."""
    Committee.objects.select_for_update(of=("self",)).get(pk=committee.pk)  # two clicks, one check
    check = SupervisionCheck(committee=committee, year=year, opened_on=clock.today())
    SUPERVISION_CHECK.fire(check, "open", actor=actor, address=address)
    _take(check)
    return check


@transaction.atomic
def take_anew(check: SupervisionCheck) -> None:
    """The records of now instead of those of before; what was judged already stays. Raises WrongState."""
    locked = SupervisionCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if locked.status != SupervisionCheck.Status.OPEN:
        raise WrongState(_("The findings have been sent: the evidence stays as it was."))
    _take(locked)


def _take(check: SupervisionCheck) -> None:
    facts = facts_of(check.committee, check.year)
    for code, item in rules.ITEMS.items():
        computed, evidence = item.judge(facts)
        taken = {"computed": computed, "evidence": evidence}
        SupervisionItem.objects.update_or_create(check_of=check, code=code, defaults=taken)
    SupervisionCheck.objects.filter(pk=check.pk).update(computed_at=clock.now())


@transaction.atomic
def judge(check: SupervisionCheck, judged: Mapping[str, tuple[str, str]]) -> None:
    """Store what a reviewer found: code → (finding, note). A defect says in words what it is. Raises Refused."""
    locked = SupervisionCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if locked.status != SupervisionCheck.Status.OPEN:
        raise WrongState(_("The findings have been sent: they stay as they were."))
    silent = [
        Problem(_("{item}: say what the defect is.").format(item=rules.ITEMS[code].label), field=f"note_{code}")
        for code, (finding, note) in judged.items()
        if finding == SupervisionItem.Finding.DEFECT and not note.strip()
    ]
    if silent:
        raise Blocked(*silent)
    for code, (finding, note) in judged.items():
        locked.items.filter(code=code).update(finding=finding, note=note.strip())
