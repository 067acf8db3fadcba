"""The pages: who opens which, what they do, how many queries a list takes."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.core import mail
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal_portal.accounts import services
from appraisal_portal.accounts.middleware import ActingMembershipMiddleware
from appraisal_portal.accounts.models import Employment, Membership, Message, Organisation, SentMail, User
from appraisal_portal.accounts.workflow import EMPLOYMENT
from appraisal_portal.home.story.city import City
from appraisal_portal.kernel import clock, outbox
from tests.factories.accounts import PASSWORD, a_city, make_user
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_city)]
Enter = Callable[[User], Client]


@pytest.fixture
def city() -> City:
    """The city of the story."""
    return a_city()


@pytest.fixture
def enter() -> Enter:
    """A browser in which somebody is logged in, pages in English."""

    def logged_in(user: User) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return client

    return logged_in


OPEN_TO = {
    "account-detail": {"applicant", "unit_clerk", "juror", "bureau_reviewer", "supervisor", "operator"},
    "account-edit": {"applicant", "unit_clerk", "juror", "bureau_reviewer", "supervisor", "operator"},
    "contact-change": {"applicant", "unit_clerk", "juror", "bureau_reviewer", "supervisor", "operator"},
    "password-change": {"applicant", "unit_clerk", "juror", "bureau_reviewer", "supervisor", "operator"},
    "organisation-add": {"applicant", "unit_clerk", "juror", "bureau_reviewer", "supervisor", "operator"},
    "employment-list": {"applicant", "unit_clerk", "juror", "bureau_reviewer", "supervisor", "operator"},
    "message-list": {"applicant", "unit_clerk", "juror", "bureau_reviewer", "supervisor", "operator"},
    "employment-add": {"applicant"},
    "organisation-list": {"bureau_reviewer", "supervisor", "operator"},
    "user-list": {"bureau_reviewer", "supervisor", "operator"},
    "user-add": {"bureau_reviewer", "operator"},
    "membership-list": {"bureau_reviewer", "supervisor", "operator"},
    "membership-add": {"bureau_reviewer"},
}


def test_pages_open_to_those_they_are_for(city: City, enter: Enter) -> None:
    """Others are refused with the reason; visitors are led to the log-in page."""
    people = {role: city.user(role) for role in ("unit_clerk", "juror", "bureau_reviewer", "supervisor", "operator")}
    people["applicant"] = city.applicant(1)
    for name, roles in OPEN_TO.items():
        url = reverse(f"accounts:{name}")
        assert Client().get(url).status_code == 302
        for role, user in people.items():
            assert enter(user).get(url).status_code == (200 if role in roles else 403), (name, role)
    for name in ("login", "register", "register-done", "password-forgotten", "password-forgotten-done"):
        assert Client().get(reverse(f"accounts:{name}")).status_code == 200
    assert Client().get(reverse("accounts:register-confirm")).status_code == 302


def test_unit_is_asked_and_confirms(city: City, enter: Enter) -> None:
    """The applicant types the unit, the clerk reads the name, confirms, and then sees the masked number."""
    applicant, unit = city.applicant(1), city.unit(0)
    browser, clerk = enter(applicant), enter(city.user("unit_clerk", unit))
    add = reverse("accounts:employment-add")
    several = browser.post(add, {"unit": "丽水", "starts_on": "2015-07-01"})
    assert several.status_code == 422
    assert unit.name in several.content.decode()
    assert "2015-07-01" in several.content.decode()
    future = browser.post(add, {"unit": unit.name, "starts_on": "2999-01-01"})
    assert "lies in the future" in future.content.decode()
    asked = browser.post(add, {"unit": unit.credit_code, "post": "工程师", "starts_on": "2015-07-01"})
    row = Employment.objects.get()
    assert asked["Location"] == row.get_absolute_url()
    assert "already asked" in browser.post(add, {"unit": unit.name, "starts_on": "2015-07-01"}).content.decode()
    page = clerk.get(row.get_absolute_url()).content.decode()
    assert applicant.person.name in page
    assert applicant.person.id_number[:6] not in page
    assert enter(city.user("unit_clerk", city.unit(1))).get(row.get_absolute_url()).status_code == 404
    confirm = reverse("accounts:employment-do", args=[row.pk, "confirm"])
    assert browser.get(confirm).status_code == 403
    assert clerk.post(confirm, {"seen_status": "asked"}).status_code == 422
    done = clerk.post(confirm, {"seen_status": "asked", "confirmed_kind": "staff"}, follow=True)
    assert f"{applicant.person.id_number[:6]}********" in done.content.decode()
    assert clerk.post(confirm, {"seen_status": "asked", "confirmed_kind": "staff"}).status_code == 409


def test_organisation_is_registered_and_approved(city: City, enter: Enter) -> None:
    """A wrong credit code is named and what was typed stays; a second one of the name is refused."""
    applicant = city.applicant(2)
    browser = enter(applicant)
    url = reverse("accounts:organisation-add")
    typed = {
        "kind": "unit",
        "name": "丽水测试有限公司",
        "credit_code": "91350100M000100Y44",
        "employer_kind": "enterprise",
        "county": "莲都区",
        "forwarder": str(city.counties["莲都区"].pk),
        "registered_as": "unit_clerk",
    }
    wrong = browser.post(url, typed)
    assert wrong.status_code == 422
    assert "does not fit the other 17" in wrong.content.decode()
    assert "丽水测试有限公司" in wrong.content.decode()
    assert browser.post(url, {**typed, "credit_code": "91350100M000100Y43"}).status_code == 302
    row = Organisation.objects.get(name="丽水测试有限公司")
    again = browser.post(url, {**typed, "credit_code": ""})
    assert again.status_code == 422
    empty = browser.get(url).content.decode()
    for needed in ("Kind of employer", "Unified social credit code"):
        assert f"{needed} <span" not in empty  # no employer is registered without
    assert "The bureau decides next" in browser.get(row.get_absolute_url()).content.decode()
    bureau = enter(city.user("bureau_reviewer"))
    assert "Nobody holds a role here" not in bureau.get(row.get_absolute_url()).content.decode()
    approve = reverse("accounts:organisation-do", args=[row.pk, "approve"])
    assert browser.get(approve).status_code == 403
    assert bureau.post(approve, {"seen_status": "waiting"}).status_code == 302
    assert Membership.objects.get(user=applicant, role="unit_clerk").organisation == row
    assert "Nobody holds a role here" not in bureau.get(row.get_absolute_url()).content.decode()
    Membership.objects.filter(organisation=row).update(withdrawn_at=clock.now())
    assert "Nobody holds a role here" in bureau.get(row.get_absolute_url()).content.decode()


def test_bureau_grants_and_ends_roles(city: City, enter: Enter) -> None:
    """Not to oneself, only in the right place, with a reason; ended at once."""
    reviewer, operator = city.user("bureau_reviewer"), city.user("operator")
    browser = enter(reviewer)
    made = enter(operator).post(
        reverse("accounts:user-add"), {"username": "neu.hier", "full_name": "赵新", "email": "neu@example.com"}
    )
    user = User.objects.get(username="neu.hier")
    assert made["Location"] == user.get_absolute_url()
    assert not user.has_usable_password()
    add = reverse("accounts:membership-add")
    grant = {
        "username": "neu.hier",
        "role": "observer",
        "organisation": city.discipline.name,
        "starts_on": "2018-01-02",
        "reason": "任命",
    }
    assert browser.post(add, {**grant, "username": reviewer.username}).status_code == 422
    misplaced = browser.post(add, {**grant, "organisation": city.unit(0).name})
    assert "held in" in misplaced.content.decode()
    assert browser.post(add, {**grant, "reason": ""}).status_code == 422
    assert browser.post(add, grant).status_code == 302
    row = Membership.objects.get(user=user)
    assert (row.granted_by, row.reason) == (reviewer, "任命")
    assert "already holds" in browser.post(add, grant).content.decode()
    observer = city.user("observer")
    again = {**grant, "username": observer.username, "instead_of": "nobody.here", "ends_on": "2099-01-01"}
    assert "No account has" in browser.post(add, again).content.decode()
    other = {**grant, "username": city.user("bureau_approver").username, "instead_of": observer.username}
    assert "has a last day" in browser.post(add, other).content.decode()
    assert browser.post(add, {**other, "ends_on": "2099-01-01"}).status_code == 302
    named = browser.get(reverse("accounts:membership-list"), {"q": other["username"]}).content.decode()
    assert f"standing in for {observer.full_name}" in named
    end = reverse("accounts:membership-end", args=[row.pk])
    assert enter(operator).post(end, {"reason": "x"}).status_code == 403
    assert browser.post(end, {"reason": ""}).status_code == 422
    assert browser.post(end, {"reason": "调离"}).status_code == 302
    assert user.memberships.active().count() == 0
    assert "already ended" in browser.post(end, {"reason": "调离"}).content.decode()


def test_freezing(city: City, enter: Enter) -> None:
    """With a reason, not oneself, and back."""
    operator, target = city.user("operator"), city.applicant(3)
    url = reverse("accounts:user-freeze", args=[target.pk])
    browser = enter(operator)
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"reason": ""}).status_code == 422
    assert browser.post(url, {"reason": "失联"}).status_code == 302
    assert "失联" in browser.get(target.get_absolute_url()).content.decode()
    assert not Client().login(username=target.username, password=PASSWORD)
    browser.post(url, {"reason": "恢复"})
    assert User.objects.get(pk=target.pk).is_active
    own = reverse("accounts:user-freeze", args=[operator.pk])
    assert browser.post(own, {"reason": "x"}).status_code == 422
    assert enter(city.user("supervisor")).get(url).status_code == 403


def test_a_message_arrives_once_and_is_read(enter: Enter, django_capture_on_commit_callbacks: Any) -> None:
    """Inbox and e-mail; a second delivery adds nothing; others do not see it."""
    user, day = make_user("reader", "applicant"), dt.date(2026, 12, 11)
    outbox.put_message(user, key="t:1", subject="补正", body="请补正。", link="/account/", by=day, action_needed=True)
    outbox.put_message(user, key="t:1", subject="补正", body="请补正。")
    assert outbox.deliver("message", "t:1")
    assert not outbox.deliver("message", "t:1")
    row = Message.objects.get()
    assert (row.act_by, row.action_needed, row.read_at) == (day, True, None)
    assert [letter.to for letter in mail.outbox] == [["reader@example.com"]]
    assert "最迟 2026-12-11" in mail.outbox[0].body
    outbox.put_message(
        user, key="t:2", subject="公示", body="公示到 2026年12月11日。", by=day
    )  # nothing for the reader to do
    assert outbox.deliver("message", "t:2")
    assert "最迟" not in mail.outbox[1].body
    browser = enter(user)
    assert "补正" in browser.get(reverse("accounts:message-list")).content.decode()
    assert browser.get(row.get_absolute_url()).status_code == 200
    row.refresh_from_db()
    assert row.read_at
    assert enter(make_user("other")).get(row.get_absolute_url()).status_code == 404


def test_sent_mail_is_shown_only_where_nothing_is_sent(settings: Any) -> None:
    """Elsewhere the page does not exist."""
    url = reverse("accounts:sent-mail")
    assert Client().get(url).status_code == 404
    settings.PORTAL_SHOW_SENT_MAIL = True
    settings.EMAIL_BACKEND = "appraisal_portal.accounts.mail.StoredMailBackend"
    mail.send_mail("验证码", "123456 https://example.com/", None, ["a@example.com", "b@example.com"])
    assert SentMail.objects.count() == 2
    page = Client().get(url, {"to": "a@"}).content.decode()
    assert page.count("123456") == 1


def test_language_and_size_are_kept(enter: Enter) -> None:
    """In the account for messages, in cookies for pages."""
    user = make_user("reader", "applicant")
    response = enter(user).post(reverse("accounts:account-edit"), {"language": "en", "large_text": "on"})
    user.refresh_from_db()
    assert (user.language, user.large_text) == ("en", True)
    assert response.cookies["django_language"].value == "en"
    assert response.cookies["size"].value == "large"


def test_a_page_that_does_not_ask_for_the_user_costs_nothing(rf: RequestFactory) -> None:
    """Neither session nor query."""
    request = rf.get("/")
    request.session = SessionBase()
    with CaptureQueriesContext(connection) as queries:
        ActingMembershipMiddleware(lambda _request: None)(request)  # type: ignore[arg-type, return-value]
    assert not queries
    assert not request.session.accessed


LISTS = ("organisation-list", "membership-list", "user-list", "employment-list", "message-list", "account-detail")


@pytest.mark.parametrize("name", LISTS)
def test_lists_take_the_same_queries_for_one_row_and_three(city: City, enter: Enter, name: str) -> None:
    """And at most twelve."""
    unit = city.unit(0)
    user = city.user("unit_clerk", unit) if name == "employment-list" else city.user("bureau_reviewer")
    browser, url = enter(user), reverse(f"accounts:{name}")
    browser.get(url)

    def one_more(seed: int) -> None:
        applicant = city.applicant(seed)
        row = Employment(person=applicant.person, unit=unit, starts_on=dt.date(2015, 7, 1))
        EMPLOYMENT.fire(row, "ask", actor=applicant)
        Message.objects.create(user=user, outbox_key=str(seed), subject="s", body="b", act_by=dt.date(2026, 12, 11))
        Organisation.objects.create(
            kind="unit", name=f"单位{seed}", employer_kind="social", status="active", forwarder=city.counties["莲都区"]
        )
        services.grant(make_user(f"user{seed}"), "observer", city.discipline, by=user)

    counts = []
    for rows in (1, 3):
        for number in range(rows):
            one_more(100 * rows + number)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
