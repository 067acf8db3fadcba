"""Appointment after the certificate (R-17): inside the structure, two people, one of two gets the last post."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.urls import reverse

from applications.rules import unit as unit_rules
from appraisal_portal.accounts.models import Membership, PostHolding, PostStructure
from appraisal_portal.accounts.services import posts, structure_of, taken
from appraisal_portal.accounts.workflow import EMPLOYMENT
from appraisal_portal.home.story import appoint, certify
from appraisal_portal.home.story import claims as story
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.workflow import Blocked, NotAllowed
from certificates.models import Appointment
from certificates.rules import appointment as rules
from certificates.services import appointments as service
from certificates.workflow import APPOINTMENT
from committees.plans.services import load_register
from tests.certificates.test_races import together
from tests.factories.accounts import build_city
from tests.factories.unit_stage import PUBLICITY_OVER, a_stage, handed_in, recommended
from tests.stage import begins_with, kept

DAY = dt.date(2026, 3, 2)
ONE = dt.timedelta(days=1)


@kept
def a_city():
    """With the register of series and titles."""
    with clock.travel(DAY):
        load_register()
        return build_city()


pytestmark = [pytest.mark.django_db, begins_with(a_city)]


@pytest.fixture
def city():
    made = a_city()
    with clock.travel(DAY):
        yield made


def holder_of_exam(city, seed, unit=None, title="会计师"):
    """The certificate of somebody of the unit, by examination."""
    return story.register(story.enter(city, seed, unit=unit or city.unit(0), title=title)).certificate


def room(unit, approved, used):
    """So many intermediate posts."""
    PostStructure.objects.filter(unit=unit, level="intermediate").update(approved=approved, used=used)


@pytest.mark.notice("III.b", "III.c")
def test_r17_clerk_enters_head_confirms_and_the_bar_counts_it(city, client):
    unit = city.unit(0)
    certificate = holder_of_exam(city, 7)
    room(unit, 20, 18)
    client.force_login(city.user("unit_clerk", unit))
    dashboard = reverse("applications:unit-dashboard")
    waits = "本单位有 1 人已取得证书，但还没有登记岗位聘任"
    assert waits in client.get(dashboard).content.decode()
    url = reverse("certificates:appointment-new")
    assert certificate.number in client.get(url).content.decode()
    given = {"certificate": certificate.pk, "level": "intermediate", "starts_on": "2026-03-02", "ends_on": "2029-03-01"}
    answer = client.post(url, given)
    row = Appointment.objects.get()
    assert answer.url == row.get_absolute_url()
    assert "没有可聘任的人员" in client.get(url).content.decode()  # the entry waits, nobody else is left
    assert "核准 20 个，已聘 18 个" in client.get(row.get_absolute_url()).content.decode()
    assert waits not in client.get(dashboard).content.decode()
    do = reverse("certificates:appointment-do", args=[row.pk, "confirm"])
    seen = {"seen_status": "proposed", "content_hash": row.content_hash()}
    assert client.post(do, seen).status_code == 403
    client.force_login(city.user("unit_head", unit))
    assert "有 1 项岗位聘任等您确认" in client.get(dashboard).content.decode()
    assert client.post(do, seen).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.holding.ends_on) == ("in_force", dt.date(2029, 3, 1))
    page = client.get(dashboard).content.decode()
    assert "核准 20 个：已聘 19 个" in page
    assert "等您确认" not in page
    client.force_login(certificate.person.user)
    assert client.get(row.get_absolute_url()).status_code == 200
    assert unit.name in client.get(certificate.get_absolute_url()).content.decode()


@pytest.mark.notice("III.c")
def test_the_full_structure_refuses_and_an_end_frees_the_post(city):
    unit = city.unit(0)
    first, second = holder_of_exam(city, 7), holder_of_exam(city, 8)
    room(unit, 19, 18)
    row = appoint.appoint(first, unit)
    with pytest.raises(Blocked, match="核准 19 个（丽人社岗〔2017〕18号），已聘 19 个"):
        appoint.propose(second, unit)
    with clock.travel(DAY + 10 * ONE):
        appoint.end(row, "调离本岗位", DAY + 9 * ONE)
        assert row.status == "ended"
        appoint.appoint(second, unit)
    assert taken(structure_of(unit.pk, "intermediate", DAY), DAY + 20 * ONE, DAY + 20 * ONE) == 19


def test_whoever_holds_a_lower_post_is_offered_and_leaves_it_for_the_higher_one(city, client):
    """The usual case: a junior post for years, now the title of an engineer. One entry and one confirmation do both."""
    unit = city.unit(0)
    certificate = holder_of_exam(city, 7)
    room(unit, 20, 18)
    PostHolding.objects.create(unit=unit, person=certificate.person, level="junior", starts_on=DAY - 30 * ONE)
    client.force_login(city.user("unit_clerk", unit))
    page = client.get(reverse("certificates:appointment-new")).content.decode()
    assert f"会计师 · {certificate.number} · 现聘岗位：初级岗位（{DAY - 30 * ONE} 起）" in page
    assert "本单位有 1 人已取得证书" in client.get(reverse("applications:unit-dashboard")).content.decode()
    with pytest.raises(Blocked, match="请先办理解聘"):
        appoint.propose(certificate, unit, level="junior")
    with pytest.raises(Blocked, match="请先办理解聘"):  # it would end before it began
        appoint.propose(certificate, unit, starts_on=DAY - 30 * ONE)
    row = appoint.propose(certificate, unit)
    for name, args in (("list", []), ("detail", [row.pk])):
        page = client.get(reverse(f"certificates:appointment-{name}", args=args)).content.decode()
        assert f"初级岗位（{DAY - 30 * ONE} 起）" in page
    appoint.confirm(row)
    assert f"中级岗位（{DAY} 起）" in client.get(reverse("certificates:appointment-list")).content.decode()
    assert "已取得证书，但" not in client.get(reverse("applications:unit-dashboard")).content.decode()
    lower, higher = PostHolding.objects.order_by("starts_on")
    assert (lower.level, lower.ends_on) == ("junior", DAY - ONE)
    assert (higher, higher.level, higher.starts_on) == (row.holding, "intermediate", DAY)
    assert certificate.number not in client.get(reverse("certificates:appointment-new")).content.decode()


def test_the_appointment_to_the_lower_post_says_that_it_ended(city):
    unit = city.unit(0)
    certificate = holder_of_exam(city, 7)
    room(unit, 20, 18)
    PostStructure.objects.filter(unit=unit, level="junior").update(approved=20, used=18)
    below = appoint.appoint(certificate, unit, level="junior")  # below the title by the unit's choice (低聘)
    assert not service.candidates(unit.pk).exists()  # on this certificate it has decided
    with clock.travel(DAY + 10 * ONE):
        appoint.appoint(certificate, unit)
        below.refresh_from_db()
        assert (below.status, below.holding.ends_on) == ("ended", DAY + 9 * ONE)
        assert below.records.last().transition == "rise"
        assert taken(structure_of(unit.pk, "assistant", DAY), DAY + 10 * ONE, DAY + 10 * ONE) == 18


@pytest.mark.django_db(transaction=True)
def test_of_two_who_want_the_last_post_one_gets_it():
    with clock.travel(DAY):
        load_register()
        city = build_city()
        unit = city.unit(0)
        rows = [appoint.propose(holder_of_exam(city, seed), unit) for seed in (7, 8)]
        room(unit, 19, 18)

        def work(place):
            with clock.travel(DAY):
                appoint.confirm(Appointment.objects.get(pk=rows[place].pk))

        [refusal] = together(2, work)
        assert "已聘 19 个" in str(refusal)
    assert sorted(Appointment.objects.values_list("status", flat=True)) == ["in_force", "proposed"]
    assert PostHolding.objects.count() == 1


def test_what_is_wrong_is_said_at_its_field(city, client):
    unit = city.unit(0)
    certificate = holder_of_exam(city, 7)
    client.force_login(city.user("unit_clerk", unit))
    url = reverse("certificates:appointment-new")

    def errors(**changed):
        given = {"certificate": certificate.pk, "level": "intermediate", "starts_on": "2026-03-02", **changed}
        answer = client.post(url, given)
        assert answer.status_code == 422
        return answer.context["form"].errors

    assert set(errors(level="")) == {"level"}
    assert "最高可聘" in str(errors(level="senior")["level"])
    assert "不得早于" in str(errors(starts_on="2017-01-01")["starts_on"])
    assert "ends_on" in errors(ends_on="2026-03-01")
    stranger = holder_of_exam(city, 9, unit=city.unit(1))
    assert "certificate" in errors(certificate=stranger.pk)  # not in the list
    with pytest.raises(Blocked, match="不是本单位人员"):
        appoint.propose(stranger, unit)
    assert not Appointment.objects.exists()


def test_a_structure_counts_those_of_before_and_forgets_who_left(city):
    unit = city.unit(0)
    old, new = holder_of_exam(city, 7), holder_of_exam(city, 8)
    row = appoint.appoint(old, unit)
    with clock.travel(DAY + 30 * ONE):
        posts.enter(unit, "intermediate", approved=20, used=19, document="丽人社岗〔2026〕1号", decided_on=DAY,
                    valid_from=DAY + 20 * ONE)  # fmt: skip
        with pytest.raises(Blocked, match="起始日期请填写"):
            appoint.propose(new, unit, starts_on=DAY + 5 * ONE)
        day = clock.today()
        structure = structure_of(unit.pk, "intermediate", day)
        assert taken(structure, day, day) == 19  # the first one is in the document's number
        appoint.end(row, "退休", day - ONE)
        assert taken(structure, day, day) == 18


def test_one_post_at_a_time_and_who_leaves_the_unit_leaves_the_post(city):
    unit = city.unit(0)
    first, second = holder_of_exam(city, 7), holder_of_exam(city, 7, title="经济师")
    row = appoint.propose(first, unit)
    with pytest.raises(Blocked, match="待负责人确认"):
        appoint.propose(first, unit)
    appoint.confirm(row)
    with pytest.raises(Blocked, match="请先办理解聘"):
        appoint.propose(second, unit)
    assert second not in service.candidates(unit.pk)
    employment = first.person.employments.get()
    with clock.travel(DAY + 5 * ONE):
        EMPLOYMENT.fire(employment, "end", actor=holder("unit_clerk", unit), ends_on=DAY + 4 * ONE)
    row.holding.refresh_from_db()
    assert row.holding.ends_on == DAY + 4 * ONE


def test_a_revoked_certificate_carries_no_new_appointment_and_the_unit_is_told(city):
    unit = city.unit(0)
    first, second = holder_of_exam(city, 7), holder_of_exam(city, 8)
    row, waiting = appoint.appoint(first, unit), appoint.propose(second, unit)
    for certificate in (first, second):
        certify.revoke(certificate)
    with pytest.raises(Blocked, match="失效|不再有效|已不"):
        appoint.confirm(waiting)
    certify.deliver("message")
    inbox = holder("unit_clerk", unit).inbox.values_list("subject", flat=True)
    assert any(first.number in subject for subject in inbox)
    assert row.status == "in_force"


def test_enterprises_appoint_without_the_portal(city, client):
    unit = next(each for each in city.units if each.employer_kind == "enterprise")
    certificate = holder_of_exam(city, 7, unit=unit)
    with pytest.raises(Blocked, match="自主聘任"):
        appoint.propose(certificate, unit)
    client.force_login(city.user("unit_clerk", unit))
    page = client.get(reverse("certificates:appointment-list")).content.decode()
    assert "自主聘任" in page
    assert reverse("certificates:appointment-new") not in page


def test_nobody_appoints_oneself(city):
    unit = city.unit(0)
    certificate = holder_of_exam(city, 7)
    user = certificate.person.user
    clerk, head = (
        Membership.objects.create(user=user, role=role, organisation=unit) for role in ("unit_clerk", "unit_head")
    )
    given = {"unit": unit, "level": "intermediate", "starts_on": DAY}
    with pytest.raises(NotAllowed, match="本人"):
        service.propose(certificate, user=user.act_as(clerk), **given)
    row = appoint.propose(certificate, unit)
    with pytest.raises(NotAllowed, match="本人"):
        APPOINTMENT.fire(row, "confirm", actor=user.act_as(head), content_hash=row.content_hash())
    clerk = row.proposed_by
    also_head = Membership.objects.create(user=clerk, role="unit_head", organisation=unit)
    with pytest.raises(NotAllowed, match="另一人"):
        APPOINTMENT.fire(row, "confirm", actor=clerk.act_as(also_head), content_hash=row.content_hash())


def test_who_was_recommended_and_is_appointed_counts_once():
    city, cycle = a_stage()
    with clock.travel(DAY):
        [first] = recommended(city, cycle, 1)
        second = handed_in(city, cycle, 2)
    assert unit_rules.others_recommended(second, PUBLICITY_OVER) == 1
    PostHolding.objects.create(unit=first.unit, person=first.applicant, level="intermediate", starts_on=PUBLICITY_OVER)
    assert unit_rules.others_recommended(second, PUBLICITY_OVER) == 0
    structure = structure_of(first.unit_id, "intermediate", PUBLICITY_OVER)
    assert taken(structure, PUBLICITY_OVER, PUBLICITY_OVER) == structure.used + 1


def test_guards_by_name(city):
    """``end_in_order``, ``certificate_in_force``, ``dates_fit``, ``level_of_the_title``, ``works_here``."""
    unit = city.unit(0)
    row = appoint.appoint(holder_of_exam(city, 7), unit)

    def says(last_day):
        return list(rules.end_in_order(row, SimpleNamespace(day=DAY, data={"last_day": last_day})))

    assert not says(DAY)
    assert says(None)
    assert says(DAY + ONE)
    assert says(DAY - ONE)
    act = SimpleNamespace(day=DAY, data={})
    for guard in (rules.certificate_in_force, rules.dates_fit, rules.level_of_the_title, rules.works_here):
        assert not list(guard(row, act)), guard.__name__
    assert [problem.field for problem in rules.one_post_at_a_time(row, act)] == ["starts_on"]  # its own post now
    assert not list(rules.post_free(row, act))
