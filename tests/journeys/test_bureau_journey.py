"""The bureau's desk at the browser: the plan of the next year, what changed since it was proposed, a substitute."""

import datetime as dt

import pytest

from appraisal_portal.accounts.models import Look
from appraisal_portal.kernel import clock
from committees.plans import services
from committees.plans.models import Notice, PlanLine, ReviewPlan
from committees.plans.workflow import NOTICE, REVIEW_PLAN
from tests.journeys.conftest import World
from tests.journeys.steps.desk import words

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_the_plan_of_a_year_is_copied_mended_and_decided_by_two(world: World) -> None:
    reviewer = world.desk("reviewer", world.city.user("bureau_reviewer"))
    reviewer.open("/bureau/plan/new/").fill(year=world.cycle.year + 1, source=str(world.cycle.plan.pk)).press("Save")
    plan = ReviewPlan.objects.get(year=world.cycle.year + 1)
    director = world.desk("director", world.city.user("committee_director", "forestry"))
    director.open(plan.get_absolute_url()).follow("Propose a line of your committee").seen("suggest")
    director.fill(reason="造林季节需延后。").press("Propose a line of your committee").says(words("as in the draft"))
    reviewer.open(plan.get_absolute_url()).says(words("to be confirmed")).seen("copied").follow("Submit to the bureau")
    reviewer.says(words("This cannot be done now"))
    PlanLine.objects.filter(plan=plan).exclude(pk=plan.lines.first().pk).update(dates_to_confirm=False)
    reviewer.open(f"/bureau/plan/lines/{plan.lines.first().pk}/").fill(closes_on=f"{plan.year}-01-05")
    reviewer.press("Save", 422).told("closes_on").fill(closes_on=f"{plan.lines.first().closes_on}").press("Save")
    reviewer.follow("Submit to the bureau").press("Submit to the bureau")
    reviewer.follow("Propose approval").press("Propose approval")
    approver = world.desk("approver", world.city.user("bureau_approver"))
    approver.open(plan.get_absolute_url()).follow("Approve").seen("difference").press("Approve")
    plan.refresh_from_db()
    assert plan.status == "approved"
    assert not world.findings.found


def test_what_changed_since_it_was_proposed_is_refused_and_shown(world: World) -> None:
    reviewer = world.city.user("bureau_reviewer")
    notice = services.draft_notice(None, "关于做好评审工作的通知", "五月一日前申报。")
    NOTICE.fire(notice, "submit", actor=reviewer)
    NOTICE.fire(notice, "propose", actor=reviewer, content_hash=notice.content_hash())
    approver = world.desk("approver", world.city.user("bureau_approver"))
    approver.open(notice.get_absolute_url()).follow("Approve")
    Notice.objects.filter(pk=notice.pk).update(body="六月一日前申报。")
    approver.press("Approve", 422).seen("changed").says("五月一日前申报。", "六月一日前申报。")
    notice.refresh_from_db()
    assert notice.status == "proposed"
    approver.open(notice.get_absolute_url()).follow("Send back").seen("send-back")
    approver.press("Send back", 422).told("reason").fill(**{"item-body": "截止日期与计划不一致"}).press("Send back")
    approver.says("内容：截止日期与计划不一致")
    assert not world.findings.found


def test_two_approvers_and_a_notice_that_was_mended_between_them(world: World) -> None:
    """One sends it back while the page of the other stands open; it is mended and proposed again: what changed is
    shown to the other, who reads it and decides over what stands now."""
    notice = services.draft_notice(None, "关于做好评审工作的通知", "五月一日前申报。")
    reviewer = world.desk("reviewer", world.city.user("bureau_reviewer"))
    first, second = (
        world.desk(f"approver-{place + 1}", world.city.user("bureau_approver", place=place)) for place in (0, 1)
    )
    reviewer.open(notice.get_absolute_url()).follow("Submit to the bureau").press("Submit to the bureau")
    reviewer.follow("Propose approval").press("Propose approval")
    first.open(notice.get_absolute_url()).follow("Approve").says("五月一日前申报。")
    second.open(notice.get_absolute_url()).follow("Send back").fill(**{"item-body": "截止日期与计划不一致"})
    second.press("Send back")
    reviewer.open(f"/office/notices/{notice.pk}/edit/").fill(body="六月一日前申报。").press("Save")
    reviewer.open(notice.get_absolute_url()).follow("Submit to the bureau").press("Submit to the bureau")
    reviewer.follow("Propose approval").press("Propose approval")
    first.press("Approve", 422).seen("mended").says("正文：五月一日前申报。 → 六月一日前申报。")
    changed = first.main.get_by_role("region", name=words("Changed since you opened this page"))
    assert changed.locator("tbody tr").all_inner_texts() == ["正文\t五月一日前申报。\t六月一日前申报。"]
    notice.refresh_from_db()
    assert notice.status == "proposed"
    first.press("Approve")
    notice.refresh_from_db()
    assert (notice.status, notice.decided_by) == ("approved", world.city.user("bureau_approver"))
    assert not world.findings.found


def test_a_substitute_decides_for_the_days_given_and_the_supervisor_sees_who(world: World) -> None:
    reviewer, absent = world.city.user("bureau_reviewer"), world.city.user("bureau_approver")
    observer = world.city.user("observer")
    granting = world.desk("reviewer", reviewer)
    granting.open("/account/memberships/new/").fill(
        username=observer.username, role="bureau_approver", organisation=world.city.bureau.name,
        instead_of=absent.username, starts_on=f"{clock.today()}", ends_on="", reason="年休假",
    )  # fmt: skip
    granting.press("Grant", 422).told("ends_on")
    granting.fill(ends_on=f"{clock.today() + dt.timedelta(days=7)}").press("Grant")
    granting.says(absent.full_name)
    plan = services.copy_plan(world.cycle.plan, world.cycle.year)
    REVIEW_PLAN.fire(plan, "submit", actor=reviewer)
    REVIEW_PLAN.fire(plan, "propose", actor=reviewer, content_hash=plan.content_hash())
    standing_in = world.desk("substitute", observer)
    standing_in.open("/account/")
    held = observer.memberships.get(role="bureau_approver")
    standing_in.page.locator('form[action*="act-as"] select, [name="membership"]').first.select_option(str(held.pk))
    standing_in.page.locator('form[action*="act-as"] button').first.click()
    standing_in.open(plan.get_absolute_url()).follow("Approve").press("Approve")
    supervisor = world.desk("supervisor", world.city.user("supervisor"))
    supervisor.open(plan.get_absolute_url()).says(absent.full_name, observer.full_name)
    granting.open("/account/looks/").seen("looks").says(str(plan), world.city.user("supervisor").full_name)
    assert Look.objects.filter(path=plan.get_absolute_url()).exists()
    world.travel(clock.today() + dt.timedelta(days=8))
    standing_in.open(f"{plan.get_absolute_url()}")
    assert standing_in.status == 403
    assert not world.findings.found
