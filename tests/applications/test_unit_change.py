"""Change of unit (变更单位): when the old employment ends and where the declarations go."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Declaration
from applications.services import drafts
from appraisal_portal.accounts.models import Employment, Membership
from appraisal_portal.accounts.workflow import EMPLOYMENT
from appraisal_portal.home.story import unit as story
from appraisal_portal.kernel.models import Outbox
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, WrongState
from committees.plans.models import Subfield, Title
from tests.applications.steps import section, sign
from tests.factories.unit_stage import MONDAY, PUBLICITY_OVER, a_stage, handed_in, publicised
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_stage)]


@pytest.fixture
def stage(clock):
    city, cycle = a_stage()
    clock(MONDAY)
    return city, cycle


def asked_for(declaration, city, kind="enterprise"):
    """The applicant asks another unit of the city to confirm, leaving the present one."""
    person, old = declaration.applicant, declaration.unit
    unit = next(each for each in city.units if each.pk != old.pk and each.employer_kind == kind)
    new = Employment(
        person=person, unit=unit, post="工程师", starts_on=dt.date(2026, 3, 1),
        replaces=person.employments.get(unit=old, status="confirmed"),
    )  # fmt: skip
    EMPLOYMENT.fire(new, "ask", actor=person.user)
    return new


def clerk_of(unit):
    row = Membership.objects.filter(organisation=unit, role="unit_clerk").select_related("user").order_by("pk").first()
    return row.user.act_as(row)


def confirm(new):
    EMPLOYMENT.fire(new, "confirm", actor=clerk_of(new.unit), confirmed_kind="staff")


def unit_list(unit):
    client = Client()
    client.force_login(clerk_of(unit))
    return client.get(reverse("applications:unit-list")).content.decode()


def fresh(declaration):
    return Declaration.objects.get(pk=declaration.pk)


def progress_of(declaration):
    """What its applicant reads of it."""
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(declaration.applicant.user)
    return client.get(reverse("applications:my-detail", args=[declaration.pk])).content.decode()


def test_before_the_recommendation_the_declaration_moves_to_the_new_unit(stage):
    city, cycle = stage
    [declaration] = publicised(city, cycle, 51)
    new = asked_for(declaration, city)
    assert fresh(declaration).unit_id != new.unit_id  # asking alone moves nothing
    assert Employment.objects.get(pk=new.replaces_id).status == "confirmed"
    confirm(new)
    old = Employment.objects.get(pk=new.replaces_id)
    assert (old.status, old.ends_on) == ("ended", max(old.starts_on, dt.date(2026, 2, 28)))
    moved = fresh(declaration)
    assert (moved.unit_id, moved.status) == (new.unit_id, "returned")
    assert not moved.item_checks.filter(stage="unit").exists()
    assert not moved.publicity_items.filter(voided_at=None).exists()
    assert not moved.undertakings.filter(voided_at=None).exists()
    slip = moved.correction_slips.get(answered_at=None)
    assert set(slip.items.values_list("item", flat=True)) == {"person", "experience"}
    assert new.unit.name in slip.items.first().reason
    words = progress_of(moved)
    assert f"您在单位推荐之前调到了{new.unit}" in words
    assert "已退回" not in words  # the new unit has sent nothing back
    told = str(list(Outbox.objects.values_list("payload", flat=True)))
    assert "Employment changed" in told or "任职关系变更" in told


@pytest.mark.parametrize("kind", ["enterprise", "public_institution"])
def test_what_moved_is_brought_up_to_date_and_handed_in_through_the_new_unit(stage, kind):
    city, cycle = stage
    declaration = handed_in(city, cycle, 55)
    new = asked_for(declaration, city, kind)
    confirm(new)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(declaration.applicant.user)
    path = section(declaration, "person")
    post = {name: value for name, value in client.get(path).context["page"].form.initial.items() if value is not None}
    post |= {"version": fresh(declaration).form_version, "current_post": "工程师"}
    assert client.post(path, post).status_code == 302
    assert sign(client, declaration).status_code == 302
    fix = reverse("applications:my-fix", args=[declaration.pk])
    assert "未要求修改" not in client.get(fix).content.decode()
    answer = client.post(fix, {"as_it_is": "on"})  # the work history names the new unit already
    assert answer.status_code == 302, re.findall(r'class="err">([^<]+)', answer.content.decode())
    moved = fresh(declaration)
    assert (moved.status, moved.unit_id) == ("with_unit", new.unit_id)
    assert reverse("applications:unit-declaration", args=[moved.pk]) in unit_list(new.unit)


def test_case_34_a_recommended_declaration_keeps_the_old_unit(stage, clock):
    city, cycle = stage
    [declaration] = publicised(city, cycle, 52)
    clock(PUBLICITY_OVER)
    story.recommend(fresh(declaration))
    new = asked_for(declaration, city)
    confirm(new)
    kept = fresh(declaration)
    assert (kept.unit_id, kept.status) == (declaration.unit_id, "recommended")
    assert kept.undertakings.filter(voided_at=None).exists()
    assert ">单位已推荐</span>" in progress_of(
        kept
    )  # the tag says what the timeline says, not that it is being checked
    assert Employment.objects.get(pk=new.replaces_id).status == "ended"


def test_only_a_confirmation_moves_and_the_dates_must_fit(stage):
    city, cycle = stage
    declaration = handed_in(city, cycle, 53)
    with pytest.raises(NotAllowed):
        EMPLOYMENT.fire(
            declaration.applicant.employments.get(status="confirmed"), "leave", actor=declaration.applicant.user
        )
    old = declaration.applicant.employments.get(status="confirmed")
    unit = next(each for each in city.units if each.pk != old.unit_id)
    early = Employment(
        person=declaration.applicant, unit=unit, starts_on=old.starts_on - dt.timedelta(days=1), replaces=old
    )
    with pytest.raises(Blocked) as refused:
        EMPLOYMENT.fire(early, "ask", actor=declaration.applicant.user)
    assert {problem.field for problem in refused.value.problems} == {"starts_on"}


def test_the_pages_say_what_happens(stage):
    city, cycle = stage
    declaration = handed_in(city, cycle, 54)
    old = declaration.applicant.employments.get(status="confirmed")
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(declaration.applicant.user)
    page = client.get(reverse("accounts:employment-add")).content.decode()
    assert "是否离开原单位" in page
    assert old.unit.name in page
    unit = next(each for each in city.units if each.pk != old.unit_id and each.employer_kind == "enterprise")
    answer = client.post(
        reverse("accounts:employment-add"),
        {"unit": unit.name, "post": "工程师", "starts_on": "2026-03-01", "replaces": old.pk},
    )
    assert answer.status_code == 302
    assert f"{old.unit.name}的任职关系随即结束" in client.get(answer.url).content.decode()


def test_a_unit_asked_by_mistake_is_let_go_and_the_draft_goes_to_the_right_one(stage):
    """The person takes the question back on its page; the clerk hears it; the draft waits for who confirms next."""
    city, _cycle = stage
    user, (wrong, right) = city.applicant(71), [unit for unit in city.units if unit.employer_kind == "enterprise"][:2]
    asked = Employment(person=user.person, unit=wrong, starts_on=dt.date(2015, 7, 1))
    EMPLOYMENT.fire(asked, "ask", actor=user)
    title = Title.objects.valid_on(MONDAY).get(name="工程师")
    draft = drafts.start(user, title=title, subfield=Subfield.objects.get(code="forestry"), unit=wrong)
    browser = Client()
    browser.force_login(user)
    waiting = browser.get(asked.get_absolute_url()).content.decode()
    assert re.search(r'<a class="btn second"[^>]*>收回申请</a>', waiting)  # what comes next is the unit's answer
    act = reverse("accounts:employment-do", args=[asked.pk, "take_back"])
    done = browser.post(act, {"seen_status": "asked"}, follow=True).content.decode()
    assert "已收回" in done
    assert "新单位确认后，您已填写的草稿随您转到新单位。" in done
    assert clerk_of(wrong).pk in set(Outbox.objects.values_list("payload__user", flat=True))
    with pytest.raises(WrongState):
        EMPLOYMENT.fire(asked, "confirm", actor=clerk_of(wrong), confirmed_kind="staff")
    new = Employment(person=user.person, unit=right, starts_on=dt.date(2015, 7, 1))
    EMPLOYMENT.fire(new, "ask", actor=user)
    assert fresh(draft).unit_id == wrong.pk
    confirm(new)
    assert (fresh(draft).unit_id, fresh(draft).status) == (right.pk, "draft")


def test_only_drafts_leave_a_unit_that_refused(stage):
    """What the unit has from an earlier employment stays with it."""
    city, cycle = stage
    declaration = handed_in(city, cycle, 72)
    person, unit = declaration.applicant, declaration.unit
    EMPLOYMENT.fire(person.employments.get(), "end", actor=person.user)
    again = Employment(person=person, unit=unit, starts_on=dt.date(2026, 3, 1))
    EMPLOYMENT.fire(again, "ask", actor=person.user)
    EMPLOYMENT.fire(again, "refuse", actor=clerk_of(unit), reason="已离职")
    right = next(each for each in city.units if each.employer_kind == "enterprise" and each.pk != unit.pk)
    new = Employment(person=person, unit=right, starts_on=dt.date(2026, 3, 1))
    EMPLOYMENT.fire(new, "ask", actor=person.user)
    confirm(new)
    assert (fresh(declaration).unit_id, fresh(declaration).status) == (unit.pk, "with_unit")
