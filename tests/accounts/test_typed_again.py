"""A session that ends while somebody types: nothing typed is lost, and nobody else is shown it (decision 69)."""

import re
import time
from unittest.mock import patch

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from appraisal_portal.accounts.models import User
from appraisal_portal.home.story.city import PASSWORD
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel import carried
from tests.accounts.archive_form import LOGIN, PAGE, TYPED, a_city
from tests.matrix.test_fields import Inputs
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_city)]
ORIGIN = {"Origin": "http://testserver"}


@pytest.fixture
def city():
    return a_city()


def log_in(client: Client, user: User, **more: str):
    return client.post(LOGIN, {"username": user.username, "password": PASSWORD, **more})


def hidden(answer) -> dict[str, list[str]]:
    """What the form of the page would send."""
    inputs = Inputs()
    inputs.feed(answer.content.decode().partition("<main")[2])
    return inputs.values


def token(client: Client) -> str:
    """The token of a form as it stands on a page opened now."""
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(PAGE).content.decode())[1]


@pytest.fixture
def lost(city):
    """(browser, owner, the answer to a form whose session had ended)."""
    client, user = Client(), city.applicant(11)
    assert log_in(client, user).status_code == 302
    form = {**TYPED, "csrfmiddlewaretoken": token(client)}
    Session.objects.all().delete()
    return client, user, client.post(PAGE, {**form, "file": SimpleUploadedFile("证书.pdf", b"%PDF-")})


def test_the_same_person_logs_in_and_sends_what_was_typed(lost):
    client, user, answer = lost
    assert answer.status_code == 403
    words = answer.content.decode()
    assert "您填写的内容没有丢失。请在一小时内在本页登录" in words
    assert "文件需要重新选择。登录后页面会列出是哪些文件。" in words
    assert "证书.pdf" not in words
    assert TYPED["title"] not in words  # sealed: who comes to this browser next reads nothing of it
    kept_words = hidden(answer)["kept"][0]
    wrong = client.post(LOGIN, {"username": user.username, "password": "x", "kept": kept_words, "next": PAGE})
    assert hidden(wrong)["kept"] == [kept_words]  # a wrong password loses nothing
    again = log_in(client, user, kept=kept_words, next=PAGE)
    assert again.status_code == 200
    assert "no-store" in again["Cache-Control"]
    assert "您填写的内容还在" in again.content.decode()
    assert f"<li>{TYPED['title']}</li>" in again.content.decode()
    assert user.person.archive.count() == 0  # nothing is sent by itself
    assert re.search(
        r'<label for="(\w+)">证书\.pdf</label><input type="file" name="file" id="\1"', again.content.decode()
    )
    sent = hidden(again) | {"file": SimpleUploadedFile("证书.pdf", evidence_pdf("证书"))}
    assert {name: sent[name] for name in TYPED} == {name: [value] for name, value in TYPED.items()}
    assert client.post(PAGE, sent).status_code == 302
    stored = user.person.archive.get()
    assert (stored.title, stored.files.get().upload.original_name) == (TYPED["title"], "证书.pdf")


def test_files_alone_are_asked_for_again_by_their_names(city):
    client, user = Client(), city.applicant(11)
    log_in(client, user)
    made = token(client)
    Session.objects.all().delete()
    two = [SimpleUploadedFile("一.pdf", b"%PDF-"), SimpleUploadedFile("二.pdf", b"%PDF-")]
    answer = client.post(PAGE, {"version": "3", "files": two, "csrfmiddlewaretoken": made})
    assert answer.status_code == 403
    assert "您填写的内容没有丢失" not in answer.content.decode()  # nothing was typed
    page = log_in(client, user, kept=hidden(answer)["kept"][0], next=PAGE).content.decode()
    assert "<h1>请重新选择文件</h1>" in page
    assert re.search(
        r'>一\.pdf, 二\.pdf</label><input type="file" name="files" id="file_1" multiple data-session=', page
    )


def test_another_person_who_logs_in_there_is_shown_nothing(lost, city):
    client, _user, answer = lost
    other = log_in(client, city.applicant(12), kept=hidden(answer)["kept"][0], next=PAGE)
    assert (other.status_code, other.url) == (302, reverse("home:work"))  # the page itself may be the owner's alone
    page = client.get(other.url, follow=True).content.decode()
    assert "登录前填写的内容没有提交：它属于其他账号，或者时间太久。" in page
    assert TYPED["title"] not in page


def test_it_opens_for_an_hour_and_unaltered_only(lost):
    client, user, answer = lost
    sealed = hidden(answer)["kept"][0]
    assert carried.opened(sealed, user)
    assert carried.opened(sealed[:-10] + "AAAAAAAAA=", user) is None
    assert carried.opened("nonsense", user) is None
    with patch("cryptography.fernet.time.time", return_value=time.time() + 3601):
        assert carried.opened(sealed, user) is None
        assert log_in(client, user, kept=sealed, next=PAGE).url == PAGE


def test_passwords_and_tokens_never_go_along(city):
    client, user = Client(), city.applicant(11)
    log_in(client, user)
    secret = {
        "password": "geheim",
        "new_password1": "geheim",
        "opinion": "同意推荐",
        "csrfmiddlewaretoken": token(client),
    }
    Session.objects.all().delete()
    sealed = hidden(client.post(PAGE, secret))["kept"][0]
    assert dict(carried.opened(sealed, user).fields) == {"opinion": ["同意推荐"]}


@pytest.mark.parametrize(
    ("post", "headers"),
    [
        (
            {"version": "3", "seen_status": "draft", "x-TOTAL_FORMS": "1", "seal": "0" * 128},
            {},
        ),  # a button: not pressed again by us
        (TYPED, {"X-Requested-With": "autosave"}),  # the script says it; the button sends it
        ({"title": "长" * 1_100_000}, {}),  # more than a log-in page carries
    ],
)
def test_what_is_not_carried_leads_to_the_log_in_as_before(city, post, headers):
    client = Client()
    log_in(client, city.applicant(11))
    made = token(client)
    Session.objects.all().delete()
    answer = client.post(PAGE, post | {"csrfmiddlewaretoken": made}, headers=headers)
    assert (answer.status_code, answer.url) == (302, f"{LOGIN}?next={PAGE}")


def test_a_form_belongs_to_the_account_it_was_made_for(city):
    """Whoever logs in later in that browser is not offered what somebody typed there before."""
    client, first, second = Client(enforce_csrf_checks=True), city.applicant(11), city.applicant(12)
    elsewhere = Client()  # the same browser's other window: without checks, so that it logs in by one post
    client.cookies = elsewhere.cookies
    log_in(elsewhere, first)
    old = {**TYPED, "csrfmiddlewaretoken": token(client)}
    log_in(elsewhere, second)
    answer = client.post(PAGE, old, headers=ORIGIN)
    assert answer.status_code == 403
    assert "页面打开的时间太长了" in answer.content.decode()
    assert TYPED["title"] not in answer.content.decode()
    new = {**TYPED, "title": "第二人的成果", "csrfmiddlewaretoken": token(client)}
    log_in(elsewhere, first)  # and back: each form finds its own person again
    assert TYPED["title"] in client.post(PAGE, old, headers=ORIGIN).content.decode()
    assert "第二人的成果" not in client.post(PAGE, new, headers=ORIGIN).content.decode()
    Session.objects.all().delete()
    assert "第二人的成果" not in client.post(PAGE, new, headers=ORIGIN).content.decode()
    assert not second.person.archive.exists()


def test_a_form_without_a_token_of_this_browser_is_nobodys(city):
    client = Client()
    log_in(client, city.applicant(11))
    Session.objects.all().delete()
    for made in ("", "a" * 64, "长", "a" * 7):
        assert client.post(PAGE, {**TYPED, "csrfmiddlewaretoken": made}).status_code == 302


def test_what_is_typed_on_a_public_page_belongs_to_no_account(city):
    """Somebody may have stood at this browser before the log-in, and raised an objection without a name."""
    client, user = Client(enforce_csrf_checks=True), city.applicant(11)
    log_in(elsewhere := Client(), user)
    client.cookies = elsewhere.cookies
    old = {"typed": "somebody@example.com", "csrfmiddlewaretoken": token(client)}
    log_in(elsewhere, user)
    answer = client.post(reverse("accounts:password-forgotten"), old, headers=ORIGIN)
    assert "somebody@example.com" not in answer.content.decode()


def test_nobody_knows_whose_it_is(city):
    stranger = Client()
    assert stranger.post(PAGE, TYPED).status_code == 302
    stranger.cookies[carried.OWNER_COOKIE] = "forged"
    assert stranger.post(PAGE, TYPED).status_code == 302


def test_the_cookie_opens_nothing_and_is_out_of_reach_of_scripts(city):
    client = Client()
    answer = log_in(client, city.applicant(11))
    cookie = answer.cookies[carried.OWNER_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")
    Session.objects.all().delete()
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("origin", "kept_words"), [(ORIGIN, True), ({"Origin": "https://evil.example"}, False), ({}, False)]
)
def test_logged_in_again_in_another_window(city, origin, kept_words):
    client, user, elsewhere = Client(enforce_csrf_checks=True), city.applicant(11), Client()
    log_in(elsewhere, user)
    client.cookies = elsewhere.cookies
    made = token(client)
    log_in(elsewhere, user)
    answer = client.post(PAGE, {**TYPED, "csrfmiddlewaretoken": made}, headers=origin)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert ("您填写的内容还在" in page, TYPED["title"] in page) == (kept_words, kept_words)
    assert user.person.archive.count() == 0
    if kept_words:
        made = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        assert client.post(PAGE, hidden(answer) | {"csrfmiddlewaretoken": made}, headers=origin).status_code == 302


def test_without_a_session_a_form_without_its_token_is_refused_as_ever(city):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(PAGE, TYPED, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "页面打开的时间太长了" in answer.content.decode()
