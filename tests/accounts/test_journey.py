"""Registration, log-in, forgotten password, switching the role: through Django's client as a browser would."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.auth.hashers import get_hasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal_portal.accounts import services
from appraisal_portal.accounts.models import ContactProof, LoginAttempt, Membership, Message, Organisation, Person, User
from appraisal_portal.home.story.people import someone
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.tasks import sweep_messages
from tests.factories.accounts import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def page(response: Any) -> str:
    """The page without what is random in every answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())


def typed(seed: int, **changes: str) -> dict[str, str]:
    """What the person of this seed types in."""
    who = someone(seed)
    return {
        "name": who.name,
        "id_kind": "resident",
        "id_number": who.id_number,
        "channel": "email",
        "address": who.email,
        "password1": "ein langes Wort",
        "password2": "ein langes Wort",
        "agreed": "on",
        **changes,
    }


def register(client: Client, data: dict[str, str]) -> tuple[Any, Any]:
    """Both steps; the two pages."""
    asked = client.post(reverse("accounts:register"), data, follow=True)
    code = re.findall(r"[0-9]{6}", mail.outbox[-1].subject)[0]
    return asked, client.post(reverse("accounts:register-confirm"), {"code": code}, follow=True)


def test_a_person_registers_logs_in_and_finds_the_own_account(client: Client) -> None:
    """The whole way; the ID number is masked on the page."""
    asked, done = register(client, typed(7))
    assert asked.redirect_chain == [(reverse("accounts:register-confirm"), 302)]
    assert done.redirect_chain == [(reverse("accounts:register-done"), 302)]
    who = someone(7)
    person = Person.objects.get(id_number=who.id_number)
    assert (person.name, person.birth_date, person.gender) == (who.name, who.birth_date, who.gender)
    assert person.user.acts_as("applicant")
    login = client.post(reverse("accounts:login"), {"username": who.email.upper(), "password": "ein langes Wort"})
    assert login.status_code == 302
    account = client.get(reverse("accounts:account-detail")).content.decode()
    assert who.name in account
    assert who.id_number not in account
    assert who.id_number[:6] + "********" in account


def test_whoever_has_got_no_code_has_a_new_one_sent_and_the_old_one_is_void(client: Client) -> None:
    confirm = reverse("accounts:register-confirm")
    page = client.post(reverse("accounts:register"), typed(7), follow=True).content.decode()
    assert "没有收到验证码？" in page
    first = re.findall(r"[0-9]{6}", mail.outbox[-1].subject)[0]
    again = client.post(confirm, {"again": "1"}, follow=True)
    assert again.redirect_chain == [(confirm, 302)]
    assert "新的验证码已发出，原验证码不再有效。" in again.content.decode()
    second = re.findall(r"[0-9]{6}", mail.outbox[-1].subject)[0]
    assert len(mail.outbox) == 2
    if first != second:  # one in a million
        assert client.post(confirm, {"code": first}).status_code == 422
    assert client.post(confirm, {"code": second}, follow=True).redirect_chain[-1][0] == reverse(
        "accounts:register-done"
    )
    assert Person.objects.filter(id_number=someone(7).id_number).exists()


def test_new_codes_are_limited_like_registrations(client: Client, settings: Any) -> None:
    settings.PORTAL_LOGINS_PER_ACCOUNT = 2
    client.post(reverse("accounts:register"), typed(7))
    for sent in (2, 2):
        answer = client.post(reverse("accounts:register-confirm"), {"again": "1"}, follow=True)
        assert len(mail.outbox) == sent
    assert "尝试次数过多" in answer.content.decode()


def test_known_and_unknown_persons_get_the_same_pages() -> None:
    """Byte by byte; the owner of the known account is told."""
    register(Client(), typed(8))
    stranger = {"address": "stranger@example.com", "id_number": someone(9).id_number, "name": someone(9).name}
    unknown = register(Client(), typed(9, **stranger))
    known = register(Client(), typed(8, address="stranger@example.org"))
    for left, right in zip(unknown, known, strict=True):
        assert left.status_code == right.status_code
        assert page(left).replace("example.com", "example.org") == page(right)
    assert User.objects.count() == 2
    sweep_messages()
    assert Message.objects.get(user__person__id_number=someone(8).id_number).subject
    same_address = register(Client(), typed(10, address=someone(8).email))
    assert page(same_address[1]) == page(unknown[1])
    assert not Person.objects.filter(id_number=someone(10).id_number).exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id_number": "331102199003070019"}, "other 17"),
        ({"id_number": "331102199002300010"}, "not a date"),
        ({"id_number": "331102900307001"}, "15-digit"),
        ({"birth_date": "1950-01-01"}, "The date of birth is 1950-01-01"),
        ({"name": "张 三"}, "Take the space out"),
        ({"address": "nowhere"}, "valid email"),
        ({"password1": "kurz", "password2": "kurz"}, "at least 10"),
        ({"password2": "another one, longer"}, "password"),
        ({"agreed": ""}, "I agree"),
    ],
)
def test_bad_input_is_told_at_its_field_and_kept(client: Client, change: dict[str, str], words: str) -> None:
    """422, what was typed stands there again, nothing is stored or sent."""
    client.cookies["django_language"] = "en"
    response = client.post(reverse("accounts:register"), typed(11, **change))
    assert response.status_code == 422
    text = response.content.decode()
    assert words in text
    assert f'value="{change.get("id_number", someone(11).id_number)}"' in text
    assert not ContactProof.objects.exists()
    assert not mail.outbox


def test_gender_against_the_number(client: Client) -> None:
    """The 17th digit says it."""
    client.cookies["django_language"] = "en"
    wrong = "female" if someone(11).gender == "male" else "male"
    response = client.post(reverse("accounts:register"), typed(11, gender=wrong))
    assert "The 17th digit" in response.content.decode()


def test_a_code_can_be_tried_five_times_within_its_time(client: Client) -> None:
    """The right one too late or too often is wrong."""
    client.post(reverse("accounts:register"), typed(12))
    proof = ContactProof.objects.get()
    code = re.findall(r"[0-9]{6}", mail.outbox[-1].subject)[0]
    wrong = "000000" if code != "000000" else "111111"
    assert code not in str(proof.__dict__)
    with clock.travel(clock.now() + dt.timedelta(minutes=16)):
        assert not services.check_code(proof, code)
    for _time in range(5):
        assert not services.check_code(proof, wrong)
    assert not services.check_code(proof, code)
    response = client.post(reverse("accounts:register-confirm"), {"code": code})
    assert response.status_code == 422
    assert not User.objects.exists()


def test_p53_login_answers_alike_for_wrong_unknown_and_frozen(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bytes, a limit judged in PostgreSQL, and the same work: what takes the time is the one hash."""
    make_user("known")
    services.freeze(make_user("icy"), by=make_user("boss"), reason="left")
    hasher, hashes = type(get_hasher()), []
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda self, *said, **more: hashes.append(1) or encode(self, *said, **more))
    answers, work = {}, {}
    for name, password in (("known", "wrong"), ("nobody", "wrong"), ("icy", PASSWORD)):
        hashes.clear()
        with CaptureQueriesContext(connection) as queries:
            response = client.post(reverse("accounts:login"), {"username": name, "password": password})
        assert response.status_code == 422
        answers[name] = page(response).replace(f'value="{name}"', "")
        work[name] = (len(hashes), len(queries))
    assert answers["known"] == answers["nobody"] == answers["icy"]
    assert work["known"] == work["nobody"] == work["icy"]
    assert work["known"][0] == 1


@pytest.mark.parametrize("name", ["known", "nobody"])
def test_too_many_attempts(client: Client, settings: Any, name: str) -> None:
    """The eleventh is refused even with the right password; a quarter of an hour later it works."""
    make_user("known")
    start = clock.now()
    with clock.travel(start):
        for _time in range(settings.PORTAL_LOGINS_PER_ACCOUNT):
            client.post(reverse("accounts:login"), {"username": name, "password": "wrong"})
        response = client.post(reverse("accounts:login"), {"username": name, "password": PASSWORD})
        assert response.status_code == 422
    with clock.travel(start + dt.timedelta(minutes=16)):
        response = client.post(reverse("accounts:login"), {"username": "known", "password": PASSWORD})
        assert response.status_code == 302
    assert not LoginAttempt.objects.filter(at__lt=start - dt.timedelta(seconds=1)).exists()


def test_one_address_tries_many_names(client: Client, settings: Any) -> None:
    """Counted over all names; another address is not touched."""
    settings.PORTAL_LOGINS_PER_ADDRESS = 3
    make_user("known")
    for number in range(3):
        client.post(reverse("accounts:login"), {"username": f"guess{number}", "password": "wrong"})
    right = {"username": "known", "password": PASSWORD}
    assert client.post(reverse("accounts:login"), right).status_code == 422
    assert client.post(reverse("accounts:login"), right, REMOTE_ADDR="10.1.1.1").status_code == 302


def test_forgotten_password(client: Client) -> None:
    """The same answer for everybody; the link works once; other sessions end."""
    user = make_user("known")
    elsewhere = Client()
    elsewhere.force_login(user)
    answers = [
        page(client.post(reverse("accounts:password-forgotten"), {"typed": name}, follow=True))
        for name in ("known", "nobody")
    ]
    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [["known@example.com"]]
    path = re.findall(r"(/account/password/set/\S+)", mail.outbox[0].body)[0]
    form = client.get(path, follow=True)
    target = form.redirect_chain[0][0]
    weak = client.post(target, {"new_password1": "kurz", "new_password2": "kurz"})
    assert weak.status_code == 422
    client.post(target, {"new_password1": "Neues-Wort-2026", "new_password2": "Neues-Wort-2026"})
    assert client.login(username="known", password="Neues-Wort-2026")
    assert elsewhere.get(reverse("accounts:account-detail")).status_code == 302
    assert "valid" in Client().get(path, follow=True, headers={"accept-language": "en"}).content.decode()


def test_switching_the_role_and_losing_it(client: Client) -> None:
    """The chosen role decides what opens; taken away at once it is gone with the next click."""
    bureau = Organisation.objects.create(kind="city_bureau", name="市局", status="active")
    approver = make_user("approver", "bureau_approver", bureau)
    user = make_user("both", "bureau_reviewer", bureau)
    observed = Organisation.objects.create(kind="discipline", name="纪检", status="active")
    second = Membership.objects.create(user=user, role="observer", organisation=observed)
    client.force_login(user)
    listing = reverse("accounts:membership-list")
    assert client.get(listing).status_code == 200
    switch = reverse("accounts:membership-switch")
    assert client.post(switch, {"membership": approver.acting.pk}).status_code == 404
    assert client.post(switch, {"membership": second.pk}).status_code == 302
    assert client.get(listing).status_code == 403
    first = user.memberships.get(role="bureau_reviewer")
    client.post(switch, {"membership": first.pk})
    assert client.get(listing).status_code == 200
    services.end_membership(first, by=approver, reason="moved")
    assert client.get(listing).status_code == 403
    services.freeze(user, by=approver, reason="left")
    response = client.get(reverse("accounts:account-detail"))
    assert response.status_code == 302
    assert reverse("accounts:login") in response["Location"]


def test_whoever_has_several_roles_chooses_one_after_the_log_in(client: Client) -> None:
    bureau = Organisation.objects.create(kind="city_bureau", name="市局", status="active")
    user = make_user("both", "bureau_reviewer", bureau)
    observed = Organisation.objects.create(kind="discipline", name="纪检", status="active")
    second = Membership.objects.create(user=user, role="observer", organisation=observed)
    user.inbox.create(outbox_key="1", subject="请审核", body="请审核", action_needed=True)
    work, login = reverse("home:work"), reverse("accounts:login")
    answer = client.post(login, {"username": "both", "password": PASSWORD}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == reverse("home:roles")
    assert "您现在以哪个角色办理？" in page
    assert re.findall(r"<b>(.*?)</b> · (\w+)<br>", page) == [("市局经办人", "市局"), ("纪检监督员", "纪检")]
    assert "有 1 条未读消息需要您办理" in page
    chosen = client.post(reverse("accounts:membership-switch"), {"membership": second.pk}, follow=True)
    assert chosen.redirect_chain[-1][0] == reverse("reviews:call-up-list")
    assert client.get(work).url == reverse("reviews:call-up-list")  # asked once, not at every click on the logo
    services.end_membership(second, by=make_user("approver", "bureau_approver", bureau), reason="moved")
    client.post(reverse("accounts:logout"))
    client.post(login, {"username": "both", "password": PASSWORD})
    assert client.get(work).url == reverse("home:bureau")  # with one role there is nothing to choose


def test_contact_is_changed_after_the_code(client: Client) -> None:
    """The login name follows; somebody else's address is not taken over."""
    user = User.objects.create_user("old@example.com", PASSWORD, full_name="王敏", email="old@example.com")
    make_user("taken@example.com")
    client.force_login(user)
    for address, changed in (("taken@example.com", False), ("new@example.com", True)):
        data = {"channel": "email", "address": address, "password": PASSWORD}
        client.post(reverse("accounts:contact-change"), data)
        code = re.findall(r"[0-9]{6}", mail.outbox[-1].subject)[0]
        client.post(reverse("accounts:contact-confirm"), {"code": code})
        user.refresh_from_db()
        assert (user.username == user.email == address) is changed


def test_old_staff_password_is_changed_first(client: Client) -> None:
    """After 90 days the log-in leads to the change."""
    bureau = Organisation.objects.create(kind="city_bureau", name="市局", status="active")
    user = make_user("reviewer", "bureau_reviewer", bureau)
    User.objects.filter(pk=user.pk).update(password_changed_at=clock.now() - dt.timedelta(days=91))
    response = client.post(reverse("accounts:login"), {"username": "reviewer", "password": PASSWORD})
    assert response["Location"] == reverse("accounts:password-change")
