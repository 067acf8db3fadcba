"""The two ways to prove that one holds a certificate: the token of the QR code, and number + name + check code."""

import base64
import hashlib
import hmac
import secrets
import unicodedata

from django.conf import settings

from appraisal_portal.kernel import names

TOKEN_LENGTH = 26
CODE_LENGTH = 6


def new_token() -> str:
    """128 random bits as 26 base32 characters; not derived from anything about the certificate."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")


def new_check_code() -> str:
    """30 random bits as 6 base32 characters (no 0, 1, 8, 9 to confuse with letters)."""
    return "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(CODE_LENGTH))


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.strip().upper().encode()).hexdigest()


def lookup_hmac(number: str, name: str, code: str) -> str:
    """Keyed hash of number, name and check code in their normal forms; a hit and a miss do the same work."""
    parts = (plain(number), names.normalise_name(name), plain(code))
    return hmac.new(settings.PORTAL_LOOKUP_KEY.encode(), "|".join(parts).encode(), hashlib.sha256).hexdigest()


def key_of(digest: str) -> int:
    """The number by which PostgreSQL finds a hash: its first eight octets (``token_key``, ``lookup_key``)."""
    return int.from_bytes(bytes.fromhex(digest[:16]), "big", signed=True)


def keyed_hash(text: str) -> str:
    """Keyed hash of an address or number, for counters that name nobody."""
    return hmac.new(settings.PORTAL_LOOKUP_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def plain(text: str) -> str:
    """A number or code as it is compared: full-width and small letters, and spaces, make no difference."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()
