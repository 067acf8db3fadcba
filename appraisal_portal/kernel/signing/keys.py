"""The bureau's key: from a PKCS#12 file, from a PKCS#11 token, or the demonstration's own."""

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from . import demonstration

_ATTRIBUTES = 2_048
"""Octets of a signature beside the certificates and the signature proper: its attributes, the frame (measured 700)."""


class KeyMissing(RuntimeError):
    """There is no key, or none that can be read; the text says why, in words."""


@dataclass(frozen=True)
class Key:
    """A loaded key. ``signer``: pyHanko's; ``room``: octets its signatures need; ``roots``: whom its chain ends in."""

    signer: Any
    name: str
    begins: dt.datetime
    ends: dt.datetime
    room: int
    roots: Sequence[Any]

    @staticmethod
    def called() -> tuple[object, ...]:
        """What decides which key it is. A worker forked later loads its own: a token's session is not shared."""
        path = settings.PORTAL_SIGNING_FILE
        changed = os.stat(path).st_mtime_ns if path and os.path.exists(path) else 0
        return os.getpid(), str(path), changed, settings.PORTAL_SIGNING_MODULE, settings.PORTAL_SIGNING_TOKEN


def load() -> Key:
    """The key the settings name. Raises KeyMissing."""
    path = settings.PORTAL_SIGNING_FILE
    if settings.PORTAL_SIGNING_MODULE:
        return _of(_from_token())
    if path and settings.PORTAL_SIGNING_DEMONSTRATION:
        demonstration.make(Path(path), settings.PORTAL_SIGNING_PASSPHRASE)
    if not path:
        raise KeyMissing(_("No signing key is set up yet. Tell the operator."))
    return _of(_from_file(Path(path), settings.PORTAL_SIGNING_PASSPHRASE))


def _of(signer: Any) -> Key:
    certificate = signer.signing_cert
    chain = [certificate, *(one for one in signer.cert_registry if one != certificate)]
    validity = certificate["tbs_certificate"]["validity"]
    # A chain handed over without its root ends in the highest certificate there is: that one is what we trust.
    roots = [one for one in chain if one.self_signed != "no"] or chain[-1:]
    return Key(
        signer=signer,
        name=certificate.subject.native.get("common_name", ""),
        begins=validity["not_before"].native,
        ends=validity["not_after"].native,
        room=sum(len(one.dump()) for one in chain) + certificate.public_key.byte_size + _ATTRIBUTES,
        roots=roots,
    )


def _from_file(path: Path, passphrase: str) -> Any:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415  loaded when first needed
    from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415

    from .kept import KeptSigner  # noqa: PLC0415

    try:
        found = SimpleSigner.load_pkcs12_data(path.read_bytes(), [], passphrase.encode() or None)
    except OSError as error:
        raise KeyMissing(_("The file of the signing key cannot be read. Tell the operator.")) from error
    except ValueError as error:
        raise KeyMissing(_("The signing key does not open: wrong passphrase or damaged file.")) from error
    key: Any = serialization.load_der_private_key(found.signing_key.dump(), password=None)
    return KeptSigner(found, key)


def _from_token() -> Any:
    """The key on a token (UKey, HSM): its session stays open, the key never leaves it."""
    try:
        from pkcs11.exceptions import PKCS11Error  # noqa: PLC0415  an extra of its own
        from pyhanko.config.pkcs11 import TokenCriteria  # noqa: PLC0415
        from pyhanko.sign import pkcs11  # noqa: PLC0415
    except ImportError as error:
        raise KeyMissing(_("The signing key is on a token, but its driver for Python is not installed.")) from error
    token, _colon, label = settings.PORTAL_SIGNING_TOKEN.partition(":")
    try:
        session = pkcs11.open_pkcs11_session(
            settings.PORTAL_SIGNING_MODULE,
            token_criteria=TokenCriteria(label=token),
            user_pin=settings.PORTAL_SIGNING_PASSPHRASE or None,
        )
        signer = pkcs11.PKCS11Signer(session, cert_label=label, key_label=label, other_certs_to_pull=None)
        signer.signing_cert  # noqa: B018  read now: a wrong label is told at once
    except (PKCS11Error, pkcs11.PKCS11Error, RuntimeError, OSError) as error:
        raise KeyMissing(_("The token with the signing key does not answer: %(error)s") % {"error": error}) from error
    return signer
