"""Signatures of texts for programs: JSON Web Signatures in compact form (RFC 7515) with ES256 (RFC 7518 §3.4).

The key is the portal's own, on the curve P-256: no certificate stands behind it, its trust is that of the portal's
address, where the public half is published (``kernel/issuer.py``). Signing is deterministic (RFC 6979): the same text
is the same token in every process.
"""

import base64
import hashlib
import json
import os
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from django.conf import settings
from django.utils.translation import gettext as _

from .keys import KeyMissing

_OCTETS = 32  # of a number on P-256
_ALGORITHM = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


@dataclass(frozen=True)
class PortalKey:
    """The private key; ``jwk``: its public half (RFC 7517); ``kid``: the thumbprint of that (RFC 7638)."""

    private: ec.EllipticCurvePrivateKey
    jwk: Mapping[str, str]
    kid: str


_lock = threading.Lock()
_kept: dict[tuple[object, ...], PortalKey] = {}


def base64url(data: bytes) -> str:
    """Without padding, as RFC 7515 wants it."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def is_set_up() -> bool:
    """Whether there is a key to be used at all."""
    return bool(settings.PORTAL_CREDENTIAL_KEY_FILE)


def portal_key() -> PortalKey:
    """The key of this process, read once and anew when settings or file change. Raises KeyMissing."""
    name = settings.PORTAL_CREDENTIAL_KEY_FILE
    if not name:
        raise KeyMissing(_("No signing key is set up yet. Tell the operator."))
    path = Path(name)
    with _lock:
        if settings.PORTAL_CREDENTIAL_DEMONSTRATION:
            _make(path, settings.PORTAL_CREDENTIAL_PASSPHRASE)
        called = (name, path.stat().st_mtime_ns if path.exists() else 0, settings.PORTAL_CREDENTIAL_PASSPHRASE)
        if called not in _kept:
            _kept.clear()
            _kept[called] = _read(path, settings.PORTAL_CREDENTIAL_PASSPHRASE)
        return _kept[called]


def sign(payload: Mapping[str, Any], **header: str) -> str:
    """The token over a JSON object. ``kid`` in the header unless another is given. Raises KeyMissing."""
    key = portal_key()
    parts = [_json({"alg": "ES256", "kid": key.kid, **header}), _json(payload)]
    signed = ".".join(base64url(part) for part in parts)
    numbers = utils.decode_dss_signature(key.private.sign(signed.encode(), _ALGORITHM))
    return f"{signed}.{base64url(b''.join(number.to_bytes(_OCTETS, 'big') for number in numbers))}"


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _read(path: Path, passphrase: str) -> PortalKey:
    try:
        found: Any = serialization.load_pem_private_key(path.read_bytes(), passphrase.encode() or None)
    except OSError as error:
        raise KeyMissing(_("The file of the signing key cannot be read. Tell the operator.")) from error
    except (ValueError, TypeError) as error:
        raise KeyMissing(_("The signing key does not open: wrong passphrase or damaged file.")) from error
    if not (isinstance(found, ec.EllipticCurvePrivateKey) and isinstance(found.curve, ec.SECP256R1)):
        raise KeyMissing(_("The key for credentials must be one of the curve P-256."))
    numbers = found.public_key().public_numbers()
    x, y = (base64url(number.to_bytes(_OCTETS, "big")) for number in (numbers.x, numbers.y))
    required = {"crv": "P-256", "kty": "EC", "x": x, "y": y}  # RFC 7638 §3.2: in this order, nothing else
    kid = base64url(hashlib.sha256(_json(required)).digest())
    return PortalKey(found, {**required, "alg": "ES256", "use": "sig", "kid": kid}, kid)


def _make(path: Path, passphrase: str) -> None:
    """A key of the demonstration's own, unless there is one; two processes at once end with the same file."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    locked = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    made = ec.generate_private_key(ec.SECP256R1())
    text = made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)
    descriptor, name = tempfile.mkstemp(dir=path.parent)  # readable by this user alone
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
    with suppress(FileExistsError):
        os.link(name, path)
    os.unlink(name)
