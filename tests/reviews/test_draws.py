"""The random draw: repeatable, stratified, confirmed by another person; answers, replacements, call-up."""

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal_portal.home.story import meeting as story
from appraisal_portal.kernel import clock as portal_clock
from appraisal_portal.kernel import outbox
from appraisal_portal.kernel.models import ChainEntry, Outbox
from appraisal_portal.kernel.workflow import Act, Blocked, NotAllowed
from committees.reviews.models import Draw, Meeting
from committees.reviews.rules import draw as rules
from committees.reviews.services import draws
from committees.reviews.services import meeting as meetings
from committees.reviews.workflow import MEETING
from committees.reviews.workflow.draw import DRAW, INVITATION
from tests.factories.experts import a_pool
from tests.factories.reviews import MONDAY, a_meeting
from tests.stage import begins_with, kept

RULE = {"wanted": 8, "specialties": {"森林培育": 3}, "per_unit": 0}
POOL = [(n, "甲乙丙"[n % 3], f"单位{n % 4}") for n in range(1, 21)]


def test_the_algorithm_is_the_published_one() -> None:
    """Worked out by hand from the text of decision 32: tickets in ascending order."""
    seed = "0" * 64
    tickets = sorted((hashlib.sha256(f"{seed}:{n}".encode()).hexdigest(), n) for n in range(1, 21))
    rule = {"wanted": 5, "specialties": {}, "per_unit": 0}
    assert rules.drawn(seed, POOL, rule) == [n for _ticket, n in tickets[:5]]
    assert rules.drawn(seed, reversed(POOL), rule) == rules.drawn(seed, POOL, rule), "the order of the pool is nothing"


@given(
    seed=st.text("0123456789abcdef", min_size=64, max_size=64), wanted=st.integers(1, 25), of=st.integers(0, 9),
    per_unit=st.integers(0, 6),
)  # fmt: skip
@settings(deadline=None)  # how long an example takes is the machine's business
def test_every_draw_keeps_its_rule(seed: str, wanted: int, of: int, per_unit: int) -> None:
    rule = {"wanted": wanted, "specialties": {"甲": of}, "per_unit": per_unit}
    found = rules.drawn(seed, POOL, rule)
    assert found == rules.drawn(seed, POOL, rule)
    assert len(found) == len(set(found)) <= wanted
    people = {row[0]: row for row in POOL}
    units = [people[n][2] for n in found]
    assert not per_unit or max(map(units.count, units)) <= per_unit
    short = [problem.field for problem in rules.short_of(POOL, found, rule)]
    assert ("wanted" in short) is (len(found) < wanted)
    assert ("specialties" in short) is (sum(people[n][1] == "甲" for n in found) < of)


@kept
def an_approved_meeting() -> tuple[Meeting, Any, Any]:
    """A meeting the bureau approved, its pool, clerk and director; the jury is not called up yet."""
    with portal_clock.travel(MONDAY):
        _city, _cycle, meeting, _rows = a_meeting(2, refused=0)
        story.apply(meeting)
        story.propose(meeting)
        approver = story.holder("bureau_approver", but=meeting.proposed_by)
        MEETING.fire(meeting, "approve", actor=approver, content_hash=meeting.content_hash())
        clerk = story._clerk(meeting)
        a_pool(meeting, clerk=clerk)
    return meeting, clerk, story._director(meeting)


pytestmark = begins_with(an_approved_meeting)


@pytest.fixture
def approved(db: None, clock: Callable[[dt.date], Any]) -> tuple[Meeting, Any, Any]:
    """That Monday."""
    clock(MONDAY)
    return an_approved_meeting()


def confirmed(meeting: Meeting, clerk: Any, director: Any, rule: dict[str, Any] = RULE) -> Draw:
    draw = draws.make(meeting, rule, actor=clerk)
    DRAW.fire(draw, "confirm", actor=director)
    return draw


def test_a_draw_can_be_run_again_from_its_record(approved: tuple[Meeting, Any, Any]) -> None:
    meeting, clerk, _director = approved
    draw = draws.make(meeting, RULE, actor=clerk)
    record = draw.records.get(transition="draw")
    assert record.data["drawn"] == rules.drawn(record.data["seed"], draw.population, draw.rule) == draw.drawn
    assert [row[0] for row in draw.population] == sorted(row[0] for row in draw.population)
    for change in ({"seed": "1" * 64}, {"drawn": []}, {"population": []}):
        with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
            Draw.objects.filter(pk=draw.pk).update(**change)


def test_the_seed_stands_in_the_hash_chain(transactional_db: None, clock: Callable[[dt.date], Any]) -> None:
    clock(MONDAY)
    _city, _cycle, meeting, _rows = a_meeting(1, refused=0)
    story.apply(meeting)
    story.propose(meeting)
    approver = story.holder("bureau_approver", but=meeting.proposed_by)
    MEETING.fire(meeting, "approve", actor=approver, content_hash=meeting.content_hash())
    a_pool(meeting, clerk=story._clerk(meeting))
    draw = draws.make(meeting, RULE, actor=story._clerk(meeting))
    assert draw.seed in ChainEntry.objects.get(table_name="reviews_drawrecord").payload


def test_who_draws_does_not_confirm(approved: tuple[Meeting, Any, Any]) -> None:
    """``meeting_is_ahead`` and ``same_when_run_again`` guard it, the database keeps the two people apart."""
    meeting, clerk, director = approved
    draw = draws.make(meeting, RULE, actor=clerk)
    with pytest.raises(NotAllowed):
        DRAW.fire(draw, "confirm", actor=clerk)
    with pytest.raises(IntegrityError, match="draw_two_people"), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(confirmed_by=clerk, status="confirmed")
    with pytest.raises(Blocked, match="已有一次抽取待确认"):
        draws.make(meeting, RULE, actor=clerk)
    DRAW.fire(draw, "set_aside", actor=director, reason="专业比例不符")
    assert not draw.invitations.exists()
    again = draws.make(meeting, RULE, actor=clerk)
    assert (again.number, len(again.population)) == (2, 15)


def test_a_draw_that_does_not_come_out_again_is_not_confirmed(approved: tuple[Meeting, Any, Any]) -> None:
    meeting, clerk, director = approved
    draw = draws.make(meeting, RULE, actor=clerk)
    act = Act(director, DRAW.transitions["confirm"])
    assert [*rules.same_when_run_again(draw, act), *rules.meeting_is_ahead(draw, act)] == []
    draw.drawn = list(reversed(draw.drawn))
    assert "结果不一致" in str(next(rules.same_when_run_again(draw, act)))
    draw.meeting.status = "decided"
    assert "会议已不在待开状态" in str(next(rules.meeting_is_ahead(draw, act)))


def test_short_of_a_specialty_is_an_error_in_words(approved: tuple[Meeting, Any, Any]) -> None:
    meeting, clerk, _director = approved
    with pytest.raises(Blocked, match="还差 2 人"):
        draws.make(meeting, {"wanted": 12, "specialties": {"园林": 7}, "per_unit": 0}, actor=clerk)
    with pytest.raises(Blocked, match="只能抽出 5 人"):
        draws.make(meeting, {"wanted": 8, "specialties": {}, "per_unit": 1}, actor=clerk)
    assert not Draw.objects.exists()


def test_answers_replacements_and_the_call_up(approved: tuple[Meeting, Any, Any]) -> None:
    """From the invitation to the jury: who declines is replaced, only who accepted is called up."""
    meeting, clerk, director = approved
    draw = confirmed(meeting, clerk, director, {**RULE, "wanted": meeting.expected})
    told = Outbox.objects.filter(kind="message", key__startswith="reviews_invitationrecord")
    assert told.count() == meeting.expected
    first, *rest = draw.invitations.select_related("expert__account").order_by("pk")
    stranger = rest[0].expert.account
    with pytest.raises(NotAllowed):
        INVITATION.fire(first, "accept", actor=stranger)
    with pytest.raises(Blocked, match="理由|原因"):
        INVITATION.fire(first, "decline", actor=first.expert.account)
    INVITATION.fire(first, "decline", actor=first.expert.account, reason="出差")
    for row in rest:
        INVITATION.fire(row, "accept", actor=row.expert.account)
    assert draws.open_places(meeting) == 1
    second = confirmed(meeting, clerk, director, {"wanted": 1, "specialties": {}, "per_unit": 0})
    assert first.expert_id not in [row[0] for row in second.population]
    voters = meetings.possible_voters(meeting)
    with pytest.raises(Blocked, match="未被抽中或尚未接受邀请"):
        meetings.call_up(
            meeting, actor=clerk, voters=voters, observer=meetings.possible_observers()[0],
            tellers=meetings.possible_tellers(meeting)[:2],
        )  # fmt: skip
    new = second.invitations.get()
    INVITATION.fire(new, "accept", actor=new.expert.account)
    accepted = draws.accepted(meeting)
    meetings.call_up(
        meeting, actor=clerk, voters=[member for member in voters if member.user_id in accepted],
        observer=meetings.possible_observers()[0], tellers=meetings.possible_tellers(meeting)[:2],
    )  # fmt: skip
    assert meeting.attendees.filter(role="voter").count() == meeting.expected


def test_pages_of_office_and_expert(approved: tuple[Meeting, Any, Any]) -> None:
    meeting, clerk, director = approved
    desk = Client()
    desk.force_login(clerk)
    url = reverse("reviews:meeting-draws", args=[meeting.pk])
    call_up = reverse("reviews:meeting-call-up", args=[meeting.pk])
    assert f'<a href="{url}">从专家库中抽取</a>' in desk.get(call_up).content.decode()
    assert "可抽取 15 人" in desk.get(url).content.decode()
    wrong = desk.post(url, {"wanted": 8, "specialties": "森林 3\n园林 九", "per_unit": 0})
    assert wrong.status_code == 422
    assert "专家库中没有“森林”专业的专家" in wrong.content.decode()
    draw_url = desk.post(url, {"wanted": 8, "specialties": "园林 3\n森林培育：2", "per_unit": 3}).url
    page = desk.get(draw_url).content.decode()
    draw = Draw.objects.get()
    assert draw.seed in page
    assert "结果一致" in page
    assert "确认抽取结果" not in page, "who draws has no button to confirm"
    boss = Client()
    boss.force_login(director)
    assert "确认抽取结果" in boss.get(draw_url).content.decode()
    DRAW.fire(draw, "confirm", actor=director)
    row = draw.invitations.select_related("expert__account").first()
    juror = Client()
    juror.force_login(row.expert.account)
    for waiting in Outbox.objects.filter(payload__user=row.expert.account.pk):
        outbox.deliver(waiting.kind, waiting.key)
    mine = juror.get(reverse("reviews:call-up-list")).content.decode()
    assert "接受邀请" in mine
    others = [other.expert.name for other in draw.invitations.exclude(pk=row.pk).select_related("expert")]
    assert not [name for name in others if name in mine], "who else is invited stays secret"
    juror.post(reverse("reviews:invitation-do", args=[row.pk, "accept"]), {"seen_status": "invited"})
    row.refresh_from_db()
    assert row.status == "accepted"
    page = desk.get(call_up).content.decode()
    assert "还有 7 位抽中的专家没有答复" in page
    assert page.count('name="voters"') == 1, "only who accepted can be called up"
    assert juror.get(draw_url).status_code in {403, 404}
