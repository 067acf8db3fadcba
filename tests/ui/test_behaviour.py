"""What a page does in a browser: keyboard, print, phone, large text, drafts, counting, progress."""

import io
import json
from typing import Any

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from .test_browser import Open, open_page

__all__ = ["open_page"]
pytestmark = pytest.mark.django_db(transaction=True)

VISIBLE = """(selector) => [...document.querySelectorAll(selector)].every(e => {
    const box = e.getBoundingClientRect();
    return box.width > 0 && box.left >= 0 && box.right <= window.innerWidth;
})"""


def pdf(page: Page) -> PdfReader:
    """The page as it comes out of the printer."""
    return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))


def test_errors_are_read_first_and_lead_to_their_controls(open_page: Open) -> None:
    page = open_page("/gallery/form/?bad")
    assert page.title().startswith("错误：")
    assert page.evaluate("document.activeElement.className") == "summary-err"
    links = page.locator(".summary-err a")
    targets = links.evaluate_all("links => links.map(a => document.getElementById(a.hash.slice(1)) !== null)")
    assert targets
    assert all(targets)
    links.filter(has_text="请填写出生日期").click()
    assert page.evaluate("document.activeElement.id || location.hash.slice(1)") == "id_born_year"


def test_what_was_typed_comes_back(open_page: Open) -> None:
    page = open_page("/gallery/form/?bad")
    assert page.input_value("#id_number") == "33112419880512001X"
    assert page.input_value("#id_hours") == "72"
    assert page.input_value("#id_form-1-year") == "一"


def test_without_script_the_errors_are_there(open_page: Open) -> None:
    page = open_page("/gallery/form/?bad", script=False)
    assert page.locator(".summary-err a").count() == 10


@pytest.mark.parametrize(("size", "width"), [("normal", 1280), ("large", 1280), ("normal", 390), ("large", 390)])
def test_status_is_never_out_of_sight(open_page: Open, size: str, width: int) -> None:
    page = open_page("/gallery/work/", size=size, width=width)
    assert page.evaluate(VISIBLE, ".cases .tag")


@pytest.mark.parametrize("path", ["form/", "work/"])
def test_everything_is_reached_by_keyboard_with_a_ring(open_page: Open, path: str) -> None:
    page = open_page(f"/gallery/{path}")
    stops, bare = 0, []
    for _step in range(80):
        page.keyboard.press("Tab")
        place = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e); return e === document.body ? null
               : [e.outerHTML.slice(0, 80), s.outlineStyle !== 'none' || s.boxShadow !== 'none']; }"""
        )
        if place is None:
            break
        stops += 1
        if not place[1]:
            bare.append(place[0])
    assert stops > 15
    assert bare == []


@pytest.mark.parametrize("size", ["normal", "large"])
@pytest.mark.parametrize("path", ["form/", "components/", "work/"])
def test_targets_are_large_enough(open_page: Open, path: str, size: str) -> None:
    page = open_page(f"/gallery/{path}", size=size)
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, select, input:not([type=hidden]), .main a, .sub a, .btn')]
        .filter(e => e.getBoundingClientRect().height < 24).map(e => e.outerHTML.slice(0, 100))"""
    )
    assert small == []


def test_summary_has_one_ring(open_page: Open) -> None:
    page = open_page("/gallery/form/?bad")
    assert page.eval_on_selector(".summary-err", "e => getComputedStyle(e).outlineStyle") == "none"


def test_headings_keep_their_distance(open_page: Open) -> None:
    page = open_page("/gallery/components/")
    gaps = page.evaluate(
        """() => [...document.querySelectorAll('main h2')].filter(h => h.previousElementSibling)
        .map(h => h.getBoundingClientRect().top - h.previousElementSibling.getBoundingClientRect().bottom)"""
    )
    assert min(gaps) >= 8


def test_a_list_prints_as_a_table_on_a4_and_a_roster_on_a3(open_page: Open) -> None:
    sizes = {}
    for path in ("work/", "work/?a3"):
        page = open_page(f"/gallery/{path}", width=390)
        page.emulate_media(media="print")
        assert page.eval_on_selector(".cases td", "e => getComputedStyle(e).display") == "table-cell"
        assert page.eval_on_selector(".top", "e => getComputedStyle(e).display") == "none"
        printed = pdf(page)
        assert len(printed.pages) == 1
        box = printed.pages[0].mediabox
        sizes[path] = (round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4))
    assert sizes == {"work/": (210, 297), "work/?a3": (420, 297)}


def test_errors_do_not_print(open_page: Open) -> None:
    page = open_page("/gallery/form/?bad")
    page.emulate_media(media="print")
    assert page.eval_on_selector(".summary-err", "e => getComputedStyle(e).display") == "none"


def test_ticked_rows_are_counted(open_page: Open) -> None:
    page = open_page("/gallery/work/")
    counter = page.locator("[data-count]")
    assert counter.inner_text() == "已选 2 份"
    page.check("[data-all]")
    assert counter.inner_text() == "已选 6 份"
    page.uncheck("tbody tr:first-child input")
    assert counter.inner_text() == "已选 5 份"


def test_few_requests_and_nothing_from_elsewhere(open_page: Open, live_server: Any) -> None:
    page = open_page("/preferences/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    assert all(url.startswith(live_server.url) for url in asked)
    assert len(asked) <= 4


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (200, {"text": "草稿已于 09:42 保存", "version": 8}, "草稿已于 09:42 保存"),
        (409, {}, "这份草稿在另一个窗口里改过了"),
        (403, {}, "您已退出登录"),
        (500, {}, "没有保存：网络不通"),
    ],
)
def test_draft_is_saved_on_leaving_a_field(open_page: Open, status: int, answer: dict[str, Any], words: str) -> None:
    page = open_page("/gallery/form/")
    sent: list[str] = []

    def reply(route: Any) -> None:
        sent.append(route.request.post_data or "")
        route.fulfill(status=status, content_type="application/json", body=json.dumps(answer))

    page.route("**/autosave/", reply)
    page.fill("#id_name", "叶青松")
    page.locator("#id_name").blur()
    page.locator("[data-saved]", has_text=words).wait_for()
    assert len(sent) == 1
    assert "叶青松" in sent[0]
    assert page.input_value("input[name=version]") == ("8" if status == 200 else "7")


def test_progress_asks_until_it_is_done(open_page: Open) -> None:
    page = open_page("/gallery/components/?poll")
    answers = [{"state": "running", "done": 300, "total": 341, "text": "已写入 300/341 人"}, {"state": "done"}]

    def reply(route: Any) -> None:
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        route.fulfill(status=200, content_type="application/json", body=json.dumps(answer))

    page.route("**/poll/", reply)
    page.locator("[data-progress-text]", has_text="300/341").wait_for()
    with page.expect_navigation():
        pass


def test_language_switch_saves_the_draft_and_stays(open_page: Open) -> None:
    page = open_page("/gallery/form/")
    sent: list[str] = []

    def reply(route: Any) -> None:
        sent.append(route.request.post_data or "")
        route.fulfill(status=200, content_type="application/json", body=json.dumps({"text": "saved"}))

    page.route("**/autosave/", reply)
    page.fill("#id_name", "叶青松")
    with page.expect_navigation():
        page.get_by_role("button", name="English").click()
    assert sent
    assert page.url.endswith("/gallery/form/")
    assert page.evaluate("document.documentElement.lang") == "en"
    with page.expect_navigation():
        page.get_by_role("button", name="Larger text").click()
    assert page.evaluate("document.documentElement.className") == "large"
