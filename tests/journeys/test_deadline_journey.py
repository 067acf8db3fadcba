"""The last hour at a browser: the server's clock, a session that expired, with and without script."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from appraisal_portal.home.story.city import PASSWORD
from appraisal_portal.kernel import clock as portal_clock
from tests.journeys.conftest import World
from tests.journeys.steps.applicant import Papers
from tests.journeys.steps.desk import Desk, words
from tests.journeys.test_short_journeys import desk_of, draft_of

ENTRY = {"kind": "award", "title": "省科技进步二等奖：松材线虫病防控", "role": "主要完成人", "rank": "2/5"}
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("script", [True, False])
def test_session_expired_log_in_and_back_on_the_page_with_the_draft(world: World, script: bool) -> None:
    draft = draft_of(world)
    mine = desk_of(world, draft, script=script)
    section = f"/my/declarations/{draft.pk}/person/"
    mine.open(section).fill(birthplace="浙江庆元")
    if script:
        mine.main.locator('[name="current_post"]').focus()  # leaving the field saves it
        saved = words("Draft saved at %(time)s").partition("%")[0].strip()
        expect(mine.page.locator("[data-saved]")).to_contain_text(saved)
    else:
        mine.press("Save and continue").open(section)
    Session.objects.all().delete()
    mine.page.goto(mine.base + section)
    assert "/account/login/" in mine.page.url
    mine.page.locator('[name="username"]').fill(draft.applicant.user.username)
    mine.page.locator('[name="password"]').fill(PASSWORD)
    with mine.page.expect_navigation():
        mine.page.locator('main button, main input[type="submit"]').first.click()
    assert mine.page.url == mine.base + section
    assert mine.value("birthplace") == "浙江庆元"


@pytest.mark.parametrize("script", [True, False])
def test_the_servers_clock_counts_on_and_moves_nothing(world: World, script: bool) -> None:
    draft = draft_of(world)
    world.travel(dt.datetime(2026, 3, 2, 15, 59, 58, tzinfo=dt.UTC))
    mine = desk_of(world, draft, script=script)
    mine.open(f"/my/declarations/{draft.pk}/person/")
    shown = mine.page.locator("time[data-clock]")
    assert portal_clock.minute() == "2026-03-02 23:59"
    assert shown.inner_text().startswith("2026-03-0")
    if not script:
        assert shown.inner_text() == "2026-03-02 23:59"
        return
    place = shown.bounding_box()
    expect(shown).to_have_text(re.compile(r"2026-03-03 00:0\d:\d\d"), timeout=60_000)
    assert shown.bounding_box() == place
    assert (shown.get_attribute("datetime") or "").startswith("2026-03-03T00:0")
    assert not world.findings.found


@pytest.mark.parametrize("script", [True, False])
def test_what_was_typed_when_the_session_had_ended_is_given_back_to_its_owner_alone(world: World, script: bool) -> None:
    draft = draft_of(world)
    mine = world.desk("applicant", script=script)
    section = f"/my/declarations/{draft.pk}/representative/"
    login_on_the_page(mine.open("/account/login/"), draft.applicant.user)
    text = "主持松材线虫病综合防控，面积 1.2 万亩。\n第二段：推广应用。"

    def sends_too_late() -> None:
        mine.open(section)
        Session.objects.all().delete()
        mine.fill(representative_text=text).press("Save and continue", 403).says("您填写的内容没有丢失")

    sends_too_late()
    login_on_the_page(mine.seen("logged-out"), world.city.applicant("somebody-else"))  # at the same machine
    mine.says("它属于其他账号")
    assert "松材线虫病" not in mine.page.content()
    Session.objects.all().delete()
    login_on_the_page(mine.open("/account/login/"), draft.applicant.user)
    sends_too_late()
    login_on_the_page(mine, draft.applicant.user)
    mine.says("您填写的内容还在", "主持松材线虫病综合防控").seen("typed-again").press("Send it now")
    assert mine.open(section).value("representative_text").replace("\r\n", "\n") == text
    assert not world.findings.found


def test_chosen_files_wait_on_the_page_until_their_person_is_logged_in_again(world: World, tmp_path: Path) -> None:
    draft, proof = draft_of(world), Papers(tmp_path).pdf("获奖证书")
    mine = world.desk("applicant")
    login_on_the_page(mine.open("/account/login/"), draft.applicant.user)
    mine.open("/my/archive/new/").fill(**ENTRY)
    Session.objects.all().delete()
    mine.set("file", proof)  # told where it is chosen, before anything is sent
    told = mine.main.locator("[role=alert]")
    expect(told).to_contain_text("您已退出登录，本页尚未提交")
    mine.seen("files-wait")
    before = mine.page.url
    mine.main.get_by_role("button", name="保存").first.click()
    mine.page.wait_for_timeout(500)
    assert mine.page.url == before
    assert mine.value("title") == ENTRY["title"]
    with mine.context.expect_page() as opened:
        told.get_by_role("link", name="在新窗口登录").click()
    form = opened.value.locator("main")
    form.locator('[name="username"]').fill(draft.applicant.user.username)
    form.locator('[name="password"]').fill(PASSWORD)
    with opened.value.expect_navigation():
        form.get_by_role("button").first.click()
    opened.value.close()
    mine.page.bring_to_front()
    mine.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(told).to_contain_text("您已重新登录。请按提交按钮")
    mine.press("Save")
    stored = draft.applicant.archive.get(title=ENTRY["title"])
    assert stored.files.get().upload.original_name == proof.name
    assert not world.findings.found


def test_without_scripts_the_files_to_choose_again_are_named(world: World, tmp_path: Path) -> None:
    draft, proof = draft_of(world), Papers(tmp_path).pdf("获奖证书")
    mine = world.desk("applicant", script=False)
    login_on_the_page(mine.open("/account/login/"), draft.applicant.user)
    mine.open("/my/archive/new/").fill(**ENTRY, file=proof)
    Session.objects.all().delete()
    mine.press("Save", 403).says("文件需要重新选择。登录后页面会列出是哪些文件。")
    login_on_the_page(mine, draft.applicant.user)
    again = mine.main.get_by_label(proof.name)
    again.set_input_files(proof)
    mine.press("Send it now")
    assert draft.applicant.archive.get(title=ENTRY["title"]).files.get().upload.original_name == proof.name
    assert not world.findings.found


def login_on_the_page(desk: Desk, user: Any) -> None:
    """With name and password, by the form a person sees."""
    desk.fill(username=user.username, password=PASSWORD).press("Log in")
