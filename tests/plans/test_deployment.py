"""A county deploys the plan of the year (notice IV(1)): what it publishes, by when its units send, who is told."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from appraisal_portal.accounts.models import Organisation
from appraisal_portal.accounts.workflow import ORGANISATION
from appraisal_portal.home.story import county as story
from appraisal_portal.kernel.models import Outbox
from appraisal_portal.kernel.workflow import Blocked, NotAllowed
from committees.plans import services
from committees.plans.models import Deployment, DeploymentDay, PlanLine
from committees.plans.services import deployment as service
from committees.plans.workflow import DEPLOYMENT, REVIEW_PLAN
from tests.factories.plans import a_cycle
from tests.stage import begins_with

MONDAY = dt.date(2026, 3, 2)
pytestmark = [pytest.mark.django_db, begins_with(a_cycle, MONDAY.year, committees=("forestry",), on=MONDAY)]


@pytest.fixture
def told(clock):
    clock(MONDAY)
    city, cycle = a_cycle(MONDAY.year, committees=("forestry",))
    return city, cycle, city.counties["龙泉市"]


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def messages(user, words: str):
    rows = Outbox.objects.filter(kind="message", payload__user=user.pk)
    return [row for row in rows if words in str(row.payload)]


@pytest.mark.notice("IV.1.b")
def test_a_county_publishes_how_it_carries_the_plan_out(told, clock):
    city, cycle, county = told
    mine, clerk = logged_in(city.user("forwarder", county)), city.user("unit_clerk", city.units[4])
    assert messages(city.user("forwarder", county), "请部署")  # asked when the plan was published
    desk = mine.get(reverse("plans:deployment-list")).content.decode()
    assert "您所在县（市、区）尚未部署本计划" in desk
    clock(MONDAY + dt.timedelta(days=2))
    typed = {
        "title": "龙泉市2026年度职称评审工作通知",
        "body": "各单位：",
        "contact": "周晓岚 0578-1",
        "lead_days": "5",
    }
    draft = mine.post(reverse("plans:deployment-new"), typed)
    row = Deployment.objects.get(county=county)
    assert draft.url == row.get_absolute_url()
    assert Client().get(row.get_public_url()).status_code == 404
    done = mine.post(reverse("plans:deployment-do", args=[row.pk, "publish"]), {"seen_status": "draft"})
    assert done.status_code == 302
    page = Client().get(row.get_public_url()).content.decode()
    line = cycle.line("forestry")
    day = row.days.get(line=line).send_by
    assert line.closes_on <= day < line.unit_deadline
    assert f"<b>{day:%Y-%m-%d}</b>" in page
    plan = Client().get(reverse("plans:plan-year", args=[2026])).content.decode()
    assert typed["title"] in plan
    assert messages(clerk, "本县部署")
    bureau = logged_in(city.user("bureau_reviewer")).get(reverse("plans:deployment-list")).content.decode()
    assert "还有 8 个县（市、区）未部署本计划" in bureau
    assert "龙泉市人力资源和社会保障局" not in bureau.partition("未部署本计划")[2].partition("</div>")[0]
    assert row.records.get().transition == "publish"
    row.refresh_from_db()
    assert row.days_taken == 2


@pytest.mark.parametrize(
    ("lead", "deadline", "closes", "day"),
    [
        (0, (5, 29), (5, 15), (5, 29)),
        (3, (5, 29), (5, 15), (5, 26)),  # three working days are left after the Tuesday
        (5, (5, 8), (4, 24), (4, 28)),  # 1 to 5 May are holidays; Saturday 9 May works
        (20, (5, 29), (5, 22), (5, 22)),  # never before the window of the applicants closes
    ],
)
def test_the_day_is_counted_back_in_working_days(lead, deadline, closes, day, clock):
    clock(MONDAY)
    line = PlanLine(unit_deadline=dt.date(2026, *deadline), closes_on=dt.date(2026, *closes))
    assert Deployment(lead_days=lead).send_by(line) == dt.date(2026, *day)


def test_a_new_deployment_replaces_the_one_before_and_old_days_stay(told):
    city, cycle, county = told
    old = story.deployed(city, county, lead_days=0)
    days = list(old.days.values_list("send_by", flat=True))
    new = story.deployed(city, county, lead_days=5)
    old.refresh_from_db()
    assert (old.status, new.status) == ("superseded", "published")
    assert list(old.days.values_list("send_by", flat=True)) == days
    assert new.title in Client().get(old.get_public_url()).content.decode()
    assert new.get_public_url() in Client().get(reverse("plans:plan-year", args=[2026])).content.decode()


def test_bad_input_is_told_at_its_field_and_kept(told):
    city, _cycle, county = told
    mine = logged_in(city.user("forwarder", county))
    typed = {"title": "  ", "body": "正文还在", "contact": "", "lead_days": "21"}
    answer = mine.post(reverse("plans:deployment-new"), typed)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"title", "contact", "lead_days"}
    assert "正文还在" in answer.content.decode()
    assert not Deployment.objects.filter(county=county).exists()


def test_every_reason_at_once_when_it_is_too_late_or_of_an_old_plan(told):
    """``deployment_complete``, ``deploys_the_plan_in_force`` and ``something_left_to_deploy``."""
    city, cycle, county = told
    row = story.drafted(city, county)
    newer = services.copy_plan(cycle.plan, 2026)
    for step, who in (("submit", "bureau_reviewer"), ("propose", "bureau_reviewer"), ("approve", "bureau_approver")):
        REVIEW_PLAN.fire(newer, step, actor=city.user(who), content_hash=newer.content_hash())
    REVIEW_PLAN.fire(newer, "publish", actor=city.user("bureau_reviewer"))
    PlanLine.objects.filter(plan=cycle.plan).update(opens_on=dt.date(2026, 1, 5), closes_on=dt.date(2026, 1, 9))
    PlanLine.objects.filter(plan=cycle.plan).update(unit_deadline=dt.date(2026, 1, 16))
    row.contact = " "
    row.save()
    row = Deployment.objects.get(pk=row.pk)
    with pytest.raises(Blocked) as refused:
        DEPLOYMENT.fire(row, "publish", actor=city.user("forwarder", county))
    words = str(refused.value)
    assert "已不是当年公布的计划" in words
    assert "请填写咨询联系人及电话" in words
    assert "现在部署已来不及" in words
    assert not DeploymentDay.objects.exists()


def test_a_published_one_does_not_change_and_a_second_draft_is_told(told):
    city, _cycle, county = told
    row = story.deployed(city, county)
    with pytest.raises(Blocked, match="不能再修改"):
        service.save_deployment(row)
    story.drafted(city, county)
    with pytest.raises(Blocked, match="同事"):
        story.drafted(city, county)


def test_departments_deploy_nothing_and_a_county_not_for_another(told):
    city, _cycle, county = told
    row = story.drafted(city, county)
    department = city.user("forwarder", next(iter(city.departments.values())))
    assert logged_in(department).get(reverse("plans:deployment-new")).status_code == 403
    other = city.user("forwarder", city.counties["青田县"])
    assert logged_in(other).get(row.get_absolute_url()).status_code == 404
    with pytest.raises(NotAllowed):
        DEPLOYMENT.fire(row, "publish", actor=other)


def test_a_county_approves_the_units_that_chose_it(told):
    city, _cycle, county = told
    clerk = city.applicant(7)
    unit = Organisation(kind="unit", name="龙泉市林业工作总站", employer_kind="public_institution", forwarder=county)
    ORGANISATION.fire(unit, "register", actor=clerk)
    mine, other = city.user("forwarder", county), city.user("forwarder", city.counties["青田县"])
    assert messages(mine, "待批准的本县单位")
    assert unit.name in logged_in(mine).get(reverse("accounts:organisation-list")).content.decode()
    assert unit.name not in logged_in(other).get(reverse("accounts:organisation-list")).content.decode()
    with pytest.raises(NotAllowed):
        ORGANISATION.fire(unit, "approve", actor=other)
    done = logged_in(mine).post(reverse("accounts:organisation-do", args=[unit.pk, "approve"]), {})
    assert done.status_code == 302
    unit.refresh_from_db()
    assert unit.status == "active"
