"""One person at one browser: opens pages, fills in, presses; every page passed can be examined and photographed."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import translation
from playwright.sync_api import Browser, Locator, Page, Response

from appraisal_portal.accounts.models import User
from appraisal_portal.home.story.city import PASSWORD
from tests.journeys.steps.axe import Examination

WIDE, PHONE, HEIGHT = 1280, 390, 900
SHOTS = os.environ.get("PORTAL_SHOTS", "")
"""A folder for pictures of the pages passed; nothing is written when empty."""


def words(msgid: str) -> str:
    """The Chinese words of a text, so that a better translation does not break a journey."""
    with translation.override("zh-hans"):
        return str(translation.gettext(msgid))


def whole(text: str) -> re.Pattern[str]:
    """An exact accessible name, spaces at the ends aside."""
    return re.compile(rf"^\s*{re.escape(text)}\s*$")


class Findings:
    """What axe-core and the browser's console said, by page; what is made of the same is examined once by a run."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}
        self.seen: set[str] = set()
        self.scripts = True  # without them nothing can be examined

    def examine(self, page: Page, name: str) -> None:
        """axe-core and sideways scrolling, wide and as on a phone."""
        if not self.scripts or name in self.seen:
            return
        self.seen.add(name)
        page.wait_for_load_state()  # a link may only just have been followed
        page.locator("main").wait_for()
        examination = Examination(page)
        for width, look in ((WIDE, examination.wide), (PHONE, examination.on_a_phone)):
            if page.viewport_size != (size := {"width": width, "height": HEIGHT}):
                page.set_viewport_size(size)  # type: ignore[arg-type]
            for violation in look():
                self.add(name, f"{width}: {violation['id']}: {violation['html'][:200]}")
            scroll, inner = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            if scroll > inner:
                self.add(name, f"{width}: scrolls sideways, {scroll} > {inner}")
            if SHOTS and width == PHONE:
                Path(SHOTS).mkdir(parents=True, exist_ok=True)
                page.screenshot(path=Path(SHOTS) / f"{len(self.seen):02d}-{name}-phone.png", full_page=True)
        page.set_viewport_size({"width": WIDE, "height": HEIGHT})
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(SHOTS) / f"{len(self.seen):02d}-{name}.png", full_page=True)

    def add(self, name: str, text: str) -> None:
        """Something that must not be."""
        self.found.setdefault(name, []).append(text)


class Desk:
    """A person in a browser context of their own. ``role`` names the pictures, ``login`` the person (or none), who is
    logged in already unless ``at_the_door``: then the first page that asks for it shows the log-in."""

    def __init__(
        self, browser: Browser, base: str, findings: Findings, role: str, login: str = "", *,
        password: str = PASSWORD, script: bool = True, locale: str = "zh-CN", at_the_door: bool = False,
    ) -> None:  # fmt: skip
        self.base, self.findings, self.role, self.login, self.password = base, findings, role, login, password
        self.context = browser.new_context(
            locale=locale, timezone_id="Asia/Shanghai", viewport={"width": WIDE, "height": HEIGHT},
            java_script_enabled=script, accept_downloads=True,
        )  # fmt: skip
        self.context.set_default_timeout(60_000)  # a busy machine is slow, not broken
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: findings.add(role, f"script: {error}"))
        self.page.on("response", self._response)
        self.status = 0
        if login and not at_the_door:
            self._let_in()

    def _let_in(self) -> None:
        """A session as the log-in gives it, without its three pages."""
        client = Client()
        client.force_login(User.objects.get(username=self.login))
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.base}])

    def _console(self, message: Any) -> None:
        # The browser says "Failed to load resource" for each 4xx; those are judged by status.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.findings.add(self.role, f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.status = response.status
        if response.status >= 500:
            self.findings.add(self.role, f"{response.status} {response.url}")

    # -- going places ------------------------------------------------------------------------------------------------

    def open(self, path: str) -> "Desk":
        """Go to an address; log in first where the page asks for it."""
        self.page.goto(path if path.startswith("http") else self.base + path)
        if self.login and "/account/login/" in self.page.url:
            self.log_in()
            self.page.goto(path if path.startswith("http") else self.base + path)
        return self

    def log_in(self) -> None:
        """With login name and password, on the page."""
        if "/account/login/" not in self.page.url:
            self.page.goto(f"{self.base}/account/login/")
        self.fill(username=self.login, password=self.password)
        self.press("Log in")

    def seen(self, name: str) -> "Desk":
        """Examine the page here under ``<role>-<name>``."""
        self.findings.examine(self.page, f"{self.role}-{name}")
        return self

    # -- acting ------------------------------------------------------------------------------------------------------

    @property
    def main(self) -> Locator:
        """The content of the page."""
        return self.page.locator("main")

    def fill(self, **values: Any) -> "Desk":
        """Fields by their names; lists tick several boxes, booleans one."""
        for name, value in values.items():
            self.set(name, value)
        return self

    def set(self, name: str, value: Any) -> None:
        """One field, whatever its kind. A path is chosen as a file."""
        fields = self.main.locator(f'[name="{name}"]')
        first = fields.first
        kind = first.get_attribute("type") or first.evaluate("node => node.tagName.toLowerCase()")
        if kind == "hidden":
            return  # the page leaves no choice here
        if kind == "select":
            first.select_option(value)
        elif kind == "radio":
            self.main.locator(f'[name="{name}"][value="{value}"]').check()
        elif kind == "checkbox" and isinstance(value, bool):
            first.set_checked(value)
        elif kind == "checkbox":
            for one in value:
                self.main.locator(f'[name="{name}"][value="{one}"]').check()
        elif kind == "file":
            first.set_input_files(value)
        else:
            first.fill(str(value))

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.main.locator(f'[name="{name}"]').first.input_value()

    def press(self, msgid: str, status: int = 200) -> "Desk":
        """The button with these (English) words; ``status`` is what the page that follows must have."""
        button = self.main.get_by_role("button", name=whole(words(msgid)))
        assert button.count(), f"no button {words(msgid)} on {self.page.url}:\n{self.text()[:1500]}"
        with self.page.expect_navigation():
            button.first.click()
        assert self.status == status, f"{self.status} {self.page.url}:\n{self.text()[:1500]}"
        return self

    def sure(self, msgid: str, typed: int) -> "Desk":
        """An act that cannot be undone: pressed without the number it asks for it does nothing, with it it happens."""
        self.press(msgid, 422)
        return self.fill(confirm=typed).press(msgid)

    def follow(self, msgid: str) -> "Desk":
        """The link with these (English) words."""
        link = self.main.get_by_role("link", name=whole(words(msgid)))
        assert link.count(), f"no link {words(msgid)} on {self.page.url}:\n{self.text()[:1500]}"
        link.first.click()
        self.page.wait_for_load_state()
        return self

    def go(self, text: str) -> "Desk":
        """The first link in the content whose words contain the (Chinese) text."""
        link = self.main.get_by_role("link", name=text)
        assert link.count(), f"no link {text} on {self.page.url}:\n{self.text()[:1500]}"
        link.first.click()
        self.page.wait_for_load_state()
        return self

    # -- looking -----------------------------------------------------------------------------------------------------

    def text(self) -> str:
        """All words of the content."""
        return self.main.inner_text()

    def says(self, *texts: str) -> "Desk":
        """Each text stands on the page."""
        here = self.text()
        for text in texts:
            assert text in here, f"{text!r} is not on {self.page.url}:\n{here[:1500]}"
        return self

    def told(self, field: str, msgid: str = "") -> "Desk":
        """The summary leads to the field, the sentence stands in both places."""
        link = self.main.locator(f'.summary-err a[href="#id_{field}"]')
        assert link.count() >= 1, f"no line of the summary leads to {field}:\n{self.text()[:1500]}"
        beside = self.main.locator(f"#id_{field}_error")
        assert beside.count() == 1, f"no sentence stands at {field}"
        sentence = link.first.inner_text().strip()
        said = beside.inner_text().strip().removeprefix(words("Error:")).strip()
        assert said, "the sentence at the field is empty"
        assert said in sentence or sentence in said, f"{said!r} at the field, {sentence!r} in the summary"
        assert not msgid or words(msgid) in sentence, sentence
        return self

    def number(self) -> int:
        """The first number in the address: the key of the object shown."""
        found = re.search(r"/(\d+)/", self.page.url)
        assert found, self.page.url
        return int(found.group(1))

    # -- papers ------------------------------------------------------------------------------------------------------

    def download(self, link: Locator | str) -> bytes:
        """The file behind a link of the page, fetched with the session of this person."""
        address = link if isinstance(link, str) else link.get_attribute("href") or ""
        answer = self.context.request.get(address if address.startswith("http") else self.base + address)
        assert answer.status == 200, f"{answer.status} {answer.url}"
        return answer.body()

    def papers(self, codes: Iterable[str]) -> dict[str, bytes]:
        """The files of the page's papers, by code."""
        found = {}
        for code in codes:
            link = self.main.locator(f'a[href*="/papers/{code}/"]').first
            assert link.count(), f"no link to {code}:\n{self.text()[:1500]}"
            found[code] = self.download(link)
        return found

    def close(self) -> None:
        """Leave."""
        self.context.close()
