"""An examination certificate at the browser: from the six questions to the check of the sheet and the appointment."""

import json
import re
from pathlib import Path

import jwt
import pytest

from appraisal_portal.accounts.models import PostStructure, User
from appraisal_portal.home.story import claims as story
from appraisal_portal.kernel import publiclog
from certificates.models import Certificate, Claim
from tests.journeys.conftest import World
from tests.journeys.steps.applicant import Papers
from tests.journeys.steps.claims import NUMBER, entered
from tests.journeys.steps.desk import Desk, words
from tests.journeys.steps.papers import text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SEED = 21


def test_from_the_six_questions_to_the_appointment(world: World, tmp_path: Path) -> None:
    user = world.city.applicant(SEED)
    world.city.employ(user, world.unit)
    mine = world.desk("applicant", user, at_the_door=True)
    claim = entered(mine, user, Papers(tmp_path), SEED)
    decided(world, claim, user)
    certificate = shown(world, mine, user)
    other = story.register(story.enter(world.city, SEED + 1, unit=world.unit, title="会计师")).certificate
    appointed(world, certificate, other)
    assert not world.findings.found


def decided(world: World, claim: Claim, user: User) -> None:
    """One compares and proposes, another decides."""
    reviewer = world.desk("reviewer", world.city.user("bureau_reviewer"))
    reviewer.open("/bureau/certificates/claims/").seen("claim-queue").go(user.full_name)
    reviewer.seen("claim").follow("Propose the registration").press("Propose the registration", 422)
    reviewer.told("compared").fill(compared=True).press("Propose the registration")
    approver = world.desk("approver", world.city.user("bureau_approver"))
    approver.open(f"/claims/{claim.pk}/").follow("Register and issue the e-certificate")
    approver.press("Register and issue the e-certificate")
    claim.refresh_from_db()
    assert claim.status == "registered"


def shown(world: World, mine: Desk, user: User) -> Certificate:
    """The holder downloads the sheet; whoever reads its code finds it valid."""
    mine.open("/my/claims/").seen("claims").says(words("Registered"))
    certificate = Certificate.objects.get()
    sheet = mine.download(f"/certificates/{certificate.pk}/download/")
    token = re.search(r"/c/([A-Z2-7]{26})/", text_of(sheet))
    assert token
    publiclog.sweep()
    visitor = world.desk("visitor")
    visitor.open(f"/c/{token.group(1)}/").seen("verdict")
    visitor.says(user.full_name, "会计师", NUMBER, words("This certificate is valid"))
    proof = json.loads(visitor.download(visitor.main.locator('a[href^="/certificates/proof/"]')))
    assert json.loads(proof["content"])["number"] == certificate.number
    credential = visitor.download(visitor.main.locator('a[href$="/credential/"]')).decode()
    assert jwt.get_unverified_header(credential)["typ"] == "vc+jwt"
    visitor.follow("What is the public log?").says(words("Newest heads"))
    return certificate


def appointed(world: World, first: Certificate, second: Certificate) -> None:
    """The unit appoints until the structure is full; who leaves makes room."""
    PostStructure.objects.filter(unit=world.unit, level="intermediate").update(approved=19, used=18)
    clerk = world.desk("unit-clerk", world.city.user("unit_clerk", world.unit))
    clerk.open("/appointments/").follow("Enter an appointment")
    clerk.fill(certificate=str(first.pk), level="senior", starts_on="2026-03-02").press("Enter the appointment", 422)
    clerk.told("level").seen("level-too-high").fill(level="intermediate").press("Enter the appointment")
    pk = clerk.number()
    head = world.desk("unit-head", world.city.user("unit_head", world.unit))
    head.open(f"/appointments/{pk}/").follow("Confirm the appointment").press("Confirm the appointment")
    head.seen("appointment")
    clerk.open("/appointments/new/").fill(certificate=str(second.pk), level="intermediate", starts_on="2026-03-02")
    clerk.press("Enter the appointment", 422).told("level").says("核准 19 个", "已聘 19 个")
    clerk.open(f"/appointments/{pk}/").follow("End the appointment").seen("appointment-end")
    clerk.fill(last_day="2026-03-02", reason="调任管理岗位").press("End the appointment")
    clerk.open("/appointments/").seen("appointments").says(words("Ended"))
