"""Sealing and opening one sheet: AES-256-GCM bound to round and voter, of one length whatever was chosen.

A sheet is one byte a person of the round, in the order of the roster, filled up to a multiple of 64: its length tells
how many persons the round has and nothing else. Only the portal knows the key; nobody can move an envelope to another
voter or round, and a changed bit is found.
"""

import base64
import hashlib
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Packed = bytes | memoryview

NONCE_BYTES = 12
BLOCK = 64
NOT_ENTITLED = 255
"""Stands for a person the voter stands back from."""


class Tampered(Exception):
    """An envelope that was not made with this round's key for this voter, or was changed since."""


def _bound(round_pk: int, voter_pk: int) -> bytes:
    return f"ballot|{round_pk}|{voter_pk}".encode()


def close(key: bytes, round_pk: int, voter_pk: int, sheet: Sequence[int]) -> tuple[bytes, bytes]:
    """Nonce and ciphertext (with its tag) of a sheet."""
    length = -(-len(sheet) // BLOCK) * BLOCK
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce, AESGCM(key).encrypt(nonce, bytes(sheet).ljust(length, b"\0"), _bound(round_pk, voter_pk))


def unseal(key: bytes, round_pk: int, voter_pk: int, envelope: tuple[Packed, Packed], people: int) -> list[int]:
    """The sheet of ``people`` persons. Raises Tampered."""
    nonce, ciphertext = envelope
    try:
        sheet = AESGCM(key).decrypt(bytes(nonce), bytes(ciphertext), _bound(round_pk, voter_pk))
    except (InvalidTag, ValueError) as error:
        raise Tampered(voter_pk) from error
    return list(sheet[:people])


def tracker(ciphertext: Packed) -> str:
    """Ten letters and digits by which a voter finds the own envelope in the minutes; not what it holds."""
    return base64.b32encode(hashlib.sha256(bytes(ciphertext)).digest())[:10].decode()
