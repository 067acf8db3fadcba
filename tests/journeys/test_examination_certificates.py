"""An examination certificate at the browser: from the six questions to the check of the sheet and the appointment."""

import datetime as dt
import json
import re
import subprocess
import sys
from pathlib import Path

import jwt
import pytest

from appraisal_portal.accounts.models import PostStructure, User
from appraisal_portal.home.story import claims as story
from appraisal_portal.kernel import publiclog
from certificates.models import Certificate, Claim
from tests.journeys.conftest import MONDAY, World
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
    head_checked(world, tmp_path)
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


def head_checked(world: World, folder: Path) -> None:
    """On the next day the day's head is out and signed; a stranger checks it with the program of the page alone."""
    world.travel(MONDAY + dt.timedelta(days=1))
    publiclog.sweep()
    publiclog.sign_heads()
    stranger = world.desk("stranger").open("/log/").seen("log-head")
    for name in ("log.jsonl", "heads.jsonl", "check_log.py", "jwks.json"):
        (folder / name).write_bytes(stranger.download(stranger.main.locator(f'a[href$="{name}"]')))
    head = json.loads((folder / "heads.jsonl").read_text().splitlines()[-1])
    stranger.says(head["day"], head["root"])
    assert head["day"] == MONDAY.isoformat()
    told = _program(folder, "heads", "heads.jsonl", "--keys", "jwks.json")
    assert (told.returncode, "1 signed" in told.stdout) == (0, True), told.stdout
    assert _program(folder, "log", "log.jsonl", "--heads", "heads.jsonl").returncode == 0
    other = {**head, "root": "0" * 64}
    (folder / "heads.jsonl").write_text(json.dumps(other) + "\n")
    assert _program(folder, "heads", "heads.jsonl", "--keys", "jwks.json").returncode == 1


def _program(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """As on a machine that has nothing but Python: no site packages, no environment."""
    command = [sys.executable, "-I", "-S", "check_log.py", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env={})
