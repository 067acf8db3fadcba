"""Signatures of PDFs: P18 (no half signature), P19 (no second one), every octet counts, keys that do not open."""

import asyncio
import io
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pypdf
import pytest
from django.test import override_settings
from django.utils import translation

from appraisal_portal.kernel import signing
from appraisal_portal.kernel.signing.demonstration import SIGNER, Authority
from tests.kernel.tsa import Stamps, root_file, serving


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def stamps():
    return Stamps()


@pytest.fixture(scope="module")
def page():
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def signed(page):
    return signing.sign(page)


def test_the_signature_is_of_the_whole_file_and_says_that_it_is_a_demonstration(signed, page):
    found = signing.check(signed)
    assert (found.intact, found.trusted, found.stamped_at) == (True, True, None)
    assert found.signer == SIGNER == signing.signer_name()
    assert "无法律效力" in found.signer
    assert signed.startswith(page)
    assert signing.check(page) is None
    assert signing.check(b"no PDF") is None


def test_where_an_event_loop_runs_already_it_is_signed_and_checked_all_the_same(page):
    """CI: a browser's journey leaves its loop running in the thread of every test that follows."""

    async def both():
        return signing.check(signing.sign(page))

    with ThreadPoolExecutor(1) as thread:  # here such a loop may be running
        assert thread.submit(asyncio.run, both()).result().intact


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler-utils is not installed")
def test_poppler_agrees(signed, tmp_path):
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


@pytest.mark.parametrize("place", [0.02, 0.2, 0.999])
def test_one_flipped_byte_is_detected(signed, place):
    altered = bytearray(signed)
    altered[int(len(altered) * place)] ^= 1
    found = signing.check(bytes(altered))
    assert found is None or not found.intact


def test_what_is_added_behind_the_signature_is_detected(signed):
    assert not signing.check(signed + b"\n% more").intact


def test_p19_a_second_signature_is_refused_and_the_first_stays(signed):
    with pytest.raises(ValueError, match="signed already"):
        signing.sign(signed)
    assert signing.check(signed).intact


def test_p18_with_a_time_stamp(page, stamps, tmp_path):
    with (
        serving(stamps) as url,
        override_settings(PORTAL_TSA_URL=url, PORTAL_TSA_ROOTS=root_file(stamps, tmp_path)),
    ):
        found = signing.check(signing.sign(page))
    assert found.intact
    assert found.trusted
    assert found.stamped_at is not None


@pytest.mark.parametrize(
    ("mood", "sentence"), [("slow", "does not answer"), ("rubbish", "gave no time stamp"), ("down", "does not answer")]
)
def test_p18_without_a_time_stamp_there_is_no_signature(page, stamps, tmp_path, mood, sentence):
    stamps.mood = mood
    try:
        with serving(stamps) as url, pytest.raises(signing.NotSigned, match=sentence), override_settings(
            PORTAL_TSA_URL="http://127.0.0.1:1/" if mood == "down" else url,
            PORTAL_TSA_ROOTS=root_file(stamps, tmp_path), PORTAL_TSA_SECONDS=0.2,
        ):  # fmt: skip
            signing.sign(page)
    finally:
        stamps.mood = "good"


def test_p18_the_time_stamp_of_another_authority_is_none(page, stamps, tmp_path):
    with (
        serving(stamps) as url,
        override_settings(PORTAL_TSA_URL=url, PORTAL_TSA_ROOTS=root_file(Stamps(), tmp_path)),
        pytest.raises(signing.NotSigned, match="not of the authority"),
    ):
        signing.sign(page)


def test_keys_that_cannot_be_had_are_named(page, tmp_path):
    short = tmp_path / "short.p12"
    short.write_bytes(Authority(days=0).pkcs12("x"))
    own = {"PORTAL_SIGNING_DEMONSTRATION": False, "PORTAL_SIGNING_PASSPHRASE": "x"}
    for given, sentence in (
        ({"PORTAL_SIGNING_FILE": ""}, "No signing key is set up"),
        ({"PORTAL_SIGNING_FILE": str(tmp_path / "none.p12")}, "cannot be read"),
        ({"PORTAL_SIGNING_FILE": str(short), "PORTAL_SIGNING_PASSPHRASE": "y"}, "does not open"),
        ({"PORTAL_SIGNING_FILE": str(short)}, "valid from .* only"),
        ({"PORTAL_SIGNING_MODULE": "/none.so", "PORTAL_SIGNING_TOKEN": "a:b"}, "token"),
    ):
        with override_settings(**{**own, **given}), pytest.raises(signing.NotSigned, match=sentence):
            signing.sign(page)
