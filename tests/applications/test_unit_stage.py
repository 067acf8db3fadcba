"""The unit's part as a whole: check, verify, publicise, recommend; who may not, and what stops it."""

import datetime as dt

import pytest
from django.utils import translation

from applications.models import Achievement, Declaration, ItemCheck, Recommendation, UnitObjection
from applications.rules import progress
from applications.rules.unit import unsettled_items
from applications.rules.unit_overview import Readiness, next_step
from applications.services import unit as service
from applications.workflow import DECLARATION, UNIT_PUBLICITY
from appraisal_portal.accounts.models import Person
from appraisal_portal.accounts.services import members_of
from appraisal_portal.home.story import unit as story
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.city import PASSWORD
from appraisal_portal.kernel import calendar, chain, sweeps
from appraisal_portal.kernel.models import CalendarDay, Outbox
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, WrongState
from committees.plans.services import Change, change_calendar
from tests.factories.unit_stage import MONDAY, PUBLICITY_OVER, a_stage, handed_in, publicised
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_stage)]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def stage(clock):
    city, cycle = a_stage()
    clock(MONDAY)
    return city, cycle


def words(error):
    return " ".join(str(problem) for problem in error.value.problems)


def fresh(declaration):
    return Declaration.objects.get(pk=declaration.pk)


def test_case_13_a_corrected_day_moves_the_publicity_and_tells_the_unit(stage):
    city, cycle = stage
    [declaration] = publicised(city, cycle, 10)
    change_calendar(Change("样本", {dt.date(2026, 3, 5): "day_off"}), by=city.user("bureau_reviewer"))
    publicity = declaration.publicity_items.get().publicity
    assert publicity.ends_on == publicity.announced_ends_on == dt.date(2026, 3, 10)
    told = Outbox.objects.filter(kind="message", key__startswith="calendar:")
    clerks = {user.pk for user in members_of(declaration.unit_id, "unit_clerk")}
    assert {row.payload["user"] for row in told} == clerks
    assert {row.payload["by"] for row in told} == {"2026-03-10"}


@pytest.mark.notice("III.b")
def test_from_the_unit_to_the_recommendation(stage, clock):
    city, cycle = stage
    people = [handed_in(city, cycle, seed) for seed in (11, 12)]
    for declaration in people:
        story.verify(declaration)
        assert declaration.status == "verified"
    [publicity] = story.publicise(people)
    assert publicity.status == "running"
    assert publicity.ends_on == publicity.announced_ends_on == dt.date(2026, 3, 9)
    assert publicity.papers.get().code == "unit-posting"
    shown = str(publicity.papers.get().document.snapshot)
    assert people[0].applicant.name in shown
    assert people[0].applicant.id_number not in shown
    assert people[0].applicant.phone not in shown
    with pytest.raises(Blocked) as refused:
        story.recommend(fresh(people[0]))
    assert "2026-03-09" in words(refused)
    assert not Recommendation.objects.exists()
    clock(PUBLICITY_OVER)
    for declaration in map(fresh, people):
        story.recommend(declaration)
        assert declaration.status == "recommended"
        assert declaration.recommended_on == declaration.arrived_on == PUBLICITY_OVER
    marks = people[0].undertakings.get(voided_at=None).signatures.values_list("mark", flat=True)
    assert set(marks) == {"applicant", "verifier", "unit_head", "seal"}
    assert chain.verify() is None


@pytest.mark.notice("IV.4.c")
def test_an_item_not_judged_or_doubtful_stops_the_verification(stage):
    city, cycle = stage
    declaration = handed_in(city, cycle, 13)
    with pytest.raises(Blocked) as refused:
        service.verify(declaration, actor=story.clerk_of(declaration), password=PASSWORD)
    assert "Not checked yet" in words(refused)
    assert not declaration.undertakings.get(voided_at=None).signatures.filter(mark="verifier").exists()
    story.check(declaration, doubtful={"person": "姓名与身份证不一致"})
    with pytest.raises(Blocked) as refused:
        service.verify(declaration, actor=story.clerk_of(declaration), password=PASSWORD)
    assert "Not found true" in words(refused)
    story.check(declaration)
    with pytest.raises(Blocked) as refused:
        service.verify(declaration, actor=story.clerk_of(declaration), password="wrong")
    assert "password" in words(refused)
    assert fresh(declaration).status == "with_unit"
    service.verify(declaration, actor=story.clerk_of(declaration), password=PASSWORD)
    assert declaration.status == "verified"


def test_a_doubt_needs_words_and_an_unknown_item_is_refused(stage):
    city, cycle = stage
    declaration = handed_in(city, cycle, 14)
    clerk = story.clerk_of(declaration)
    with pytest.raises(Blocked):
        service.check_in_unit(declaration, {"person": ("unclear", " ")}, actor=clerk)
    with pytest.raises(Blocked):
        service.check_in_unit(declaration, {"education:999999": ("true", "")}, actor=clerk)
    assert not ItemCheck.objects.exists()


def test_a_judgement_ends_when_its_item_changes(stage):
    city, cycle = stage
    declaration = handed_in(city, cycle, 15)
    story.check(declaration)
    Achievement.objects.filter(declaration=declaration).update(title="改过的业绩")
    problems = DECLARATION.problems(declaration, "verify", actor=story.clerk_of(declaration))
    assert len(problems) == Achievement.objects.filter(declaration=declaration).count()


def test_separation_of_duties(stage, clock):
    city, cycle = stage
    [declaration] = publicised(city, cycle, 16)
    clerk, head = story.clerk_of(declaration), story.head_of(declaration)
    with pytest.raises(NotAllowed):
        service.check_in_unit(handed_in(city, cycle, 17), {}, actor=head)
    clock(PUBLICITY_OVER)
    with pytest.raises(NotAllowed):
        service.recommend(declaration, actor=clerk, password=PASSWORD, opinion="同意")
    # The same human being holds both roles: the verifier may still not recommend.
    row = clerk.memberships.create(role="unit_head", organisation=declaration.unit, starts_on=MONDAY)
    both = type(clerk).objects.get(pk=clerk.pk).act_as(row)
    with pytest.raises(NotAllowed) as refused:
        service.recommend(declaration, actor=both, password=PASSWORD, opinion="同意")
    assert "Another person" in str(refused.value)
    outsider = holder("unit_head", next(unit for unit in city.units if unit.pk != declaration.unit_id))
    with pytest.raises(NotAllowed):
        service.recommend(declaration, actor=outsider, password=PASSWORD, opinion="同意")


def test_nobody_checks_posts_or_recommends_oneself(stage):
    city, cycle = stage
    declaration = handed_in(city, cycle, 18)
    own = declaration.applicant.user
    for role in ("unit_clerk", "unit_head"):
        row = own.memberships.create(role=role, organisation=declaration.unit, starts_on=MONDAY)
        actor = type(own).objects.get(pk=own.pk).act_as(row)
        with pytest.raises(NotAllowed):
            service.check_in_unit(declaration, {"person": ("true", "")}, actor=actor)
        assert not DECLARATION.transitions["recommend"].allowed(actor, declaration)
    story.verify(declaration)
    clerk = type(own).objects.get(pk=own.pk).act_as(own.memberships.get(role="unit_clerk"))
    with pytest.raises(Blocked) as refused:
        service.start_publicity(declaration.unit, [declaration], place="公告栏", contact="人事科", actor=clerk)
    assert "Your own declaration" in words(refused)
    assert fresh(declaration).status == "verified"


def test_the_end_counts_working_days_across_a_holiday(clock):
    city, cycle = a_stage(dt.date(2026, 4, 27))
    clock(dt.date(2026, 4, 29))
    CalendarDay.objects.create(day=dt.date(2026, 5, 6), kind="day_off", source="本市")
    [declaration] = publicised(city, cycle, 19)
    publicity = declaration.publicity_items.get().publicity
    expected = calendar.add_working_days(dt.date(2026, 4, 29), declaration.line.unit_publicity_days)
    assert publicity.ends_on == expected.ends_on
    assert publicity.ends_on > dt.date(2026, 5, 8)
    assert not calendar.is_working_day(dt.date(2026, 5, 1))


def test_p45_case_14_a_provisional_end_recommends_nobody(stage, clock):
    city, cycle = stage
    [declaration] = publicised(city, cycle, 20)
    publicity = declaration.publicity_items.get().publicity
    type(publicity).objects.filter(pk=publicity.pk).update(provisional=True)
    clock(dt.date(2026, 4, 1))
    assert sweeps.run("unit publicity that is over") == 0
    with pytest.raises(Blocked) as refused:
        story.recommend(declaration)
    assert "provisional" in words(refused)


def test_case_17_an_objection_holds_this_person_only(stage, clock):
    city, cycle = stage
    first, second = publicised(city, cycle, 21, 22)
    objection = story.object_in_unit(first)
    clock(PUBLICITY_OVER)
    with pytest.raises(Blocked) as refused:
        story.recommend(first)
    assert "still being checked" in words(refused)
    story.recommend(second)
    story.settle_objection(objection)
    with pytest.raises(WrongState):
        story.settle_objection(objection)
    story.recommend(fresh(first))
    assert fresh(first).status == "recommended"


def test_the_person_concerned_is_told_the_substance_and_never_the_author(stage):
    city, cycle = stage
    [declaration] = publicised(city, cycle, 24)
    objection = story.object_in_unit(declaration)
    story.settle_objection(objection)
    told = [row.payload for row in Outbox.objects.filter(key__startswith=f"unit-objection:{objection.pk}:")]
    assert {row["user"] for row in told} == {declaration.applicant.user_id}
    assert any(f"对第二项业绩的本人排名有疑问。{declaration.unit}正在核查" in row["body"] for row in told)
    assert any("不成立" in row["subject"] for row in told)
    assert not any(objection.filed_by in row["body"] + row["subject"] for row in told)
    assert objection in UnitObjection.objects.visible_to(city.user("unit_clerk", declaration.unit))
    assert objection not in UnitObjection.objects.visible_to(declaration.applicant.user)


@pytest.mark.parametrize("when", ["before the publicity", "while it runs"])
def test_a_new_telephone_number_is_not_publicised_again_a_changed_post_is(stage, clock, when):
    declaration = handed_in(*stage, 64)
    story.verify(declaration)
    if when == "while it runs":
        story.publicise([fresh(declaration)])
    Person.objects.filter(pk=declaration.applicant_id).update(phone="13912345678", email="new@example.com")
    if when == "before the publicity":
        story.publicise([fresh(declaration)])
    clock(PUBLICITY_OVER)
    assert unsettled_items(fresh(declaration), ItemCheck.Stage.UNIT) == ([], [])
    post = declaration.work_history.first().post
    declaration.work_history.update(post="副科长")
    found = DECLARATION.problems(fresh(declaration), "recommend", actor=story.head_of(declaration))
    assert any("must be publicised again" in str(problem) for problem in found)
    declaration.work_history.update(post=post)
    story.recommend(fresh(declaration))
    assert fresh(declaration).status == "recommended"


def test_an_objection_upheld_ends_the_way(stage, clock):
    city, cycle = stage
    [declaration] = publicised(city, cycle, 23)
    story.settle_objection(story.object_in_unit(declaration), upheld=True)
    clock(PUBLICITY_OVER)
    with pytest.raises(Blocked) as refused:
        story.recommend(declaration)
    assert "upheld" in words(refused)
    story.refuse(declaration)
    assert declaration.status == "not_recommended"


def test_material_changed_after_the_publicity_is_publicised_again(stage, clock):
    city, cycle = stage
    [declaration] = publicised(city, cycle, 24)
    Achievement.objects.filter(declaration=declaration).update(title="公示后改过的业绩")
    clock(PUBLICITY_OVER)
    with pytest.raises(Blocked) as refused:
        service.recommend_confirmed(declaration, actor=story.head_of(declaration), opinion="同意")
    assert "signed" in words(refused)
    found = DECLARATION.problems(declaration, "recommend", actor=story.head_of(declaration))
    assert any("publicised again" in str(problem) for problem in found)
    story.give_back(declaration, {"achievements": "请核对"})
    assert declaration.status == "returned"
    assert declaration.publicity_items.get().voided_at is not None
    assert not declaration.undertakings.filter(voided_at=None).exists()


@pytest.mark.notice("III.a")
def test_r17_the_post_structure_of_a_public_institution(stage, clock):
    city, cycle = stage
    public = next(unit for unit in city.units if unit.employer_kind == "public_institution")
    first, second = publicised(city, cycle, 25, 26, unit=public)
    clock(PUBLICITY_OVER)
    head = story.head_of(first)
    story.seal(first)
    story.seal(second)
    known = public.post_structures.get(level="intermediate")
    known.delete()
    with pytest.raises(Blocked) as refused:
        service.recommend(first, actor=head, password=PASSWORD, opinion="同意")
    assert "No post structure" in words(refused)
    known.pk, known.approved, known.used = None, 3, 3
    known.save(force_insert=True)
    with pytest.raises(Blocked) as refused:
        service.recommend(first, actor=head, password=PASSWORD, opinion="同意")
    assert "3 approved, 3 taken, 0 recommended before" in words(refused)
    assert not Recommendation.objects.exists()
    known.used = 2
    known.save()
    service.recommend(first, actor=head, password=PASSWORD, opinion="同意")
    assert fresh(first).recommendation.posts_document == known.document
    with pytest.raises(Blocked) as refused:
        service.recommend(second, actor=head, password=PASSWORD, opinion="同意")
    assert "3 approved, 2 taken, 1 recommended before" in words(refused)
    # Titles of examination series are bound at appointment, not here.
    type(second.title).objects.filter(pk=second.title_id).update(by_exam=True)
    service.recommend(fresh(second), actor=head, password=PASSWORD, opinion="同意")


def test_without_the_seal_nothing_leaves_the_unit(stage, clock):
    city, cycle = stage
    [declaration] = publicised(city, cycle, 27)
    clock(PUBLICITY_OVER)
    with pytest.raises(Blocked) as refused:
        service.recommend(declaration, actor=story.head_of(declaration), password=PASSWORD, opinion="同意")
    assert "seal" in words(refused)
    story.seal(declaration)
    row = declaration.undertakings.get(voided_at=None).signatures.get(mark="seal")
    assert row.method == "scan"
    assert row.upload.content_type == "application/pdf"


def test_case_16_the_sweep_announces_the_end_once(stage, clock):
    city, cycle = stage
    [declaration] = publicised(city, cycle, 28)
    assert sweeps.run("unit publicity that is over") == 0
    clock(PUBLICITY_OVER)
    waiting = Outbox.objects.count()
    assert sweeps.run("unit publicity that is over") == 1
    assert Outbox.objects.count() > waiting
    assert sweeps.run("unit publicity that is over") == 0
    assert declaration.publicity_items.get().publicity.status == "closed"
    story.recommend(declaration)


def test_a_halt_moves_the_end_by_the_working_days_lost(stage, clock):
    city, cycle = stage
    [declaration] = publicised(city, cycle, 29)
    publicity = declaration.publicity_items.get().publicity
    bureau = city.user("bureau_reviewer")
    for nobody in (story.clerk_of(declaration), city.user("supervisor")):
        with pytest.raises(NotAllowed):
            UNIT_PUBLICITY.fire(publicity, "halt", actor=nobody, reason="x")
    clock(dt.date(2026, 3, 4))
    UNIT_PUBLICITY.fire(publicity, "halt", actor=bureau, reason="公示内容有误")
    clock(dt.date(2026, 3, 6))
    UNIT_PUBLICITY.fire(publicity, "resume", actor=bureau, reason="已更正")
    assert publicity.ends_on == publicity.announced_ends_on == dt.date(2026, 3, 11)


def test_a_return_names_items_and_opens_only_these(stage):
    city, cycle = stage
    declaration = handed_in(city, cycle, 30)
    clerk = story.clerk_of(declaration)
    with pytest.raises(Blocked) as refused:
        service.return_for_correction(declaration, {}, actor=clerk, reason="不全")
    assert "at least one item" in words(refused)
    assert not declaration.correction_slips.exists()
    story.give_back(declaration)
    slip = declaration.correction_slips.get()
    assert [item.section for item in slip.items.all()] == ["hours"]
    assert slip.ends_on == declaration.line.unit_deadline  # nobody named another day
    applicant = declaration.applicant.user
    Achievement.objects.filter(declaration=declaration).update(title="没有要求改的业绩")
    found = DECLARATION.problems(declaration, "resubmit", actor=applicant)
    assert any("was not asked for" in str(problem) for problem in found)


@pytest.mark.parametrize(("day", "says"), [("2026-03-01", "over already"), ("2026-05-17", "has only until")])
def test_a_return_names_a_day_that_can_be_kept(stage, day, says):
    """``answer_day_possible``: neither over already nor after the unit's own last day."""
    city, cycle = stage
    declaration = handed_in(city, cycle, 30)
    assert declaration.line.unit_deadline == dt.date(2026, 5, 16)
    with pytest.raises(Blocked) as refused:
        story.give_back(declaration, answer_by=dt.date.fromisoformat(day))
    assert says in words(refused)
    assert not declaration.correction_slips.exists()


def test_the_day_of_a_return_stands_wherever_the_applicant_and_the_unit_read_of_it(stage):
    city, cycle = stage
    declaration = handed_in(city, cycle, 30)
    story.give_back(declaration, answer_by=dt.date(2026, 3, 6))
    declaration = fresh(declaration)
    told = Outbox.objects.filter(payload__user=declaration.applicant.user_id).latest("pk")
    assert "2026-03-06（周五）" in told.payload["body"]
    assert progress.turn(declaration).by == dt.date(2026, 3, 6)
    day = dt.date(2026, 3, 3)
    assert next_step(declaration, day, Readiness(declaration.unit, day)).by == dt.date(2026, 3, 6)
