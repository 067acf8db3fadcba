"""Separation of duties (trust.md §2.3): the same person with both roles is refused by the table and by the database."""

from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from applications.models import CaseRecusal, Signature
from appraisal_portal.accounts.models import Membership, Organisation, User
from appraisal_portal.kernel import clock, differences
from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Workflow
from committees.plans import words
from committees.plans.models import CommitteeMember
from committees.reviews.models import Admission, Attendee, BallotRound, Recusal, RollEntry
from committees.reviews.rules.naming import said_to
from committees.reviews.services import conflicts
from committees.reviews.services import meeting as meetings
from committees.reviews.workflow.signers import signers
from tests.matrix.test_transitions import attempt
from tests.matrix.world import World

Role = Membership.Role
DECIDED_BY_TWO = sorted(model._meta.label for model in apps.get_models() if issubclass(model, TwoPerson))


@pytest.mark.parametrize("label", DECIDED_BY_TWO)
def test_every_entry_two_people_decide_on_has_words(world: World, label: str) -> None:
    """A refusal names what changed; no entry of a content would read as the name of a field."""
    row = world.tables[label]
    names = row.decision_content()
    assert names
    bare = [name for name in names if name not in words.NAMES and differences.label(type(row), name) is None]
    assert bare == []


def also(user: User, role: str, organisation: Organisation) -> User:
    """The same human being with a second role, acting in it; of the bureau's two the later one."""
    both = (Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER)
    if role in both:
        user.memberships.filter(role__in=both).update(withdrawn_at=clock.now())
    row = Membership.objects.create(user=user, role=role, organisation=organisation)
    again: User = User.objects.get(pk=user.pk)
    return again.act_as(row)


def refused_by_database(words: str) -> Any:
    """A block whose writes the database refuses with these words."""
    return pytest.raises(DatabaseError, match=words)


def allowed(world: World, label: str, name: str, actor: Any, row: Any = None) -> bool:
    """Whether the actor gets as far as the guards, from the first source of the row."""
    flow = Workflow.registry[label]
    answer = attempt(flow, row or world.tables[label], name, flow.transitions[name].sources[0], actor)
    assert answer in {Blocked, NotAllowed}
    return answer is Blocked


UNIT_STEPS = (
    ("return_by_unit", Role.UNIT_CLERK), ("verify", Role.UNIT_CLERK), ("recommend", Role.UNIT_HEAD),
    ("refuse_recommendation", Role.UNIT_HEAD),
)  # fmt: skip
OFFICE_STEPS = ("send_back_to_unit", "redirect", "accept", "readmit")


@pytest.mark.parametrize(("step", "role"), UNIT_STEPS)
def test_nobody_handles_the_own_declaration_in_the_unit(world: World, step: str, role: str) -> None:
    both = also(world.applicant(world.rows["with_unit"]), role, world.unit)
    assert not allowed(world, "applications.Declaration", step, both, world.rows["with_unit"])
    assert allowed(world, "applications.Declaration", step, both, world.rows["exam"]), "another person's is no problem"


@pytest.mark.parametrize("step", OFFICE_STEPS)
def test_nobody_handles_the_own_declaration_in_the_office(world: World, step: str) -> None:
    row = world.rows["forwarded"]
    clerk = also(world.applicant(row), Role.OFFICE_CLERK, row.committee.office)
    assert not allowed(world, "applications.Declaration", step, clerk, row)


def test_nobody_forwards_the_own_declaration(world: World) -> None:
    row = world.rows["recommended"]
    officer = also(world.applicant(row), Role.FORWARDER, world.unit.forwarder)
    assert not allowed(world, "applications.Declaration", "forward", officer, row)


def test_the_office_does_not_examine_people_of_the_own_unit(world: World) -> None:
    """Of the applicant's unit by role: accept is refused although the person is a clerk of the office."""
    row, clerk = world.rows["forwarded"], world.people["office_clerk_2"]
    assert allowed(world, "applications.Declaration", "accept", clerk, row)
    Membership.objects.create(user=clerk, role=Role.UNIT_CLERK, organisation=world.unit)
    again = User.objects.get(pk=clerk.pk).act_as(clerk.acting)
    assert not allowed(world, "applications.Declaration", "accept", again, row)


def test_who_verified_does_not_recommend(world: World) -> None:
    row = world.rows["shown"]
    head = also(world.people["unit_clerk"], Role.UNIT_HEAD, world.unit)
    assert not allowed(world, "applications.Declaration", "recommend", head, row)
    assert allowed(world, "applications.Declaration", "recommend", world.people["unit_head"], row)
    part = world.rows["recommended"].recommendation
    with refused_by_database("recommendation_two_people"), transaction.atomic():
        type(part).objects.filter(pk=part.pk).update(head=part.clerk_id)


def test_three_people_sign_2_9(world: World) -> None:
    """Applicant, verifier and head are three people: the database refuses a second mark of one person."""
    row = world.rows["shown"]
    undertaking = row.undertakings.filter(voided_at=None).get()
    verifier = undertaking.signatures.get(mark="verifier")
    with refused_by_database("three|different|person|people"), transaction.atomic():
        Signature.objects.create(
            undertaking=undertaking, mark="unit_head", user=verifier.user, text_sha256=verifier.text_sha256
        )


SIGNED = (("reviews.Meeting", "lock_results"), ("reviews.ResultPublicity", "sign"), ("reviews.ResultReport", "send"))


@pytest.mark.parametrize(("label", "step"), SIGNED)
def test_who_keeps_away_from_somebody_named_there_does_not_sign(world: World, label: str, step: str) -> None:
    """Decision 39: as somebody of the office, as a member of the committee, and only while the recusal stands."""
    row, director = world.tables[label], world.people["committee_director"]
    named = (row.admissions.filter(exam_result="qualified") if label == "reviews.Meeting" else row.items).first()
    deputy = also(world.people["office_clerk_2"], Role.COMMITTEE_DIRECTOR, director.acting.organisation)
    assert allowed(world, label, step, director)
    kept = CaseRecusal.objects.create(declaration=named.declaration, user=director, source="named", ground="申请回避")
    assert not allowed(world, label, step, director)
    assert signers(row) == [deputy]
    CaseRecusal.objects.filter(pk=kept.pk).update(status="refused")
    assert allowed(world, label, step, director)
    seat = CommitteeMember.objects.filter(term__committee__office=director.acting.organisation).first()
    assert seat is not None
    CommitteeMember.objects.filter(pk=seat.pk).update(user=director)
    admission = Admission.objects.filter(declaration=named.declaration).first()
    assert admission is not None
    Recusal.objects.create(admission=admission, member=seat, ground="师生")
    assert not allowed(world, label, step, director)
    assert allowed(world, label, step, deputy)
    assert said_to(deputy, named.declaration) == named.declaration.number
    assert said_to(director, named.declaration) == "您须回避的一件申报"


PROPOSED_THEN = (
    ("plans.ReviewPlan", "approve"), ("applications.Sanction", "decide"), ("reviews.Meeting", "approve"),
    ("reviews.ResultReport", "decide"), ("certificates.IssueDocument", "approve"),
    ("certificates.IssueBatch", "release"),
    ("certificates.Revocation", "decide"), ("certificates.Claim", "approve"),
    ("plans.CommitteeTerm", "approve"), ("plans.StandardVersion", "approve"),
    ("plans.Notice", "approve"),
)  # fmt: skip


@pytest.mark.parametrize(("label", "step"), PROPOSED_THEN)
def test_who_proposed_does_not_decide(world: World, label: str, step: str) -> None:
    reviewer = world.tables[label].proposed_by
    assert not allowed(world, label, step, also(reviewer, Role.BUREAU_APPROVER, world.city.bureau))
    assert allowed(world, label, step, world.people["bureau_approver"])


@pytest.mark.parametrize("label", DECIDED_BY_TWO)
def test_the_database_wants_two_people_over_one_content(world: World, label: str) -> None:
    row = world.tables[label]
    rows = type(row)._base_manager.filter(pk=row.pk)
    one = world.people["bureau_reviewer"]
    with refused_by_database("two_people"), transaction.atomic():
        rows.update(proposed_by=one, decided_by=one)
    with refused_by_database("same_content"), transaction.atomic():
        rows.update(proposed_hash="a" * 64, decided_hash="b" * 64)


def test_nobody_judges_an_objection_about_themselves_nor_decides_the_own_investigation(world: World) -> None:
    row = world.rows["objection"]
    concerned = also(world.applicant(row.item.declaration), Role.OFFICE_CLERK, row.item.declaration.committee.office)
    assert not allowed(world, "reviews.Objection", "admit", concerned)
    assert not allowed(world, "reviews.Objection", "record_as_report", concerned)
    handler = also(row.handler, Role.BUREAU_APPROVER, world.city.bureau)
    assert not allowed(world, "reviews.Objection", "dismiss", handler)
    assert not allowed(world, "reviews.Objection", "uphold", handler)


def test_nobody_decides_about_a_ban_of_their_own(world: World) -> None:
    person = world.rows["sanction"].person.user
    assert not allowed(world, "applications.Sanction", "open", also(person, Role.BUREAU_REVIEWER, world.city.bureau))
    assert not allowed(world, "applications.Sanction", "decide", also(person, Role.BUREAU_APPROVER, world.city.bureau))


def test_who_opens_a_round_does_not_watch_it(world: World) -> None:
    row = world.rows["round"]
    watching = also(row.opened_by, Role.OBSERVER, world.city.discipline)
    assert not allowed(world, "reviews.BallotRound", "seal", watching)
    opening = also(world.people["observer"], Role.OFFICE_CLERK, row.meeting.committee.office)
    assert not allowed(world, "reviews.BallotRound", "open", opening)
    with refused_by_database("round_two_people|sealed|round"), transaction.atomic():
        BallotRound.objects.filter(pk=row.pk).update(confirmed_by=row.opened_by)


def test_who_prepared_the_meeting_does_not_observe_it(world: World) -> None:
    row, clerk = world.rows["meeting_draft"], world.rows["meeting_draft"].prepared_by
    Membership.objects.create(user=clerk, role=Role.OBSERVER, organisation=world.city.discipline)
    with patch.object(meetings, "_locked", lambda meeting, *statuses: meeting), pytest.raises(Blocked) as refusal:
        meetings.call_up(
            row, actor=world.people["office_clerk"], voters=meetings.possible_voters(row), observer=clerk,
            tellers=meetings.possible_tellers(row)[:2],
        )  # fmt: skip
    assert [problem.field for problem in refusal.value.problems] == ["observer"]


def test_who_recommended_neither_votes_nor_stands_on_the_roll(world: World) -> None:
    """A juror who heads the recommending unit stands back by rule; the database keeps the roll free of them."""
    row = world.rows["meeting_public"]
    member = row.attendees.filter(role="voter").order_by("pk").first().member
    admission = row.admissions.filter(exam_result="qualified").order_by("seq").first()
    part = admission.declaration.recommendation
    type(part).objects.filter(pk=part.pk).update(head=member.user_id)
    conflicts.propose_by_rule(row)
    assert admission.recusals.filter(member=member, proposed_by_rule=True).exists()
    ballot = BallotRound.objects.create(meeting=row, number=9, members=15, quorum_num=2, quorum_den=3)
    with refused_by_database("stands back"), transaction.atomic():
        RollEntry.objects.create(round=ballot, admission=admission, member=member)


def test_who_prepared_the_meeting_counts_no_ballots(world: World) -> None:
    row = world.rows["meeting_draft"]
    with refused_by_database("did not prepare"), transaction.atomic():
        Attendee.objects.create(meeting=row, user=row.prepared_by, role="teller")


def test_nobody_confirms_the_own_employment(world: World) -> None:
    row = world.rows["employment"]
    clerk = also(row.person.user, Role.UNIT_CLERK, row.unit)
    assert not allowed(world, "accounts.Employment", "confirm", clerk)
    assert not allowed(world, "accounts.Employment", "refuse", clerk)


def test_who_runs_the_machines_holds_no_business_role(world: World) -> None:
    with refused_by_database("no other role"), transaction.atomic():
        Membership.objects.create(
            user=world.people["operator"], role=Role.BUREAU_REVIEWER, organisation=world.city.bureau
        )
