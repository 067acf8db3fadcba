"""The check by file: genuine with what holds today, or what was altered; nothing is kept, hostile files end at once."""

import datetime as dt
import io

import pypdf
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from appraisal_portal.home.story import certify
from appraisal_portal.kernel import clock, files
from certificates.models import Certificate
from certificates.services import uploaded
from certificates.views import uploaded as view
from tests.factories.results import AFTER, announced, decided_meeting, issued
from tests.stage import begins_with, kept


@kept
def one_certificate():
    """A certificate of 29 May 2026."""
    meeting, rows = decided_meeting(1)
    issued(announced(meeting)[1])
    return Certificate.objects.get(declaration=rows[0])


pytestmark = [pytest.mark.django_db, begins_with(one_certificate)]


@pytest.fixture
def sheet():
    """The certificate and its file."""
    certificate = one_certificate()
    with clock.travel(clock.at(AFTER, 15)):
        yield certificate, files.open_stored(certificate.current.document)


def send(data, address="192.0.2.1", status=200):
    client = Client(REMOTE_ADDR=address)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    given = {"file": SimpleUploadedFile("c.pdf", data)} if data is not None else {}
    answer = client.post(reverse("certificates:verify-file"), given)
    assert answer.status_code == status
    assert not answer.cookies
    return answer.content.decode()


def stored():
    return sorted(path for path in files.root().rglob("*") if path.is_file())


def test_a_genuine_file_says_genuine_and_what_holds_today(sheet):
    certificate, data = sheet
    before = stored()
    page = send(data)
    assert "The file is genuine" in page
    assert "This certificate is valid" in page
    assert certificate.number in page
    assert certificate.person.masked_id_number not in page
    certify.revoke(certificate)
    page = send(data)
    assert "The file is genuine" in page
    assert "This certificate was revoked on 29 May 2026" in page
    assert stored() == before


def test_one_flipped_byte_says_altered(sheet):
    _certificate, data = sheet
    flipped = bytearray(data)
    flipped[data.index(b"\xff\xd8\xff") + 2000] ^= 1  # inside the photograph
    page = send(bytes(flipped))
    assert "The file has been altered" in page
    assert 'class="ok"' not in page  # what was issued is valid, the file is not: nothing green beside it
    assert "something was changed after the signing" in page
    assert "The file is genuine" not in page
    assert "Something was added after the signing" in send(data + b"\n% one line more\n")


def test_what_the_file_does_not_say_as_issued_is_named(sheet, monkeypatch):
    certificate, data = sheet
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(data))
    out = io.BytesIO()
    writer.write(out)
    page = send(out.getvalue())
    assert "The file has been altered" in page
    assert "the file does not say what was issued" not in page
    name = certificate.person.name
    opened = uploaded._opened

    def forged(given):
        read = opened(given)
        assert name in read["text"]
        return {**read, "text": read["text"].replace(name, "李四")}

    monkeypatch.setattr(uploaded, "_opened", forged)
    page = send(out.getvalue())
    assert "Name: the file does not say what was issued." in page
    assert "Level: the file does not say" not in page


def test_so_damaged_that_nothing_leads_to_a_certificate_it_still_says_changed_after_the_signing(sheet):
    _certificate, data = sheet
    inside = data.index(b"stream", data.index(b"/ObjStm")) + 60  # where the pages themselves are kept, compressed
    page = send(data[:inside] + bytes(20) + data[inside + 20 :])
    assert "Not a certificate that was issued here" in page
    assert "something was changed after the signing" in page
    assert "This certificate is valid" not in page


@pytest.mark.parametrize(
    "data", [b"hello", b"%PDF-1.7\nnothing", b"%PDF-1.7\n" + b"/" * 200_000, b"\xff\xd8\xff photo"]
)
def test_what_is_none_of_ours_has_one_answer(sheet, data):
    page = send(data)
    assert "Not a certificate that was issued here" in page
    assert "The file has been altered" not in page


def test_no_file_and_a_file_that_is_too_large_are_told_at_the_field(sheet, monkeypatch):
    assert "Error:" in send(None, status=422)
    monkeypatch.setattr(view, "LIMIT", 1000)
    assert "The file is larger than 5 MB" in send(b"%PDF-" + b"x" * 2000, status=422)


def test_ten_files_an_hour_and_address(sheet):
    _certificate, data = sheet
    for _n in range(10):
        assert "The file is genuine" in send(data, address="192.0.2.9")
    assert "You can go on from 2026-05-29 16:00." in send(data, address="192.0.2.9")
    with clock.travel(clock.at(AFTER + dt.timedelta(days=1), 15)):
        assert "The file is genuine" in send(data, address="192.0.2.9")
