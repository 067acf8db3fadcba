"""The main pages of each role in English: axe-core and sideways scrolling, wide and as on a phone.

The journeys walk in Chinese; English words are longer, and it is their length that breaks a line or a table.
"""

from typing import Any

import pytest
from django.conf import settings as portal
from django.db import transaction
from django.test import LiveServerTestCase
from django.urls import reverse
from playwright.sync_api import Browser

from appraisal_portal.kernel.clock import at
from tests.journeys.steps.desk import Desk, Findings
from tests.matrix import world as told
from tests.matrix.pages import PAGES

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

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
        "applications:unit-dashboard", "applications:unit-list", "applications:unit-verify", "accounts:post-detail",
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
    "supervisor": ("reviews:archive-list", "certificates:certificate-list", "applications:sanction-detail"),
    "operator": ("home:operator", "applications:outage-list"),
}  # fmt: skip
"""Who → names of the pages, each with its object of the matrix (``tests/matrix/pages.py``)."""


def test_main_pages_in_english(
    browser: Browser, live_server: LiveServerTestCase, clock: Any, findings: Findings
) -> None:
    clock(at(told.TODAY, 10))
    with transaction.atomic():  # deliveries wait, as the world expects
        world = told.build()
    for who, names in WALKS.items():
        desk = Desk(browser, live_server.url, findings, f"en-{who}", locale="en-GB")
        for name in names:
            page = PAGES[name]
            user = world.user(who, world.rows.get(page.row))
            if user.is_authenticated:
                cookie = {"name": portal.SESSION_COOKIE_NAME, "value": world.cookies[user.pk], "url": live_server.url}
                desk.context.add_cookies([cookie])
            desk.open(reverse(name, kwargs=page.kwargs(world)))
            assert desk.status == 200, (who, name, desk.status)
            assert desk.page.locator("html").get_attribute("lang") == "en", name
            desk.seen(name.replace(":", "-"))
        desk.close()
    assert len(findings.seen) == sum(map(len, WALKS.values()))
    assert not findings.found
