"""The main pages of each role in English: axe-core and sideways scrolling, wide and as on a phone.

The journeys walk in Chinese; English words are longer, and it is their length that breaks a line or a table.
"""

from contextvars import copy_context
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Request, Route

from tests.journeys.steps.desk import Desk, Findings
from tests.matrix.pages import PAGES
from tests.matrix.world import World

pytestmark = pytest.mark.slow

PORTAL = "http://localhost"  # trusted by browsers without encryption


WALKS = {
    "anonymous": (
        "home:front", "applications:ways", "accounts:login", "accounts:register", "plans:plan-public", "plans:where",
        "reviews:public-publicity", "certificates:verify", "applications:receipt-check",
    ),
    "applicant": (
        "applications:my-list", "applications:my-detail", "applications:my-section", "applications:my-check",
        "applications:my-history", "applications:my-receipt", "applications:my-archive", "accounts:account-detail",
    ),
    "unit_clerk": (
        "applications:unit-dashboard", "applications:unit-list", "applications:unit-declaration",
        "applications:unit-verify", "certificates:appointment-list", "accounts:post-detail",
        "applications:unitpublicity-detail", "accounts:employment-list", "applications:originals-list",
    ),
    "unit_head": ("applications:unit-recommend", "applications:unit-changes-sign"),
    "forwarder": ("applications:forwarder-list", "applications:forwarder-declaration", "plans:hours-list"),
    "office_clerk": (
        "applications:office-list", "applications:office-declaration", "reviews:meeting-detail",
        "reviews:publicity-detail", "reviews:archive-detail", "applications:originals-detail", "reviews:outcome-detail",
    ),
    "committee_director": ("reviews:report-detail", "reviews:objection-detail"),
    "juror": ("reviews:call-up",),
    "observer": ("reviews:round-detail",),
    "bureau_reviewer": (
        "home:bureau", "reviews:determination-detail", "certificates:document-detail", "accounts:organisation-list",
        "plans:plan-detail",
    ),
    "bureau_approver": ("applications:extension-detail", "certificates:batch-detail"),
    "supervisor": (
        "reviews:archive-list", "certificates:certificate-list", "applications:sanction-detail",
        "supervision:check-list", "supervision:check-detail",
    ),
    "operator": ("home:operator", "applications:outage-list"),
}  # fmt: skip
"""Who → names of the pages, each with its object of the matrix (``tests/matrix/pages.py``)."""


def answered(client: Client, route: Route, request: Request) -> None:
    """The portal's own answer, from this process: the world of the matrix is never committed, no server could read it.

    It comes when the test's own thread waits for the page, so nobody else uses the connection meanwhile.
    """
    path = urlsplit(request.url).path
    if path.startswith(settings.STATIC_URL):
        route.fulfill(path=Path(finders.find(path.removeprefix(settings.STATIC_URL))))
        return
    answer = client.generic(
        request.method,
        request.url.removeprefix(PORTAL),
        headers={"accept-language": request.headers["accept-language"]},
    )
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    route.fulfill(status=answer.status_code, headers=dict(answer.items()), body=body)


def test_main_pages_in_english(browser: Browser, world: World) -> None:
    findings, here = Findings(), copy_context()
    for who, names in WALKS.items():
        desk = Desk(browser, PORTAL, findings, f"en-{who}", locale="en-GB")
        client = Client()
        # The browser's answers run in a context of their own, where the database's connection would be another one.
        desk.context.route(
            f"{PORTAL}/**",
            lambda route, request, client=client: here.copy().run(answered, client, route, request),
        )
        for name in names:
            page = PAGES[name]
            user = world.user(who, world.rows.get(page.row))
            if user.is_authenticated:
                client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies[user.pk]
            desk.open(reverse(name, kwargs=page.kwargs(world)))
            assert desk.status == 200, (who, name, desk.status)
            assert desk.page.locator("html").get_attribute("lang") == "en", name
            desk.seen(name.replace(":", "-"))
        desk.close()
    assert len(findings.seen) == sum(map(len, WALKS.values()))
    assert not findings.found
