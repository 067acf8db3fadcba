"""The signing key on a PKCS#11 token: SoftHSM stands in for a UKey or HSM (apt: softhsm2; pip: python-pkcs11)."""

import io
import os
import shutil
import subprocess
from pathlib import Path

import pypdf
import pytest
from cryptography.hazmat.primitives import serialization
from django.test import override_settings

from appraisal_portal.kernel import signing
from appraisal_portal.kernel.signing.demonstration import SIGNER, Authority

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "1234"
pkcs11 = pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed")
pytestmark = pytest.mark.skipif(
    not (MODULE.exists() and shutil.which("softhsm2-util")), reason="softhsm2 is not installed"
)


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    """A token called "portal" with the key "sign", its certificate and the root above it."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    authority, key = Authority(), folder / "key.pem"
    key.write_bytes(authority.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ))  # fmt: skip
    for act in (("--init-token", "--free", "--label", "portal", "--so-pin", PIN),
                ("--import", key, "--token", "portal", "--label", "sign", "--id", "01")):  # fmt: skip
        subprocess.run(["softhsm2-util", *act, "--pin", PIN], check=True, capture_output=True)
    with pkcs11.lib(str(MODULE)).get_token(token_label="portal").open(rw=True, user_pin=PIN) as session:
        for label, certificate in (("sign", authority.certificate), ("root", authority.root)):
            session.create_object({
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: label,
                pkcs11.Attribute.SUBJECT: certificate.subject.public_bytes(),
                pkcs11.Attribute.VALUE: certificate.public_bytes(serialization.Encoding.DER),
            })  # fmt: skip
    yield
    del os.environ["SOFTHSM2_CONF"]


@pytest.fixture
def page():
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


def of_token(label="portal:sign", pin=PIN):
    return override_settings(
        PORTAL_SIGNING_MODULE=str(MODULE), PORTAL_SIGNING_TOKEN=label, PORTAL_SIGNING_PASSPHRASE=pin
    )


def test_a_key_on_a_token_signs_and_never_leaves_it(token, page):
    with of_token():
        signed = [signing.sign(page) for _ in range(2)]  # the session stays open
        for data in signed:
            found = signing.check(data)
            assert (found.intact, found.trusted, found.signer) == (True, True, SIGNER)
            altered = bytearray(data)
            altered[len(page) // 2] ^= 1
            assert not signing.check(bytes(altered)).intact


@pytest.mark.parametrize(("label", "pin"), [("portal:other", PIN), ("another:sign", PIN)])
def test_a_token_or_label_that_is_not_there_is_told_and_nothing_signed(token, page, label, pin):
    with of_token(label, pin), pytest.raises(signing.NotSigned):
        signing.sign(page)
