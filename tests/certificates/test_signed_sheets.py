"""What is issued: signed whole or not at all (P18), PDF/A-3u, tagged, small, and of one person only."""

import datetime as dt
import io

import pypdf
import pytest
from django.test import override_settings

from appraisal_portal.home.story import certify
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock, files, signing, sweeps
from certificates.models import Certificate
from tests.factories.results import AFTER, announced, decided_meeting
from tests.kernel.tsa import Stamps, root_file, serving
from tests.stage import begins_with, kept

KILOBYTES = 1024


@kept
def released_batch():
    """Two people of a published document, released on 29 May 2026."""
    meeting, rows = decided_meeting(2)
    _report, document = announced(meeting)
    with clock.travel(AFTER):
        return certify.batch(document), rows


pytestmark = [pytest.mark.django_db, begins_with(released_batch)]


@pytest.fixture
def released():
    return released_batch()


def sheets(batch):
    with clock.travel(AFTER):
        certify.issue(batch)
    return {c.declaration_id: files.open_stored(c.current.document) for c in Certificate.objects.all()}


def test_p18_while_no_time_stamp_comes_certificates_wait_and_then_all_are_signed(released, client, tmp_path):
    batch, rows = released
    stamps = Stamps()
    with serving(stamps) as url, override_settings(PORTAL_TSA_URL=url, PORTAL_TSA_ROOTS=root_file(stamps, tmp_path)):
        stamps.mood = "rubbish"
        with clock.travel(AFTER):
            certify.issue(batch)
            assert batch.status == "issuing"
            assert not Certificate.objects.exists()
            assert list(batch.items.values_list("status", flat=True)) == ["unsigned", "unsigned"]
            assert stamps.asked == 1  # the second did not ask an authority that had just failed
            client.force_login(holder("bureau_reviewer"))
            page = client.get(batch.get_absolute_url()).content.decode()
            assert "2 份证书未签名" in page
            assert "时间戳机构没有给出时间戳" in page
            client.force_login(rows[0].applicant.user)
            assert "3311002026" not in client.get("/my/certificates/").content.decode()
            assert sweeps.run("certificates.sign") == 0
            assert stamps.asked == 1
        stamps.mood = "good"
        with clock.travel(AFTER + dt.timedelta(days=1)):
            assert sweeps.run("certificates.sign") == 1
            certify.issue(batch)
    assert batch.status == "done"
    assert sorted(number[17:21] for number in Certificate.objects.values_list("number", flat=True)) == ["0001", "0002"]
    for certificate in Certificate.objects.all():
        found = signing.check(files.open_stored(certificate.current.document))
        assert found.intact
        assert found.stamped_at
        assert certificate.current.signed_at


def test_an_issued_sheet_is_signed_small_and_of_one_person_only(released):
    batch, rows = released
    found = sheets(batch)
    assert len(found) == 2
    for row, other in (rows, rows[::-1]):
        data = found[row.pk]
        assert signing.check(data).intact
        photo = files.open_stored(batch.items.get(declaration=row).report_item.photo)
        theirs = files.open_stored(batch.items.get(declaration=other).report_item.photo)
        assert len(data) <= len(photo) + 60 * KILOBYTES
        reader = pypdf.PdfReader(io.BytesIO(data))
        streams = list(_streams(reader))
        pictures = [stream._data for stream in streams if stream.get("/Subtype") == "/Image"]
        assert pictures == [photo]
        everything = data + b"".join(stream.get_data() for stream in streams if stream.get("/Subtype") != "/Image")
        for foreign in (theirs, *_written(other.applicant.name), other.applicant.id_number.encode()):
            assert foreign not in everything
        text = reader.pages[0].extract_text()
        assert row.applicant.name in text
        assert other.applicant.name not in text
        assert row.applicant.id_number not in text
        altered = bytearray(data)
        altered[len(data) // 3] ^= 1
        assert not signing.check(bytes(altered)).intact


def _written(name: str) -> list[bytes]:
    """The name as it may stand in a file: text, UTF-16, hexadecimal digits."""
    wide = name.encode("utf-16-be")
    return [name.encode(), wide, wide.hex().encode(), wide.hex().upper().encode()]


def _streams(reader: pypdf.PdfReader):
    for number in sorted({*reader.xref[0], *reader.xref_objStm}):
        found = reader.get_object(pypdf.generic.IndirectObject(number, 0, reader))
        if isinstance(found, pypdf.generic.StreamObject):
            yield found


def test_an_issued_sheet_has_what_pdf_a_3u_asks_for_and_can_be_read_aloud(released):
    """What can be read from the file; veraPDF is not to be had on the project's machines (docs/operations.md)."""
    batch, rows = released
    reader = pypdf.PdfReader(io.BytesIO(sheets(batch)[rows[0].pk]))
    root = reader.trailer["/Root"]
    said = root["/Metadata"].get_data().decode()
    assert 'pdfaid:part="3"' in said or "<pdfaid:part>3<" in said
    assert 'pdfaid:conformance="U"' in said or "<pdfaid:conformance>U<" in said
    [intent] = root["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1"
    assert len(intent["/DestOutputProfile"].get_data()) > 1000
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).lower().startswith("zh")
    assert "/ID" in reader.trailer
    assert "/Encrypt" not in reader.trailer
    assert not {"/OpenAction", "/AA"} & set(root)
    assert "/JavaScript" not in root.get("/Names", {})
    for font in reader.pages[0]["/Resources"]["/Font"].values():
        descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert descriptor["/FontFile3"]["/Subtype"] == "/CIDFontType0C"  # embedded, cut to what is drawn
        assert "/ToUnicode" in font
    for annotation in reader.pages[0].get("/Annots", []):
        shown = annotation.get_object()
        assert shown["/F"] & 4  # printed
        assert not shown["/F"] & 0b100011  # neither invisible nor hidden nor never viewed
        assert list(shown["/Rect"]) == [0, 0, 0, 0]  # nothing is drawn for a signature: no appearance is asked for
    tags = list(_tags(root["/StructTreeRoot"]))
    assert {"/H1", "/Table", "/TR", "/TH", "/TD", "/Figure", "/P"} <= {tag for tag, _words in tags}
    assert "持证人照片" in [words for tag, words in tags if tag == "/Figure"]


def _tags(node):
    """(tag, alternative text) of the structure tree in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from _tags(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"]), str(node.get("/Alt", ""))
        yield from _tags(node.get("/K"))
