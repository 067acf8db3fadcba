"""The bureau's own seal: two people, a clean picture, on certificates issued from then on; never an imitation."""

import io
import re
from pathlib import Path

import pypdf
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, PngImagePlugin

from appraisal_portal.home.story import certify
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock, files, signing
from appraisal_portal.kernel.models import Upload
from certificates.models import Certificate, Seal
from certificates.rules.seal import no_other_seal_waits
from certificates.services import issuing, seals
from certificates.workflow import SEAL
from tests.certificates.test_signed_sheets import KILOBYTES, released_batch
from tests.factories.results import AFTER
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(released_batch)]
SECRET = "made on the machine of Zhao"


@pytest.fixture
def batch():
    with clock.travel(AFTER):
        yield released_batch()[0]


def picture(size=(600, 600), kind="PNG", name="seal.png", behind=b""):
    """A plain red square; what it carries besides must not be kept."""
    out, about = io.BytesIO(), PngImagePlugin.PngInfo()
    about.add_text("Author", SECRET)
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **({"pnginfo": about} if kind == "PNG" else {}))
    return SimpleUploadedFile(name, out.getvalue() + behind)


def upload(client, sent, label="职称证书专用章"):
    return client.post(reverse("certificates:seal-new"), {"label": label, "picture": sent})


def propose(label="职称证书专用章"):
    return seals.propose(label=label, picture=picture(), user=holder("bureau_reviewer"))


def approve(seal):
    SEAL.fire(seal, "approve", actor=holder("bureau_approver", but=seal.proposed_by), content_hash=seal.content_hash())
    return seal


def pictures(certificate):
    """What is drawn on the sheet, as stored in the file."""
    [page] = pypdf.PdfReader(io.BytesIO(files.open_stored(certificate.current.document))).pages
    return sorted(found.get_object()._data for found in page["/Resources"]["/XObject"].values()
                  if found.get_object().get("/Subtype") == "/Image")  # fmt: skip


def test_the_seal_stands_on_certificates_issued_after_two_people_wanted_it(batch, client):
    first, second = batch.items.order_by("pk")
    issuing.issue(first.pk)
    client.force_login(holder("bureau_reviewer"))
    assert "还没有印章" in client.get(reverse("certificates:seal-list")).content.decode()
    assert upload(client, picture(behind=b"<script>")).status_code == 302
    seal = Seal.objects.get()
    kept = files.open_upload(seal.picture)
    assert Image.open(io.BytesIO(kept)).size == (480, 480)
    assert SECRET.encode() not in kept
    assert b"<script>" not in kept
    decide = reverse("certificates:seal-do", args=[seal.pk, "approve"])
    given = {"seen_status": "proposed", "content_hash": seal.content_hash()}
    assert client.post(decide, given).status_code == 403
    client.force_login(holder("bureau_approver"))
    assert reverse("certificates:seal-picture", args=[seal.pk]) in client.get(seal.get_absolute_url()).content.decode()
    assert client.get(reverse("certificates:seal-picture", args=[seal.pk])).content == kept
    assert client.post(decide, given).status_code == 302
    issuing.issue(second.pk)
    before, after = (Certificate.objects.get(declaration=item.declaration_id) for item in (first, second))
    photo = [files.open_stored(item.report_item.photo) for item in (first, second)]
    assert pictures(before) == [photo[0]]
    assert pictures(after) == sorted([photo[1], kept])
    assert "seal" not in before.current.snapshot
    assert after.current.snapshot["seal"] == str(seal.pk)
    data = files.open_stored(after.current.document)
    assert signing.check(data).intact
    assert len(data) <= len(photo[1]) + len(kept) + 60 * KILOBYTES
    for certificate, status in ((before, 404), (after, 200)):
        client.force_login(certificate.person.user)
        shown = reverse("certificates:certificate-seal", args=[certificate.pk])
        assert client.get(shown).status_code == status
        assert (shown in client.get(certificate.get_absolute_url()).content.decode()) == (status == 200)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (lambda: picture(size=(299, 600)), "299 × 600"),
        (lambda: SimpleUploadedFile("seal.png", b"%PDF-1.7 not a picture"), "不是 JPG 或 PNG 图片"),
        (lambda: picture(kind="JPEG"), "JPEG"),
        (lambda: SimpleUploadedFile("seal.png", picture().read()[:300]), "seal.png 已损坏或不完整"),
        (
            lambda: SimpleUploadedFile("seal.png", b"\x89PNG\r\n\x1a\n" + bytes(settings.PORTAL_PHOTO_BYTES)),
            "超过 2 MB",
        ),
    ],
    ids=["small", "not-a-picture", "wrong-name", "torn", "large"],
)
def test_a_picture_that_cannot_be_printed_is_refused_in_words_and_nothing_kept(batch, client, sent, said):
    client.force_login(holder("bureau_reviewer"))
    before = Upload.objects.count()
    answer = upload(client, sent())
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "职称证书专用章" in answer.content.decode()
    assert (Seal.objects.count(), Upload.objects.count()) == (0, before)


def test_a_new_seal_takes_the_place_of_the_one_before_and_it_can_be_taken_out_of_use(batch):
    old = approve(propose())
    new = approve(propose("新章"))
    old.refresh_from_db()
    assert (old.status, new.status) == ("ended", "in_use")
    assert old.records.last().reason == "由“新章”接替。"
    assert seals.in_use() == new
    SEAL.fire(new, "end", actor=holder("bureau_approver"), reason="机构改革")
    assert seals.in_use() is None
    certify.issue(batch)
    assert {len(pictures(certificate)) for certificate in Certificate.objects.all()} == {1}


def test_a_seal_that_cannot_be_read_stops_certificates_by_name_instead_of_leaving_it_out(batch):
    seal = approve(propose())
    (files.root() / files.upload_name(seal.picture)).write_bytes(b"x")
    certify.issue(batch)
    assert not Certificate.objects.exists()
    assert {item.status for item in batch.items.all()} == {"failed"}
    assert all("uploads/" in item.error for item in batch.items.all())


def test_no_other_seal_waits(batch, client):
    first = propose()
    assert not list(no_other_seal_waits(first, None))
    assert list(no_other_seal_waits(Seal(label="又一枚"), None))
    client.force_login(holder("bureau_reviewer"))
    before = Upload.objects.count()
    assert "已有一枚印章等待决定" in upload(client, picture(), "又一枚").content.decode()
    assert Upload.objects.count() == before


def test_the_portal_draws_nothing_round_that_could_be_taken_for_a_seal():
    for name in ("documents/certificate.html", "certificates/_sheet.html"):
        drawn = (Path(settings.BASE_DIR) / "templates" / name).read_text()
        assert not re.search(r"<circle|<ellipse|<textPath|[★☆✩✪]|polygon", drawn)
