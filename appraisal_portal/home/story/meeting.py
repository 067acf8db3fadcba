"""A meeting of the story: prepared and applied for, approved by two people of the bureau, held with either ballot.

Everything goes through the services and tables the pages use. The caller travels in time: ``apply`` five
working days before ``meets_on``, ``approve`` before it, ``hold`` on the day.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from applications.models import Declaration
from appraisal_portal.accounts.models import Membership
from appraisal_portal.home.story import jury, panels
from appraisal_portal.home.story.actors import holder, juror, signer
from committees.plans.models import Channel, PlanLine, SeatKind
from committees.plans.services import standing
from committees.reviews.models import Admission, BallotRound, Meeting, ResultPublicity, RoundItem
from committees.reviews.rules import ballot as arithmetic
from committees.reviews.rules.conflict import undeclared
from committees.reviews.rules.presiding import may_preside
from committees.reviews.services import ballot as counting
from committees.reviews.services import ballot_box, draws
from committees.reviews.services import meeting as services
from committees.reviews.services.conflicts import declare_all, undeclared_cases
from committees.reviews.services.results import prepare_pre_review
from committees.reviews.workflow import BALLOT_ROUND, MEETING
from committees.reviews.workflow.results import RESULT_PUBLICITY

Role = Membership.Role
PASSED, NOT_PASSED, DEFERRED = "passed", "not_passed", "deferred"


def _clerk(meeting: Meeting) -> Any:
    """The clerk who prepared the meeting, acting for the committee's office."""
    user = meeting.prepared_by
    office = meeting.committee.office_id
    return user.act_as(user.memberships.filter(role=Role.OFFICE_CLERK, organisation=office).first())


def _director(meeting: Meeting) -> Any:
    return holder(Role.COMMITTEE_DIRECTOR, meeting.committee.office)


def prepare(
    city: Any,
    cycle: Any,
    line: PlanLine,
    declarations: Sequence[Declaration],
    meets_on: dt.date,
    *,
    method: str = Meeting.Method.VOTE,
) -> Meeting:
    """A draft for the line. Everybody examined is listed; ``declarations`` (may be empty) must be among them."""
    clerk = holder(Role.OFFICE_CLERK, line.committee.office)
    term = line.committee.term_on(meets_on)
    members = term.members_on(meets_on).count() if term else 1
    meeting = services.prepare(
        line,
        actor=clerk,
        kind=Meeting.Kind.REGULAR,
        meets_on=meets_on,
        meets_at=dt.time(9, 0),
        place="丽水市行政中心第三会议室",
        method=method,
        expected=max(1, members - 1),
        contact=clerk.full_name,
        phone="0578-2091234",
    )
    listed = {declaration.pk for declaration in services.roster.examined(meeting)}
    missing = [str(declaration) for declaration in declarations if declaration.pk not in listed]
    if missing:
        raise ValueError(f"not examined, so not on the roster: {', '.join(missing)}")
    return meeting


def apply(meeting: Meeting) -> Meeting:
    """Make the three papers of today and let the director sign and send the application; for urgently needed talent the
    office has named the standing body before."""
    if meeting.line.channel == Channel.SPECIAL:
        name_standing_body(meeting)
    services.make_papers(meeting, actor=_clerk(meeting))
    MEETING.fire(meeting, "apply", actor=_director(meeting), signed=True)
    return meeting


def name_standing_body(meeting: Meeting) -> None:
    """The first of the members and an observer, each for another kind."""
    people = standing.candidates(meeting.committee, meeting.meets_on)
    members = [user.pk for user, _words, member in people if member]
    kinds = (SeatKind.PANEL_HEAD, SeatKind.DEPARTMENT, SeatKind.INDUSTRY)
    observer = services.possible_observers()[0].pk
    standing.name_body(meeting.committee, {**dict(zip(members, kinds, strict=False)), observer: SeatKind.DISCIPLINE})


def send_back(meeting: Meeting, reason: str = "花名册中两人工作单位名称不一致，请核实后重新申请。") -> Meeting:
    """The reviewer sends the application back."""
    MEETING.fire(meeting, "send_back", actor=holder(Role.BUREAU_REVIEWER), reason=reason)
    return meeting


def propose(meeting: Meeting) -> Meeting:
    """The reviewer proposes approval."""
    MEETING.fire(meeting, "propose", actor=holder(Role.BUREAU_REVIEWER), content_hash=meeting.content_hash())
    return meeting


def approve(meeting: Meeting, *, by_draw: bool = False) -> Meeting:
    """The reviewer proposes (unless done), another person approves; the office then calls up the jury, ``by_draw``
    those of the pool who were drawn and accepted.
    """
    if meeting.status == Meeting.Status.APPLIED:
        propose(meeting)
    approver = holder(Role.BUREAU_APPROVER, but=meeting.proposed_by)
    MEETING.fire(meeting, "approve", actor=approver, content_hash=meeting.content_hash())
    if by_draw:
        jury.draw(meeting)
    call_up(meeting)
    if meeting.line.pre_review_days:
        show(meeting)
    return meeting


def show(meeting: Meeting) -> ResultPublicity:
    """Where the plan foresees it: the persons who go to the meeting are made public before it."""
    publicity = prepare_pre_review(
        meeting,
        user=_clerk(meeting),
        how="丽水市人力资源和社会保障局网站职称评审专栏",
        contact=meeting.contact,
        phone=meeting.phone,
    )
    RESULT_PUBLICITY.fire(publicity, "sign", actor=signer(publicity, meeting.committee.office))
    RESULT_PUBLICITY.fire(publicity, "start", actor=_clerk(meeting))
    return publicity


def call_up(meeting: Meeting) -> None:
    """All but one of the members, or whoever was drawn and accepted; one observer, two tellers."""
    drawn = draws.accepted(meeting)
    able = services.possible_voters(meeting)
    voters = able[: meeting.expected] if drawn is None else [one for one in able if one.user_id in drawn]
    services.call_up(
        meeting,
        actor=_clerk(meeting),
        voters=voters,
        observer=services.possible_observers()[0],
        tellers=services.possible_tellers(meeting)[:2],
    )


def observer_of(meeting: Meeting) -> Any:
    """The observer called up, acting as one."""
    user = meeting.attendees.select_related("user").get(role="observer").user
    return user.act_as(user.memberships.filter(role=Role.OBSERVER).first())


def declare_no_conflict(meeting: Meeting) -> None:
    """Every member in the room declares for all cases not answered so far."""
    for row in undeclared(meeting, [admission.pk for admission in counting.undecided(meeting)]):
        declare_all(row, undeclared_cases(row).values_list("pk", flat=True), conflicts={})


def announce(ballot: BallotRound) -> None:
    """Whoever may preside reads the result aloud: a director who keeps away from nobody on the sheet, else the member
    the opening found."""
    reader, office = may_preside(ballot)[0], ballot.meeting.committee.office_id
    directs = reader.memberships.filter(role=Role.COMMITTEE_DIRECTOR, organisation=office).first()
    actor = reader.act_as(directs) if directs else juror(ballot.presided_by)
    BALLOT_ROUND.fire(ballot, "announce", actor=actor)


def open_meeting(meeting: Meeting) -> Meeting:
    """Everybody called up signs in, the observer confirms, the clerk opens."""
    clerk = _clerk(meeting)
    services.sign_in(meeting, meeting.attendees.all(), actor=clerk)
    services.sign_attendance(meeting, observer=observer_of(meeting))
    MEETING.fire(meeting, "open", actor=clerk)
    return meeting


def votes(item: RoundItem, outcome: str) -> dict[str, int]:
    """A count of that outcome over the whole roll, with an abstention where the result allows one."""
    committee = item.round.meeting.committee
    needed = arithmetic.needed(item.roll, committee.pass_num, committee.pass_den)
    agree = min(item.roll, needed + item.admission.seq % 3) if outcome == PASSED else max(0, needed - 1)
    rest = item.roll - agree
    abstain = min(rest, item.admission.seq % 2)
    return {"agree": agree, "against": rest - abstain, "abstain": abstain, "invalid": 0}


def count(ballot: BallotRound, outcomes: Mapping[int, str]) -> None:
    """Both tellers enter the same count of every person who stands in the round."""
    tellers = [row.user for row in ballot.meeting.attendees.filter(role="teller").select_related("user")]
    for item in ballot.items.filter(void_reason="").select_related("admission", "round__meeting__committee"):
        numbers = votes(item, outcomes.get(item.admission.declaration_id, PASSED))
        for teller in tellers:
            counting.enter_count(ballot, item.admission, actor=teller, issued=item.roll, **numbers)


def cast(ballot: BallotRound, outcomes: Mapping[int, str]) -> None:
    """Every member casts a sheet; together they give the counts a paper round would have."""
    sheets: dict[int, dict[int, str]] = {}
    for item in ballot.items.select_related("admission", "round__meeting__committee"):
        numbers = votes(item, outcomes.get(item.admission.declaration_id, PASSED))
        choices = [("for", "agree"), ("against", "against"), ("abstain", "abstain")]
        given = [choice for choice, kind in choices for _one in range(numbers[kind])]
        entitled = list(
            ballot.roll.filter(admission=item.admission).order_by("member").values_list("member", flat=True)
        )
        turn = item.admission.seq % len(entitled)
        for member, choice in zip(entitled[turn:] + entitled[:turn], given, strict=True):
            sheets.setdefault(member, {})[item.admission_id] = choice
    for voter in ballot.voters.select_related("member__user"):
        ballot_box.cast(ballot, actor=juror(voter.member), choices=sheets[voter.member_id])


def vote(meeting: Meeting, outcomes: Mapping[int, str], *, electronic: bool = False) -> BallotRound:
    """One round on everybody undecided: counted twice and sealed by the observer, or cast by every member on the portal
    and sealed by the clerk."""
    clerk = _clerk(meeting)
    if electronic:
        declare_no_conflict(meeting)
        ballot = counting.open_round(meeting, actor=clerk, mode=BallotRound.Mode.ELECTRONIC)
        cast(ballot, outcomes)
        BALLOT_ROUND.fire(ballot, "seal_full", actor=clerk)
        announce(ballot)
        return ballot
    ballot = counting.open_round(meeting, actor=clerk)
    count(ballot, outcomes)
    BALLOT_ROUND.fire(ballot, "seal", actor=observer_of(meeting))
    announce(ballot)
    return ballot


def defer(meeting: Meeting, admission: Admission, reason: str = "未参加规定的答辩") -> None:
    """The committee does not decide on this person today."""
    MEETING.fire(meeting, "defer_person", actor=_director(meeting), admission=admission, reason=reason)


def hold(meeting: Meeting, outcomes: Mapping[int, str] | None = None, *, electronic: bool = False) -> Meeting:
    """The day of the meeting up to the locked results. ``outcomes``: declaration pk → passed, not_passed, deferred."""
    wanted = outcomes or {}
    with transaction.atomic():
        if not meeting.attendees.exists():
            call_up(meeting)
        open_meeting(meeting)
        if meeting.panels.exists():
            declare_no_conflict(meeting)
        for admission in meeting.admissions.filter(exam_result="qualified"):
            if wanted.get(admission.declaration_id) == DEFERRED:
                defer(meeting, admission)
            elif admission.panel_id:
                panels.advise(admission)
        if counting.undecided(meeting):
            vote(meeting, wanted, electronic=electronic)
        services.make_minutes(meeting, actor=_clerk(meeting))
        MEETING.fire(meeting, "lock_results", actor=signer(meeting, meeting.committee.office), signed=True)
    return meeting
