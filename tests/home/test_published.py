"""Ready bytes: a publication shows at the next request; language and preferences are kept apart; 304 when known."""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from appraisal_portal.accounts.models import Employment, Organisation, User
from appraisal_portal.accounts.workflow import EMPLOYMENT
from appraisal_portal.home.story.cycle import decide
from appraisal_portal.home.story.people import register
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.models import ChainHead
from committees.plans import services
from committees.plans.models import Notice
from committees.plans.workflow import NOTICE
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Bureau:
    """Two persons of the bureau and an applicant: a whole city takes seconds to make anew for each test."""

    reviewer: User
    approver: User
    unit: Organisation

    def publish(self, title: str) -> None:
        notice = services.draft_notice(None, title, "内容。")
        decide(NOTICE, notice, owner=self.reviewer, reviewer=self.reviewer, approver=self.approver)
        NOTICE.fire(notice, "publish", actor=self.reviewer)

    def employ(self) -> None:
        applicant = register(1).act_as(None)
        EMPLOYMENT.fire(
            Employment(person=applicant.person, unit=self.unit, starts_on=dt.date(2020, 1, 1)), "ask", actor=applicant
        )


@pytest.fixture
def bureau():
    """Their first publication has begun the chain."""
    body = Organisation.objects.create(kind="city_bureau", name="市局", status="active")
    unit = Organisation.objects.create(kind="unit", name="单位", employer_kind="enterprise", status="active")
    made = Bureau(make_user("r", "bureau_reviewer", body), make_user("a", "bureau_approver", body), unit)
    made.publish("第一个通知")
    assert ChainHead.objects.exists()
    return made


def visitor(language: str = "en") -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def test_second_reader_costs_one_query_and_gets_the_same(bureau, django_assert_num_queries):
    first = visitor().get("/")
    with django_assert_num_queries(0):  # the version is read past Django's cursor
        second = visitor().get("/")
    assert second.content == first.content
    assert not second.cookies
    for name in ("Content-Security-Policy", "X-Frame-Options", "Content-Language", "Referrer-Policy", "Vary"):
        assert second[name] == first[name]
    assert second["Cache-Control"] == "no-cache"


def test_publication_shows_at_the_next_request(bureau):
    assert "停电通知" not in visitor().get("/").content.decode()
    bureau.publish("停电通知")
    assert "停电通知" in visitor().get("/").content.decode()


def test_other_records_do_not_make_the_page_anew(bureau, django_assert_num_queries):
    visitor().get("/")
    bureau.employ()
    with django_assert_num_queries(1):  # the links since
        visitor().get("/")
    with django_assert_num_queries(0):
        visitor().get("/")


def test_languages_and_preferences_are_kept_apart(bureau):
    english, chinese = visitor("en").get("/"), visitor("zh-hans").get("/")
    assert english.content != chinese.content
    large = visitor("en")
    large.cookies["size"] = "large"
    assert 'class="large"' in large.get("/").content.decode()
    assert visitor("en").get("/").content == english.content


def test_known_page_is_not_sent_again(bureau):
    page = visitor().get("/")
    again = visitor().get("/", headers={"if-none-match": page["ETag"]})
    assert again.status_code == 304
    assert not again.content
    assert again["ETag"] == page["ETag"]
    bureau.publish("新通知")
    assert visitor().get("/", headers={"if-none-match": page["ETag"]}).status_code == 200


def test_every_published_address_knows_its_own_bytes(bureau):
    """Lists, feeds and the read API: who has the bytes already is told so, and gets new ones when there are some."""
    kinds = ("notices", "publicity", "results")
    paths = [
        *(reverse(name) for name in ("plans:notice-list", "plans:standard-list", "plans:plan-public", "home:sitemap",
                                     "reviews:public-publicity-list", "certificates:result-list", "home:robots",
                                     "home:api", "home:api-description", "certificates:credential-terms")),
        *(reverse("home:feed", args=[kind]) for kind in kinds),
        *(reverse("home:api-list", args=[kind]) for kind in kinds),
        Notice.objects.get().get_public_url(),
    ]  # fmt: skip
    with clock.travel(clock.now()):  # the minute stands on each page
        tags = {}
        for path in paths:
            page = visitor().get(path)
            tags[path] = page["ETag"]
            again = visitor().get(path, headers={"if-none-match": page["ETag"]})
            assert (path, again.status_code, again.content, again["ETag"]) == (path, 304, b"", page["ETag"])
        bureau.publish("新通知")
        changed = {path for path in paths if visitor().get(path)["ETag"] != tags[path]}
        assert changed == {reverse("plans:notice-list"), reverse("home:feed", args=["notices"]),
                           reverse("home:api-list", args=["notices"]), reverse("home:sitemap")}  # fmt: skip


def test_wrong_host_is_refused_on_ready_pages_too(bureau):
    visitor().get("/")
    assert visitor().get("/", headers={"host": "elsewhere.example"}).status_code == 400


def test_lost_connection_is_opened_again(bureau):
    page = visitor().get("/")
    connection.connection.close()
    assert visitor().get("/").content == page.content


def test_another_history_with_equal_numbers_is_no_version(bureau):
    """A database restored from a backup may reach the same number with other links."""
    visitor().get("/")
    Notice.objects.create(title="恢复后的通知", status="published", published_on="2026-01-01")
    ChainHead.objects.update(hash="0" * 64)
    assert "恢复后的通知" in visitor().get("/").content.decode()
