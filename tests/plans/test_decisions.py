"""The table of the bureau's decisions: every guard once passing and once failing, two people over one content."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from appraisal_portal.home.story.cycle import decide
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, WrongState
from committees.plans import rules, services
from committees.plans.models import Committee, CommitteeMember, CommitteeTerm, PlanLine, ReviewPlan, Standard
from committees.plans.workflow import COMMITTEE, COMMITTEE_TERM, NOTICE, REVIEW_PLAN, STANDARD_VERSION
from tests.factories.plans import days

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(forestry):
    """City, cycle of the forestry committee, and who acts."""
    city, cycle = forestry
    return city, cycle, city.user("bureau_reviewer"), city.user("bureau_approver")


def refused(table, row, name, actor, **data):
    with pytest.raises(Blocked) as caught:
        table.fire(row, name, actor=actor, **data)
    return [problem.field for problem in caught.value.problems]


def next_plan(cycle):
    return services.copy_plan(cycle.plan, cycle.year)


# -- plan


def test_a_new_version_supersedes_the_plan_and_opens_the_same_lines(told):
    city, cycle, reviewer, approver = told
    plan = next_plan(cycle)
    assert plan.version == 2
    decide(REVIEW_PLAN, plan, owner=reviewer, reviewer=reviewer, approver=approver)
    connection.check_constraints()
    cycle.plan.refresh_from_db()
    assert cycle.plan.status == "superseded"
    record = cycle.plan.records.get(transition="supersede")
    assert record.cause_id == plan.records.get(transition="approve").pk
    open_lines = PlanLine.objects.open_for(clock.today(), committee=cycle.committee("109"), level="intermediate")
    assert {line.plan_id for line in open_lines} == {plan.pk}
    with pytest.raises(NotAllowed):
        REVIEW_PLAN.fire(plan, "supersede", actor=approver)
    assert city


def test_only_one_plan_of_a_year_is_in_force(told):
    _city, cycle, *_people = told

    @transaction.atomic
    def two_in_force():
        ReviewPlan.objects.create(year=cycle.year, version=9, status="approved")
        connection.check_constraints()

    with pytest.raises(IntegrityError, match="plan_one_in_force"):
        two_in_force()
    with pytest.raises(IntegrityError, match="plan_version_once"), transaction.atomic():
        ReviewPlan.objects.create(year=cycle.year, version=1)


def test_two_people_who_draw_the_same_version_are_told(told, monkeypatch):
    _city, cycle, *_people = told
    monkeypatch.setattr("committees.plans.services.drafts._next", lambda rows: 1)
    with pytest.raises(Blocked):
        services.draft_plan(cycle.year)
    assert ReviewPlan.objects.filter(year=cycle.year).count() == 1


def test_an_empty_plan_is_not_submitted(told):
    _city, cycle, reviewer, _approver = told
    assert refused(REVIEW_PLAN, services.draft_plan(cycle.year + 1), "submit", reviewer) == ["lines"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"unit_deadline": dt.timedelta(days=-1)}, "unit_deadline"),
        ({"meeting_month": dt.timedelta(days=-62)}, "meeting_month"),
    ],
)
def test_windows_stand_in_order(told, change, field):
    _city, cycle, reviewer, _approver = told
    plan = next_plan(cycle)
    line = plan.lines.first()
    for name, shift in change.items():
        setattr(line, name, line.closes_on + shift)
    services.save_line(line)
    assert refused(REVIEW_PLAN, plan, "submit", reviewer) == [field]


def test_windows_of_two_years_do_not_overlap_and_every_reason_comes_at_once(told):
    """``windows_apart``: refused with the other plan and its days; the unit's day before the end is told as well."""
    _city, cycle, reviewer, _approver = told
    plan = services.copy_plan(cycle.plan, cycle.year + 1)
    plan.lines.update(dates_to_confirm=False)
    old = cycle.plan.lines.get(committee__code="109", channel="regular", level="intermediate")
    line = plan.lines.get(committee__code="109", channel="regular", level="intermediate")
    line.opens_on, line.unit_deadline = old.last_day, line.closes_on - days(1)
    services.save_line(line)
    with pytest.raises(Blocked) as caught:
        REVIEW_PLAN.fire(plan, "submit", actor=reviewer)
    assert [problem.field for problem in caught.value.problems] == ["unit_deadline", "opens_on"]
    assert f"{cycle.year}年度评审计划" in str(caught.value)
    assert f"{old.last_day}" in str(caught.value)
    line.opens_on, line.unit_deadline = old.last_day + days(1), line.closes_on
    services.save_line(line)
    REVIEW_PLAN.fire(plan, "submit", actor=reviewer)


def test_rule_set_scope_and_committee_are_judged(told):
    _city, cycle, reviewer, approver = told
    plan = next_plan(cycle)
    line = plan.lines.get(channel="regular")
    line.rule_set = "2018"
    services.save_line(line)
    assert refused(REVIEW_PLAN, plan, "submit", reviewer) == ["rule_set"]
    line.rule_set, line.level = "2019", "technician"
    services.save_line(line)
    assert refused(REVIEW_PLAN, plan, "submit", reviewer) == ["committee"]
    line.channel = "special"  # case by case: outside the scopes
    services.save_line(line)
    REVIEW_PLAN.fire(plan, "submit", actor=reviewer)
    REVIEW_PLAN.fire(plan, "propose", actor=reviewer, content_hash=plan.content_hash())
    COMMITTEE.fire(line.committee, "suspend", actor=approver, reason="违规评审")
    assert set(refused(REVIEW_PLAN, plan, "approve", approver, content_hash=plan.content_hash())) == {"committee"}
    assert not PlanLine.objects.open_for(clock.today(), committee=line.committee).exists()
    COMMITTEE.fire(line.committee, "restore", actor=approver, reason="整改完成")
    REVIEW_PLAN.fire(plan, "approve", actor=approver, content_hash=plan.content_hash())


def test_lines_have_database_constraints(told):
    _city, cycle, *_people = told
    plan = next_plan(cycle)
    line = plan.lines.first()
    for change, name in (
        ({"closes_on": line.opens_on - days(1)}, "plan_line_window"),
        ({"unit_publicity_days": 0}, "plan_line_days"),
        ({"unit_deadline": line.opens_on - days(1)}, "plan_line_unit_deadline"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            PlanLine.objects.filter(pk=line.pk).update(**change)
    line.pk = None
    line._state.adding = True
    with pytest.raises(IntegrityError, match="plan_line_once"), transaction.atomic():
        line.save()


def test_a_submitted_plan_cannot_be_edited_and_publishing_needs_approval(told):
    _city, cycle, reviewer, _approver = told
    plan = next_plan(cycle)
    line = plan.lines.first()
    with pytest.raises(WrongState):
        REVIEW_PLAN.fire(plan, "publish", actor=reviewer)
    REVIEW_PLAN.fire(plan, "submit", actor=reviewer)
    for refuse in (services.save_line, services.remove_line):
        with pytest.raises(Blocked):
            refuse(line)


def test_a_committee_outside_the_plan_has_no_open_line(told):
    _city, _cycle, *_people = told
    other = Committee.objects.get(code="201")
    assert not PlanLine.objects.open_for(clock.today(), committee=other).exists()


# -- two people over one content


def test_the_same_person_never_decides_twice(told):
    city, cycle, reviewer, approver = told
    notice = services.draft_notice(None, "标题", "正文")
    NOTICE.fire(notice, "submit", actor=reviewer)
    NOTICE.fire(notice, "propose", actor=reviewer, content_hash=notice.content_hash())
    with pytest.raises(NotAllowed):
        NOTICE.fire(notice, "approve", actor=reviewer, content_hash=notice.content_hash())
    # Nobody holds both roles on one day; who changes sides still decides nothing proposed before.
    today = clock.today()
    reviewer.memberships.filter(role="bureau_reviewer").update(ends_on=today - dt.timedelta(days=1))
    second_role = reviewer.memberships.create(role="bureau_approver", organisation=city.bureau, starts_on=today)
    both = type(reviewer).objects.get(pk=reviewer.pk).act_as(second_role)
    with pytest.raises(NotAllowed, match="another person|另一"):
        NOTICE.fire(notice, "approve", actor=both, content_hash=notice.content_hash())
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        type(notice).objects.filter(pk=notice.pk).update(decided_by=reviewer)
    NOTICE.fire(notice, "approve", actor=approver, content_hash=notice.content_hash())
    assert cycle


def test_nobody_decides_what_they_did_not_see(told):
    _city, _cycle, reviewer, approver = told
    notice = services.draft_notice(None, "标题", "正文")
    NOTICE.fire(notice, "submit", actor=reviewer)
    assert refused(NOTICE, notice, "propose", reviewer, content_hash="another") == [""]
    NOTICE.fire(notice, "propose", actor=reviewer, content_hash=notice.content_hash())
    type(notice).objects.filter(pk=notice.pk).update(body="改过的正文")
    notice.refresh_from_db()
    assert refused(NOTICE, notice, "approve", approver, content_hash=notice.content_hash()) == [""]
    NOTICE.fire(notice, "send_back", actor=approver, reason="请核对正文")
    assert notice.status == "returned"
    NOTICE.fire(notice, "submit", actor=reviewer)


def test_sending_back_needs_a_reason_and_the_right_person(told):
    _city, _cycle, reviewer, approver = told
    notice = services.draft_notice(None, "标题", "正文")
    NOTICE.fire(notice, "submit", actor=reviewer)
    with pytest.raises(NotAllowed):
        NOTICE.fire(notice, "send_back", actor=approver, reason="不对")
    assert refused(NOTICE, notice, "send_back", reviewer) == ["reason"]


def test_a_notice_without_text_stays_a_draft(told):
    city, cycle, *_people = told
    director = city.user("committee_director", "forestry")
    notice = services.draft_notice(cycle.committee("109"), " ", "")
    assert refused(NOTICE, notice, "submit", director) == ["title", "body"]
    for stranger in (city.user("committee_director", "water"), city.user("office_clerk", "forestry")):
        with pytest.raises(NotAllowed):
            NOTICE.fire(notice, "submit", actor=stranger)


# -- terms


def a_term(city, cycle, *, members=15, chair=True, starts_on=None, years=1, document="丽人社备案"):
    start = starts_on or cycle.term("109").ends_on + days(1)
    jurors = city.users("juror", "forestry")[:members]
    seats = [
        (user, CommitteeMember.Office.CHAIR if chair and not place else CommitteeMember.Office.MEMBER, "", "")
        for place, user in enumerate(jurors)
    ]
    last = start.replace(year=start.year + years) - days(1)
    return services.draft_term(cycle.committee("109"), start, last, approval_document=document, members=seats)


def test_a_good_term_is_submitted_by_the_director(told):
    city, cycle, *_people = told
    term = a_term(city, cycle, years=3)
    with pytest.raises(NotAllowed):
        COMMITTEE_TERM.fire(term, "submit", actor=city.user("office_clerk", "forestry"))
    COMMITTEE_TERM.fire(term, "submit", actor=city.user("committee_director", "forestry"))


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({"members": 0}, ["members", "members", "members"]),  # nobody, no chair, too few (0 is even, too)
        ({"chair": False}, ["members"]),
        ({"members": 5}, ["members"]),
        ({"members": 14}, ["members"]),
        ({"years": 4}, ["ends_on"]),
        ({"document": ""}, ["approval_document"]),
    ],
)
def test_what_stops_a_term(told, options, fields):
    city, cycle, *_people = told
    found = refused(
        COMMITTEE_TERM, a_term(city, cycle, **options), "submit", city.user("committee_director", "forestry")
    )
    assert found[: len(fields)] == fields


def test_an_even_committee_was_no_problem_in_2018(told):
    city, cycle, *_people = told
    term = a_term(city, cycle, members=14, starts_on=dt.date(2018, 3, 1))
    assert list(rules.size_in_rule_set(term, None)) == []


def test_a_committee_of_wrong_size_whose_term_has_expired_is_refused_with_every_reason_at_once(told):
    """``term_not_over`` with size, chair and length (issue 5, bad input): whoever submits reads all of it in one go."""
    city, cycle, *_people = told
    term = a_term(city, cycle, members=4, chair=False, years=4, starts_on=dt.date(2020, 3, 1))
    with pytest.raises(Blocked) as caught:
        COMMITTEE_TERM.fire(term, "submit", actor=city.user("committee_director", "forestry"))
    said = "\n".join(str(problem) for problem in caught.value.problems)
    for words in (
        "有且只有一名主任委员",
        "评委会只有 4 名委员",
        "（4）应当为单数",
        "每届不超过 3 年",
        "届期已于 2024-02-29（周四）届满",
    ):
        assert words in said
    assert term.status == "draft"


def test_terms_do_not_overlap(told):
    city, cycle, *_people = told
    director = city.user("committee_director", "forestry")
    term = a_term(city, cycle, starts_on=clock.today() + days(30))
    assert refused(COMMITTEE_TERM, term, "submit", director) == ["starts_on"]
    with pytest.raises(IntegrityError, match="term_once"), transaction.atomic():
        CommitteeTerm.objects.create(
            committee=term.committee, starts_on=term.starts_on, ends_on=term.ends_on, status="approved"
        )
    assert cycle.committee("109").quorum(15) == 10


# -- standards


def a_version(cycle, effective_from, **content):
    old = cycle.standard("109")
    content = {"summary": "新标准", "evidence_required": old.evidence_required, **content}
    return services.draft_version(
        cycle.committee("109"), cycle.series(), "intermediate", effective_from=effective_from, **content
    )


def test_a_standard_needs_summary_and_evidence(told):
    city, cycle, *_people = told
    version = a_version(cycle, clock.today(), summary="", evidence_required=[])
    director = city.user("committee_director", "forestry")
    assert refused(STANDARD_VERSION, version, "submit", director) == ["summary", "evidence_required"]


@pytest.mark.notice("IV.2.c")
def test_a_standard_is_approved_before_it_is_applied(told, clock):
    city, cycle, reviewer, approver = told
    line = cycle.line("109")
    clock(line.closes_on + days(10))
    version = a_version(cycle, line.closes_on + days(9))
    STANDARD_VERSION.fire(version, "submit", actor=city.user("committee_director", "forestry"))
    STANDARD_VERSION.fire(version, "propose", actor=reviewer, content_hash=version.content_hash())
    seen = {"content_hash": version.content_hash()}
    assert refused(STANDARD_VERSION, version, "approve", approver, **seen) == ["effective_from"]


def test_a_standard_stays_while_a_window_is_open_under_it(told):
    city, cycle, reviewer, approver = told
    line, old = cycle.line("109"), cycle.standard("109")
    director = city.user("committee_director", "forestry")
    soon = a_version(cycle, line.closes_on)
    STANDARD_VERSION.fire(soon, "submit", actor=director)
    STANDARD_VERSION.fire(soon, "propose", actor=reviewer, content_hash=soon.content_hash())
    found = refused(STANDARD_VERSION, soon, "approve", approver, content_hash=soon.content_hash())
    assert set(found) == {"effective_from"}
    later = a_version(cycle, line.closes_on + days(1))
    decide(STANDARD_VERSION, later, owner=director, reviewer=reviewer, approver=approver)
    connection.check_constraints()
    old.refresh_from_db()
    assert (old.status, old.effective_to) == ("superseded", line.closes_on)
    standard = Standard.objects.get(pk=old.standard_id)
    assert standard.version_on(line.closes_on) == old
    assert standard.version_on(line.closes_on + days(1)) == later
    assert cycle.standard("109") == old  # the cycle goes on under the version it was declared by
