"""An authority of the demonstration's own, named as such in every certificate it gives: nobody can mistake it for one
that vouches for anything."""

import contextlib
import datetime as dt
import os
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ROOT = "演示根证书（无法律效力） Demonstration root"
SIGNER = "演示电子签章（无法律效力） Demonstration"
YEARS = 10


def make(path: Path, passphrase: str) -> None:
    """A key and its chain as PKCS#12, unless there is one; two processes at once end with the same file."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)  # readable by this user alone
    with os.fdopen(descriptor, "wb") as file:
        file.write(Authority().pkcs12(passphrase))
    with contextlib.suppress(FileExistsError):
        os.link(name, path)
    os.unlink(name)


class Authority:
    """A root and one certificate below it, made now. ``stamps``: for a time-stamp authority instead of a signer."""

    def __init__(self, *, signer: str = SIGNER, stamps: bool = False, days: int = 365 * YEARS) -> None:
        begins = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
        root_key, self.key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
        root = _named(ROOT)

        def certificate(name: x509.Name, key: rsa.RSAPrivateKey, lasts: int) -> x509.CertificateBuilder:
            return (
                x509.CertificateBuilder()
                .subject_name(name)
                .issuer_name(root)
                .public_key(key.public_key())
                .serial_number(x509.random_serial_number())
                .not_valid_before(begins)
                .not_valid_after(begins + dt.timedelta(days=lasts))
                .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
                .add_extension(
                    x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
                )
            )

        self.root = (
            certificate(root, root_key, 365 * YEARS + 1)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .sign(root_key, hashes.SHA256())
        )
        issued = certificate(_named(signer), self.key, days)
        issued = issued.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        issued = issued.add_extension(_usage(), critical=True)
        if stamps:
            issued = issued.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        self.certificate = issued.sign(root_key, hashes.SHA256())

    def pkcs12(self, passphrase: str) -> bytes:
        """Key, certificate and root in one file, as an authority hands them over."""
        locked = serialization.BestAvailableEncryption(passphrase.encode())
        return pkcs12.serialize_key_and_certificates(b"signer", self.key, self.certificate, [self.root], locked)


def _named(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "演示 Demonstration"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*, signs_certificates: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
