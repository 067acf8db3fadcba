"""Before chosen files are sent the page asks whether its person is still logged in (decision 90)."""

import html
import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from appraisal_portal.accounts.models import Membership
from appraisal_portal.home.story.city import PASSWORD
from appraisal_portal.home.story.people import evidence_pdf
from tests.accounts.archive_form import LOGIN, PAGE, TYPED, a_city
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_city)]
ORIGIN = {"Origin": "http://testserver"}


@pytest.fixture
def city():
    return a_city()


def asks(client: Client, page: str = PAGE) -> str:
    """Where the page's script asks."""
    return html.unescape(re.search(r'type="file"[^>]* data-session="([^"]+)"', client.get(page).content.decode())[1])


def logged_in(user) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


def test_asking_prolongs_nothing_and_reads_three_rows(city, django_assert_num_queries):
    client = logged_in(city.applicant(11))
    address = asks(client)
    before = Session.objects.get().expire_date
    with django_assert_num_queries(3):  # session, account, its roles
        answer = client.get(address)
    assert answer.json()["state"] == "same"
    assert answer["Cache-Control"] == "no-store"
    assert settings.SESSION_COOKIE_NAME not in answer.cookies
    assert Session.objects.get().expire_date == before


def test_ended_then_logged_in_elsewhere_the_form_goes_with_the_token_of_today(city):
    user = city.applicant(11)
    client = logged_in(user)
    page = client.get(PAGE).content.decode()
    stale = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    address = asks(client)
    Session.objects.all().delete()
    told = client.get(address).json()
    assert (told["state"], told["link"]["href"], "token" in told) == ("ended", LOGIN, False)
    assert told["text"].startswith("您已退出登录，本页尚未提交。您填写的内容和选好的文件都还在本页。")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(LOGIN).content.decode())[1]
    login = {"username": user.username, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert client.post(LOGIN, login, headers=ORIGIN).status_code == 302
    now = client.get(address).json()
    assert now["state"] == "same"

    def sent(token: str) -> int:
        file = SimpleUploadedFile("证书.pdf", evidence_pdf("证书"))
        return client.post(PAGE, {**TYPED, "file": file, "csrfmiddlewaretoken": token}, headers=ORIGIN).status_code

    assert sent(stale) == 403  # each log-in changes it
    assert sent(now["token"]) == 302
    assert user.person.archive.get().files.get().upload.original_name == "证书.pdf"


def test_another_account_is_not_sent_as(city):
    client = logged_in(city.applicant(11))
    address = asks(client)
    client.force_login(city.applicant(12))
    told = client.get(address).json()
    assert (told["state"], "token" in told) == ("other", False)
    assert told["text"].startswith("这个浏览器里现在登录的是另一个账号，本页没有提交。")


def test_another_role_is_switched_back_first(city):
    user = city.user("unit_head")
    client = logged_in(user)
    address = asks(client, reverse("accounts:unitseal-new"))
    other = Membership.objects.create(
        user=user, role="unit_clerk", organisation=user.acting.organisation, starts_on=user.acting.starts_on
    )
    client.force_login(user)
    session = client.session
    session["acting_membership"] = other.pk
    session.save()
    told = client.get(address).json()
    assert told["state"] == "role"
    assert "切换回原来的身份" in told["text"]


@pytest.mark.parametrize("who", ["", "x", "1", "1.2.3", "1.%00"])
def test_nonsense_is_somebody_else(city, who):
    client = logged_in(city.applicant(11))
    assert client.get(f"{reverse('kernel:session')}?who={who}").json()["state"] in {"other", "role"}
    assert Client().get(f"{reverse('kernel:session')}?who={who}").json()["state"] == "ended"


def test_a_visitors_page_asks_nothing(city):
    page = Client().get(reverse("certificates:verify-file")).content.decode()
    assert 'type="file"' in page
    assert "data-session" not in page
