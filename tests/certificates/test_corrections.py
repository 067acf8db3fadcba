"""A corrected certificate: same number, new version, the old one superseded; two people; never unsigned."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django.test import override_settings
from django.urls import reverse

from appraisal_portal.home.story import certify
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock, files, publiclog, signing, sweeps
from appraisal_portal.kernel.models import LogEntry
from certificates import rules
from certificates.models import Certificate, Correction
from certificates.services import correcting, lookup
from tests.certificates.test_public_log import committed
from tests.certificates.test_to_the_certificate import printed
from tests.factories.results import AFTER, announced, decided_meeting, issued
from tests.stage import begins_with, kept

NEW_UNIT = "丽水市林业技术推广总站"


@kept
def one_certificate():
    """One person with a certificate of 29 May 2026."""
    meeting, _rows = decided_meeting(1)
    _report, document = announced(meeting)
    issued(document)
    return Certificate.objects.get()


pytestmark = begins_with(one_certificate)


@pytest.fixture
def certificate():
    with clock.travel(AFTER + dt.timedelta(days=30)):
        yield one_certificate()


def form(certificate, **changes):
    said = certificate.current.snapshot
    return {**{key: said[key] for key in Correction.FIELDS}, "evidence": "单位更名的批复", **changes}


@pytest.mark.django_db
def test_a_correction_keeps_the_number_and_marks_the_old_sheet_replaced(certificate, client):
    before, (old_token, old_code, _text) = certificate.current, printed(certificate)
    old_file, old_snapshot = files.open_stored(before.document), dict(before.snapshot)
    new = reverse("certificates:correction-new", args=[certificate.pk])
    client.force_login(holder("bureau_reviewer"))
    assert client.get(new).status_code == 200
    same = client.post(new, form(certificate))
    assert same.status_code == 422
    assert "没有任何不同" in same.content.decode()
    glyph = client.post(new, form(certificate, employer="\U0002a6d6单位"))
    assert "\U0002a6d6" in glyph.content.decode()
    assert client.post(new, form(certificate, employer=NEW_UNIT)).status_code == 302
    correction = Correction.objects.get()
    assert correction.changes == {"employer": NEW_UNIT}
    assert "已有" in client.post(new, form(certificate, employer="又一单位")).content.decode()
    approve = reverse("certificates:correction-do", args=[correction.pk, "approve"])
    given = {"seen_status": "proposed", "content_hash": correction.content_hash(), "confirm": certificate.number[-4:]}
    assert client.post(approve, given).status_code == 403
    client.force_login(holder("bureau_approver"))
    shown = client.get(correction.get_absolute_url()).content.decode()
    assert NEW_UNIT in shown
    assert old_snapshot["employer"] in shown
    assert client.post(approve, {**given, "confirm": "0000x"}).status_code == 422
    assert client.post(approve, given).status_code == 302
    assert certify.deliver("certificates.correct") == 1
    correcting.print_anew(correction.pk)  # a repeat does nothing
    assert list(certificate.versions.values_list("version", flat=True)) == [1, 2]
    now, (token, _code, text) = certificate.current, printed(certificate)
    assert now.snapshot == {
        **old_snapshot, "employer": NEW_UNIT, "version": "2", "corrected_on": "2026-06-28",
        "signed_by": signing.signer_name(),
    }  # fmt: skip
    assert NEW_UNIT in text.replace("\n", "")
    assert "第 2 版" in text
    assert signing.check(files.open_stored(now.document)).intact
    before.refresh_from_db()
    assert (before.snapshot, files.open_stored(before.document)) == (old_snapshot, old_file)
    assert before.document.superseded_by_id == now.document_id
    assert (lookup.by_token(old_token).state, lookup.by_token(token).state) == ("superseded", "valid")
    client.logout()
    asked = {"number": certificate.number, "name": certificate.person.name, "code": old_code}
    told = client.post(reverse("home:api-check"), asked, content_type="application/json").json()
    assert told["state"] == "superseded"
    assert (told["certificate"]["replaced_on"], told["certificate"]["version_in_force"]) == ("2026-06-28", 2)
    old_page = client.get(f"/c/{old_token}/").content.decode()
    assert "该证书已于 2026 年 6 月 28 日更正，现行为同一编号的第 2 版" in old_page
    assert "现行版本" in old_page
    assert "更正日期" not in old_page
    new_page = client.get(f"/c/{token}/").content.decode()
    assert re.search(r"更正日期 .*2026 年 6 月 28 日", new_page)
    assert "现行版本" not in new_page
    client.force_login(certificate.person.user)
    page = client.get(certificate.get_absolute_url()).content.decode()
    assert "第 1 版" in page
    assert NEW_UNIT in page
    committed()
    publiclog.sweep()
    assert LogEntry.objects.filter(kind="certificate", subject_id__in=(before.pk, now.pk)).count() == 2


@pytest.mark.django_db
def test_p18_a_correction_waits_for_its_signature_and_the_old_version_stays_in_force(certificate, client):
    correction = certify.propose_correction(certificate)
    certify.decide_correction(correction)
    with override_settings(PORTAL_TSA_URL="http://127.0.0.1:1/"):
        certify.deliver("certificates.correct")
    correction.refresh_from_db()
    assert (correction.status, certificate.versions.count()) == ("approved", 1)
    client.force_login(holder("bureau_reviewer"))
    assert "时间戳机构没有响应" in client.get(correction.get_absolute_url()).content.decode()
    assert sweeps.run("certificates.sign") == 0  # not at once again
    with clock.travel(AFTER + dt.timedelta(days=31)):
        assert sweeps.run("certificates.sign") == 1
    assert certificate.current.version == 2


@pytest.mark.django_db
def test_a_correction_can_be_dropped(certificate, client):
    correction = certify.propose_correction(certificate)
    client.force_login(holder("bureau_approver"))
    drop = reverse("certificates:correction-do", args=[correction.pk, "drop"])
    given = {"seen_status": "proposed", "content_hash": correction.content_hash()}
    assert client.post(drop, given).status_code == 422
    assert client.post(drop, {**given, "reason": "证据不足"}).status_code == 302
    assert certify.deliver("certificates.correct") == 0
    assert certificate.current.version == 1


@pytest.mark.django_db
@pytest.mark.parametrize("decided", [False, True])
def test_an_open_correction_ends_with_the_certificate(certificate, decided):
    correction = certify.propose_correction(certificate)
    if decided:
        certify.decide_correction(correction)
    certify.revoke(certificate)
    assert certify.deliver("certificates.correct") == decided
    correction.refresh_from_db()
    assert (correction.status, correction.error, certificate.versions.count()) == ("dropped", "", 1)
    assert correction.records.last().transition == "lapse"


def facts(**changes):
    current = SimpleNamespace(snapshot={"employer": "甲", "qualified_on": "2026-05-20"})
    certificate = SimpleNamespace(current=current, issued_on=AFTER)
    return SimpleNamespace(certificate=certificate, changes=changes)


def test_something_changes():
    assert not list(rules.something_changes(facts(employer="乙"), None))
    assert list(rules.something_changes(facts(employer="甲"), None))
    assert list(rules.something_changes(facts(), None))


def test_drawn_in_full():
    assert not list(rules.drawn_in_full(facts(employer="𠮷"), None))
    assert list(rules.drawn_in_full(facts(employer="\U0002a6d6"), None))


def test_not_in_the_future():
    assert not list(rules.not_in_the_future(facts(qualified_on="2026-05-29"), None))
    assert list(rules.not_in_the_future(facts(qualified_on="2026-05-30"), None))


@pytest.mark.django_db
def test_no_other_correction(certificate):
    first = Correction(certificate=certificate, changes={"employer": "乙"})
    assert not list(rules.no_other_correction(first, None))
    first.save()
    assert not list(rules.no_other_correction(first, None))
    assert list(rules.no_other_correction(Correction(certificate=certificate, changes={}), None))
