"""A certificate at the browser: looked at before the release, checked by anybody, its switches, its correction."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import LiveServerTestCase
from PIL import Image
from playwright.sync_api import Browser

from appraisal_portal.home.story import certify
from appraisal_portal.home.story.actors import holder
from certificates.models import Certificate, Correction, IssueBatch, Seal
from certificates.workflow import ISSUE_BATCH
from tests.certificates.test_pages import printed
from tests.certificates.test_preview import prepared
from tests.factories.results import AFTER
from tests.journeys.steps.desk import Desk, Findings, words
from tests.journeys.steps.look import look
from tests.stage import ROWS, Call

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NEW_UNIT = "丽水市林业技术推广总站"


@pytest.fixture
def desk(browser: Browser, live_server: LiveServerTestCase, clock: Any, findings: Findings, settings: Any) -> Any:
    """A browser for somebody; a batch of three waits for its release on 29 May 2026."""
    settings.PORTAL_SITE_URL = live_server.url
    clock(AFTER)
    ROWS.stand(Call(prepared.__wrapped__, (), (), None))
    clock(AFTER)
    desks: list[Desk] = []

    def one(role: str, user: Any = None) -> Desk:
        desks.append(Desk(browser, live_server.url, findings, role, user.username if user else ""))
        return desks[-1]

    yield one
    for each in desks:
        each.close()


def test_certificate(desk: Callable[..., Desk], findings: Findings, clock: Any, tmp_path: Path) -> None:
    reviewer, approver = (desk(role, holder(f"bureau_{role}")) for role in ("reviewer", "approver"))
    square = tmp_path / "seal.png"
    Image.new("RGB", (400, 400), (200, 30, 30)).save(square)
    look(reviewer.open("/bureau/certificates/seals/"), "seals").follow("Upload a seal")
    reviewer.fill(label="职称证书专用章", picture=str(square)).seen("seal-new").press("Propose the seal")
    look(approver.open(Seal.objects.get().get_absolute_url()), "seal")
    approver.follow("Put the seal in use").press("Put the seal in use").says("使用中")
    batch = IssueBatch.objects.get()
    approver.open(batch.get_absolute_url()).follow("Look at the certificates before they are released")
    look(approver, "wall")
    assert approver.download(approver.main.locator("ol a").first).startswith(b"%PDF")
    ISSUE_BATCH.fire(batch, "release", actor=approver_of(batch), content_hash=batch.content_hash())
    certify.issue(batch)
    certificate = Certificate.objects.order_by("pk").first()
    token, code = printed(certificate)
    visitor, own = desk("visitor"), desk("holder", certificate.person.user)
    look(visitor.open(f"/c/{token}/"), "qr").says(certificate.person.name, words("Checked at"))
    visitor.open("/certificates/verify/").fill(number=certificate.number, name="某某", code=code)
    visitor.press("Check the certificate").says(words("No such certificate"))
    look(own.open(certificate.get_absolute_url()), "own")
    unit = certificate.current.snapshot["employer"]
    for shown in (True, False):
        with own.page.expect_navigation():
            own.main.locator('form[action$="/shown/employer/"] button').click()
        assert (unit in visitor.open(f"/c/{token}/").text()) == shown
    data = own.download(own.main.locator('a[href$="/download/"]').first)
    altered = bytearray(data)
    altered[len(data) // 3] ^= 1
    for name, content in (("真.pdf", data), ("改.pdf", bytes(altered))):
        (tmp_path / name).write_bytes(content)
    visitor.open("/certificates/verify/file/").fill(file=str(tmp_path / "真.pdf")).press("Check the file")
    visitor.seen("file-genuine").says(words("The file is genuine"))
    visitor.fill(file=str(tmp_path / "改.pdf")).press("Check the file")
    visitor.seen("file-altered").says(words("The file has been altered"))
    clock(AFTER + dt.timedelta(days=30))
    reviewer.open(certificate.get_absolute_url()).follow("Correct a certificate")
    reviewer.fill(employer=NEW_UNIT, evidence="单位更名的批复").seen("correction-new").press("Propose the correction")
    approver.open(Correction.objects.get().get_absolute_url()).seen("correction").follow("Correct the certificate")
    approver.press("Correct the certificate", 422).fill(confirm=certificate.number[-4:]).press(
        "Correct the certificate"
    )
    certify.deliver("certificates.correct")
    look(visitor.open(f"/c/{token}/"), "superseded").says("第 2 版")
    own.open(certificate.get_absolute_url()).says(NEW_UNIT)
    assert not findings.found


def approver_of(batch: IssueBatch) -> Any:
    """Who releases it: not whoever proposed it."""
    return holder("bureau_approver", but=batch.proposed_by)
