"""The gallery in a real browser: axe-core without a finding, no sideways scroll, large targets,
nothing blocked by the CSP."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import LiveServerTestCase
from playwright.sync_api import Browser, Page

PAGES = [
    "form/",
    "form/?bad",
    "components/",
    "work/",
    "transition/",
    "transition/?refused",
    "transition/?problems",
]
OWN_PAGES = ["/preferences/", "/no-such-page/"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1280, 390)
# Both languages, sizes and widths, each pair of them once; what scrolls sideways is looked for at both widths.
VIEWS = [("zh-hans", "normal", 1280), ("zh-hans", "large", 390), ("en", "normal", 390), ("en", "large", 1280)]
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "preload": False, "selectors": False,
}  # fmt: skip

Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServerTestCase, gallery: None, clock: Any) -> Iterator[Open]:
    """Open a page of the live server with preferences as cookies;
    every message of the console is kept in ``page.said``."""
    clock(dt.date(2026, 11, 25))
    contexts = []

    def show(path: str, *, language: str = "zh-hans", size: str = "normal", contrast: str = "normal", width: int = 1280,
             script: bool = True) -> Page:  # fmt: skip
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, locale="zh-CN"
        )
        contexts.append(context)
        cookies = {"django_language": language, "size": size, "contrast": contrast}
        context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()])
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.said = said  # type: ignore[attr-defined]
        page.goto(live_server.url + path)
        return page

    yield show
    for context in contexts:
        context.close()


def findings(page: Page) -> list[str]:
    """What axe-core says, with the first node of each."""
    page.evaluate(Axe().axe_script)
    run = "axe.run(document, options).then(result => result.violations)"
    violations = page.evaluate(f"options => window.examined = {run}", OPTIONS)  # the window keeps the promise
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in violations]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("language", "size", "width"), VIEWS)
def test_axe_finds_nothing(open_page: Open, language: str, size: str, width: int) -> None:
    found: dict[str, Any] = {}
    for path in [*(f"/gallery/{page}" for page in PAGES), *OWN_PAGES]:
        page = open_page(path, language=language, size=size, width=width)
        problems = findings(page)
        for wide in WIDTHS:
            page.set_viewport_size({"width": wide, "height": 900})
            scroll, inner = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            if scroll > inner:
                problems.append(f"scrolls sideways: {scroll} > {inner}")
        problems += [line for line in page.said if "404 (Not Found)" not in line]  # type: ignore[attr-defined]
        if problems:
            found[path] = problems
    assert not found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["form/?bad", "components/", "work/"])
def test_axe_finds_nothing_in_high_contrast(open_page: Open, path: str) -> None:
    page = open_page(f"/gallery/{path}", contrast="high")
    assert page.evaluate("document.documentElement.className") == "contrast"
    assert findings(page) == []
