"""Senior titles at the browser: the letter of two people, who it is delivered to, the result from outside."""

from pathlib import Path

import pytest
from django.test import LiveServerTestCase
from playwright.sync_api import Browser

from appraisal_portal.home.story import entrust as story
from appraisal_portal.home.story.actors import holder
from committees.reviews.models import EntrustmentLetter, ExternalResult
from tests.factories.entrustment import DECIDED_OUTSIDE, ISSUED, approved_recommendations
from tests.journeys.steps.applicant import Papers
from tests.journeys.steps.desk import Desk, Findings, words

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_from_the_approved_report_to_the_result_from_outside(
    browser: Browser, live_server: LiveServerTestCase, clock, findings: Findings, tmp_path: Path
) -> None:
    _city, report, rows = approved_recommendations(2)
    clock(ISSUED)

    def desk(name, user):
        return Desk(browser, live_server.url, findings, name, user.username)

    reviewer, approver = desk("reviewer", holder("bureau_reviewer")), desk("approver", holder("bureau_approver"))
    mine = desk("applicant", rows[0].applicant.user)
    mine.open(f"/my/declarations/{rows[0].pk}/").says(words("The bureau entrusts the higher committee by letter next"))
    reviewer.open("/bureau/entrusted/").go(words("Prepare the letter"))
    reviewer.fill(addressee="", contact="苏砚秋", phone="0578-2091234").press("Store and look through", 422)
    reviewer.told("addressee").fill(addressee=story.ADDRESSEE).press("Store and look through")
    reviewer.follow("Propose the letter").press("Propose the letter")
    letter = EntrustmentLetter.objects.get()
    approver.open(letter.get_absolute_url()).follow("Issue the letter").fill(confirm="2")
    approver.press("Issue the letter").says("丽人社委〔2026〕1号")
    paper = f"/entrusted/{letter.pk}/papers/entrustment/"
    mine.open(f"/outcomes/{rows[0].pk}/").says(story.ADDRESSEE, words("The higher committee decides next"))
    assert mine.download(paper).startswith(b"%PDF")
    mine.seen("entrust-outcome")
    clock(DECIDED_OUTSIDE)
    registered(reviewer, approver, letter, Papers(tmp_path))
    mine.open(f"/outcomes/{rows[0].pk}/").says("浙高评〔2026〕6号")
    for one in (reviewer, approver, mine):
        one.close()
    assert not findings.found


def registered(reviewer: Desk, approver: Desk, letter: EntrustmentLetter, papers: Papers) -> None:
    """One enters what the document says, another registers it."""
    first, second = letter.items.order_by("seq")
    file = papers.pdf("省高评委评审结果通知")
    reviewer.open(letter.get_absolute_url()).follow("Enter a result")
    reviewer.fill(reference="浙高评〔2026〕6号", dated="2026-05-01", file=file)
    reviewer.fill(**{f"outcome-{first.pk}": "granted", f"outcome-{second.pk}": "refused"})
    reviewer.fill(**{f"reason-{second.pk}": "代表作水平未达到标准条件"}).seen("external-form")
    reviewer.press("Store and look through").follow("Propose the registration")
    reviewer.says(words("This cannot be done now"), "2026-06-01")
    result = ExternalResult.objects.get()
    reviewer.open(f"{result.get_absolute_url()}change/").fill(dated="2026-10-12").press("Store and look through")
    reviewer.follow("Propose the registration").press("Propose the registration")
    approver.open(result.get_absolute_url()).follow("Register the result").fill(confirm="2").press(
        "Register the result"
    )
    approver.seen("external-registered")
