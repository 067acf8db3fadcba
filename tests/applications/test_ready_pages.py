"""Kept pages of the applicant: quick when nothing changed, never old after a change, never somebody else's."""

import re
from typing import Any

import pytest
from django.test import Client

from applications.models import Declaration
from applications.rules.unit_objection import check_by
from applications.workflow import DECLARATION
from appraisal_portal.home.story import unit as story
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock
from tests.applications.steps import section, sign, url
from tests.applications.test_closing import DAY, extend
from tests.factories.applications import a_draft, a_submitted
from tests.factories.unit_stage import publicised

World = tuple[City, Cycle]


@pytest.fixture(autouse=True)
def ready(settings: Any) -> None:
    settings.PORTAL_READY_PAGES = True


def paths(draft: Declaration) -> list[str]:
    return [
        url("my-list"),
        url("my-detail", draft.pk),
        url("my-check", draft.pk),
        section(draft, "person"),
        section(draft, "achievements"),
    ]


def test_a_second_reading_needs_five_queries(
    mine: Client, draft: Declaration, django_assert_max_num_queries: Any
) -> None:
    for path in paths(draft):
        first = mine.get(path).content
        with django_assert_max_num_queries(5):
            second = mine.get(path).content
        token = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
        assert token.sub(b"", first) == token.sub(b"", second)
        assert b"\x02" not in second


def test_the_progress_says_at_once_what_an_objection_at_the_unit_has_come_to(world: World) -> None:
    """Its substance, who checks it and until when; then the outcome; never who raised it."""
    (row,) = publicised(*world, 61)
    client = Client()
    client.force_login(row.applicant.user)

    def page() -> str:
        return client.get(url("my-detail", row.pk)).content.decode()

    assert "异议" not in page()
    objection = story.object_in_unit(row)
    open_now = page()
    assert f"{row.unit}正在核查一项异议" in open_now
    assert "反映的主要内容：对第二项业绩的本人排名有疑问。" in open_now
    assert f"{check_by(objection):%Y-%m-%d}" in open_now
    assert objection.filed_by not in open_now
    story.settle_objection(objection)
    settled = page()
    assert f"{row.unit}核查后认定异议不成立" in settled
    assert "您的申报继续办理。" in settled
    assert objection.filed_by not in settled


def test_the_token_of_a_kept_page_is_the_readers_own(world: World, draft: Declaration) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(draft.applicant.user)
    for value in ("浙江龙泉", "浙江庆元"):
        client.get(section(draft, "person"))
        page = client.get(section(draft, "person")).content.decode()
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[-1]
        draft.refresh_from_db()
        post = {"csrfmiddlewaretoken": token, "version": draft.form_version, "birthplace": value}
        assert client.post(section(draft, "person"), post).status_code == 302
        assert value in client.get(section(draft, "person")).content.decode()


def test_what_changes_shows_at_once(world: World, mine: Client, draft: Declaration) -> None:
    def read(name: str) -> str:
        mine.get(url(name, draft.pk))
        return str(mine.get(url(name, draft.pk)).content.decode())

    assert "签署" in read("my-check")
    assert sign(mine, draft).status_code == 302
    assert "有 1 处" not in read("my-check")
    extend(world[0], draft.line, draft.line.closes_on + DAY, person=draft.applicant)
    assert f"{draft.line.closes_on + DAY:%Y-%m-%d}" in read("my-detail")
    DECLARATION.fire(draft, "submit", actor=draft.applicant.user)
    assert draft.number in read("my-detail")
    assert draft.number in mine.get(url("my-list")).content.decode()
    assert draft.number in read("my-receipt")


def test_the_clock_of_a_kept_page_is_that_of_the_answer(mine: Client, draft: Declaration) -> None:
    with clock.travel(clock.at(clock.today(), 9, 0)):
        assert "09:00</time>" in mine.get(section(draft, "person")).content.decode()
    with clock.travel(clock.at(clock.today(), 9, 1)):
        assert "09:01</time>" in mine.get(section(draft, "person")).content.decode()


def test_a_kept_page_is_shown_to_nobody_else(world: World, mine: Client, draft: Declaration) -> None:
    other = a_draft(*world, 2, line=draft.line)
    stranger = Client()
    stranger.force_login(other.applicant.user)
    for path in paths(draft)[1:]:
        assert mine.get(path).status_code == 200
        assert stranger.get(path).status_code == 404
        assert Client().get(path).status_code == 302


def test_a_message_is_shown_once(mine: Client, draft: Declaration) -> None:
    page = section(draft, "person")
    saved = {"version": draft.form_version, "birthplace": "浙江龙泉", "stay": "1"}
    assert "草稿已" in mine.post(page, saved, follow=True).content.decode()
    assert "草稿已" not in mine.get(page).content.decode()
    assert "草稿已" not in mine.get(page).content.decode()


# -- the work unit -----------------------------------------------------------------------------------------------------


def test_pages_of_the_unit_are_kept_until_something_happens(world: World, django_assert_max_num_queries: Any) -> None:
    city, cycle = world
    declaration = a_submitted(city, cycle, 5, line=cycle.line("forestry"))
    clerk = Client()
    clerk.force_login(city.user("unit_clerk", declaration.unit))
    lists = [url("unit-dashboard"), url("unit-list"), url("unitpublicity-list")]
    case = url("unit-declaration", declaration.pk)
    for path in [*lists, case]:
        with django_assert_max_num_queries(12):  # made anew
            clerk.get(path)
        with django_assert_max_num_queries(5):
            assert clerk.get(path).status_code == 200
    second = a_submitted(city, cycle, 6, unit=declaration.unit, line=declaration.line)
    assert second.number in clerk.get(url("unit-list")).content.decode()
    DECLARATION.fire(declaration, "withdraw", actor=declaration.applicant.user, reason="不再申报")
    assert "已撤回" in clerk.get(case).content.decode()
    other = next(unit for unit in city.units if unit != declaration.unit)
    stranger = Client()
    stranger.force_login(city.user("unit_clerk", other))
    assert stranger.get(case).status_code == 404
    assert second.number not in stranger.get(url("unit-list")).content.decode()


def test_what_the_reader_posts_makes_every_page_anew(world: World, mine: Client, draft: Declaration) -> None:
    page = url("my-detail", draft.pk)
    mine.get(page)
    before = mine.cookies.get("wrote")
    mine.post(url("my-undertaking", draft.pk), {"password": "x"})
    assert before is None
    assert mine.cookies["wrote"].value
    assert mine.cookies["wrote"]["httponly"]
