"""Recusal of the office's staff (回避, decision 36): seen nowhere, handled by a colleague, a small office borrows."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from applications.models import Achievement, CaseRecusal, Declaration
from applications.querysets_recusal import stands_back
from applications.rules import recusal as rules
from applications.services import examination
from applications.workflow.declaration import DECLARATION
from applications.workflow.people import handler, knowing
from applications.workflow.recusal import CASE_RECUSAL, nobody_left, propose_from_achievements
from appraisal_portal.accounts.models import Employment, Membership, Message, Person, User
from appraisal_portal.accounts.services import bureau_members, members_of
from appraisal_portal.home.story import people
from appraisal_portal.home.story import unit as story
from appraisal_portal.kernel import clock, outbox
from appraisal_portal.kernel.access import SYSTEM
from appraisal_portal.kernel.workflow import Blocked, NotAllowed
from committees.plans.models import Committee
from tests.factories.unit_stage import MONDAY, PUBLICITY_OVER, a_stage, in_examination

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(clock: Any) -> Declaration:
    """In examination, handled by the first clerk of its office."""
    city, cycle = a_stage()
    clock(MONDAY)
    [row] = in_examination(city, cycle, 401)
    clock(PUBLICITY_OVER)
    return Declaration.objects.get(pk=row.pk)


def clerks(case: Declaration) -> list[Any]:
    found = members_of(case.committee.office_id, "office_clerk")
    return [user.act_as(user.memberships.get(role="office_clerk")) for user in found]


def logged_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def case_url(case: Declaration) -> str:
    return reverse("applications:office-declaration", args=[case.pk])


def count_of_all(client: Client) -> int:
    page = client.get(reverse("applications:office-list"), {"tab": "all"})
    [(_key, _words, count)] = [tab for tab in page.context["tabs"] if tab[0] == "all"]
    assert count == len(page.context["rows"])
    return int(count)


def deliver() -> None:
    for kind, key in outbox.due():
        outbox.deliver(kind, key)


def test_whoever_stands_back_sees_and_handles_nothing_of_it(case: Declaration) -> None:
    """P11, P12: own declaration on the page; 404, no line, no count; the handler is released, a colleague confirms."""
    handler, colleague, _third = clerks(case)
    assert case.handler_id == handler.pk
    client, url = logged_in(handler), reverse("applications:office-stand-back", args=[case.pk])
    assert count_of_all(client) == 1
    assert client.post(url, {}).status_code == 422
    assert "您不再看到此件" in client.post(url, {"ground": "近亲属"}, follow=True).content.decode()
    assert client.get(case_url(case)).status_code == 404
    assert client.get(reverse("applications:declaration-paper", args=[case.pk, "2-1"])).status_code == 404
    assert count_of_all(client) == 0
    case.refresh_from_db()
    assert case.handler_id is None
    row = CaseRecusal.objects.get()
    deliver()
    told = Message.objects.filter(subject__contains="工作人员回避")
    assert handler not in [message.user for message in told]
    assert colleague in [message.user for message in told]
    with pytest.raises(NotAllowed):
        CASE_RECUSAL.fire(row, "confirm", actor=handler)
    with pytest.raises(Blocked, match="本人申明"):
        CASE_RECUSAL.fire(row, "refuse", actor=colleague, reason="不成立")
    page = logged_in(colleague).get(case_url(case)).content.decode()
    assert "近亲属" in page
    CASE_RECUSAL.fire(row, "confirm", actor=colleague)
    assert count_of_all(client) == 0
    with pytest.raises(Blocked, match="须回避"):
        examination.assign(case, handler, actor=colleague)
    examination.assign(case, colleague, actor=colleague)


def test_own_case_and_own_unit_need_no_decision(case: Declaration) -> None:
    """Found in the data, whenever the clerk came to the unit or the unit to the case."""
    _handler, colleague, third = clerks(case)
    assert count_of_all(logged_in(colleague)) == 1
    person = case.applicant
    before = person.user
    person.user = colleague
    person.save(update_fields=["user"])
    assert count_of_all(logged_in(colleague)) == 0
    assert logged_in(colleague).get(case_url(case)).status_code == 404
    person.user = before
    person.save(update_fields=["user"])
    third.memberships.create(
        organisation=case.unit, role="unit_clerk", starts_on=MONDAY, granted_by=before, reason="兼职"
    )
    client = logged_in(third)
    client.post(reverse("accounts:membership-switch"), {"membership": third.memberships.get(role="office_clerk").pk})
    assert count_of_all(client) == 0
    assert client.get(case_url(case)).status_code == 404


TODAY, DAY = PUBLICITY_OVER, dt.timedelta(days=1)
SOURCES: dict[str, tuple[bool, Callable[[Declaration, User], Any]]] = {
    "nothing": (False, lambda case, user: None),
    "the own case": (True, lambda case, user: Person.objects.filter(pk=case.applicant_id).update(user=user)),
    "a role in the unit": (True, lambda case, user: hold(case.unit, user)),
    "a role that begins tomorrow": (False, lambda case, user: hold(case.unit, user, starts_on=TODAY + DAY)),
    "a role on its last day": (True, lambda case, user: hold(case.unit, user, ends_on=TODAY)),
    "a role that has ended": (False, lambda case, user: hold(case.unit, user, ends_on=TODAY - DAY)),
    "a role withdrawn today": (False, lambda case, user: hold(case.unit, user, withdrawn_at=clock.now())),
    "employed in the unit": (True, lambda case, user: employ(case.unit, user, "confirmed")),
    "says to be employed in the unit": (False, lambda case, user: employ(case.unit, user, "asked")),
    "was employed in the unit": (False, lambda case, user: employ(case.unit, user, "ended")),
    "declared": (True, lambda case, user: recuse(case, user, "declared", "open")),
    "declared, confirmed": (True, lambda case, user: recuse(case, user, "declared", "confirmed")),
    "named": (True, lambda case, user: recuse(case, user, "named", "open")),
    "named, refused": (False, lambda case, user: recuse(case, user, "named", "refused")),
    "in an achievement": (True, lambda case, user: recuse(case, user, "co_author", "open")),
    "in an achievement, refused": (False, lambda case, user: recuse(case, user, "co_author", "refused")),
    "refused as named, stands as declared": (
        True,
        lambda case, user: (recuse(case, user, "named", "refused"), recuse(case, user, "declared", "open")),
    ),
}
"""What the data say → whether that person keeps away."""


def hold(unit: Any, user: User, **dates: Any) -> None:
    Membership.objects.create(organisation=unit, user=user, role="unit_clerk", **{"starts_on": MONDAY, **dates})


def employ(unit: Any, user: User, status: str) -> None:
    person = people.register(402).person  # somebody's own registration, under the account of the office now
    Person.objects.filter(pk=person.pk).update(user=user)
    Employment.objects.create(
        person=person, unit=unit, status=status, starts_on=MONDAY, confirmed_by=user, confirmed_kind="staff"
    )


def recuse(case: Declaration, user: User, source: str, status: str) -> None:
    CaseRecusal.objects.create(declaration=case, user=user, source=source, status=status, ground="依据见附件")


def test_who_may_not_see_is_not_told_and_who_may_is_told(case: Declaration) -> None:
    """Both directions over every source of a recusal: ``stands_back`` hides what ``knowing`` sends no message about."""
    _handler, colleague, _third = clerks(case)
    for source, (away, happens) in SOURCES.items():
        with transaction.atomic():
            happens(case, colleague)
            user = User.objects.get(pk=colleague.pk)
            again = Declaration.objects.get(pk=case.pk)
            hidden = Declaration.objects.filter(stands_back(user), pk=case.pk).exists()
            assert (hidden, user not in knowing(again, [user])) == (away, away), source
            again.handler = user
            assert (user not in handler(again)) is away, source
            transaction.set_rollback(True)


def test_refused_with_a_reason_the_case_is_seen_again(case: Declaration) -> None:
    _handler, colleague, third = clerks(case)
    row = CaseRecusal(declaration=case, user=third, source="named", ground="申报人申请回避：同乡")
    CASE_RECUSAL.fire(row, "propose", actor=SYSTEM)
    assert count_of_all(logged_in(third)) == 0
    with pytest.raises(Blocked, match="理由"):
        CASE_RECUSAL.fire(row, "refuse", actor=colleague)
    CASE_RECUSAL.fire(row, "refuse", actor=colleague, reason="同乡不是回避事由")
    assert count_of_all(logged_in(third)) == 1


def test_an_office_with_nobody_left_borrows_a_clerk(case: Declaration) -> None:
    """All but one keep away and that one found the person not eligible: the bureau lends a clerk for the recheck."""
    handler, colleague, third = clerks(case)
    for user in (colleague, third):
        CaseRecusal.objects.create(declaration=case, user=user, source="declared", ground="同一课题组")
    story.check_in_office(case)
    examination.disqualify(case, actor=handler, ground="hours", reason="学时不足")
    assert not nobody_left(case)
    DECLARATION.fire(case, "recheck", actor=case.applicant.user, reason="学时证明已补登")
    assert nobody_left(case)
    with pytest.raises(Blocked, match="不得办理复核"):
        examination.assign(case, handler, actor=handler)
    deliver()
    asked = Message.objects.filter(subject__contains="无人可以办理")
    assert {message.user for message in asked} == set(bureau_members())
    assert "此件在评委会办公室无人可以办理" in logged_in(handler).get(case_url(case)).content.decode()
    elsewhere = Committee.objects.exclude(office=case.committee.office).first()
    lent = members_of(elsewhere.office_id, "office_clerk")[0]
    lent.memberships.create(
        organisation=case.committee.office, role="office_clerk", starts_on=PUBLICITY_OVER, granted_by=handler,
        reason="复核换人，借调",
    )  # fmt: skip
    assert not nobody_left(case)
    examination.assign(case, lent, actor=handler)
    assert case.handler_id == lent.pk


def test_whom_an_achievement_names_is_proposed_on_arrival(case: Declaration) -> None:
    """Co-authors (合作者): before anybody of the office has seen the case, and once."""
    for name in ("recommend", "forward", "redirect"):
        assert DECLARATION.transitions[name].then is propose_from_achievements
    _handler, colleague, _third = clerks(case)
    Achievement.objects.filter(pk=case.achievements.first().pk).update(role=f"与{colleague.full_name}合著")
    for _twice in range(2):
        propose_from_achievements(case, None, None)
    found = CaseRecusal.objects.get()
    assert (found.user, found.source, found.status) == (colleague, "co_author", "open")
    assert count_of_all(logged_in(colleague)) == 0


def test_named_in_achievements_reads_titles_roles_and_the_representative_work() -> None:
    rows = [SimpleNamespace(title="松材线虫病防治（与钱伟合著）", role="", rank="2/5")]
    case = SimpleNamespace(
        representative_title="", representative_role="", representative_text="赵敏参与了外业调查",
        achievements=SimpleNamespace(all=lambda: rows), applicant=SimpleNamespace(name="孙丽"),
    )  # fmt: skip
    assert rules.named_in_achievements(case, {"钱伟", "赵敏", "孙丽", "李强", "伟"}) == {"钱伟", "赵敏"}


def test_not_declared_by_that_person() -> None:
    act: Any = None
    for source, problems in (("declared", 1), ("named", 0), ("co_author", 0)):
        row = CaseRecusal(source=source)
        assert len(list(rules.not_declared_by_that_person(row, act))) == problems
