"""Electronic signatures of PDFs (PAdES) with the bureau's key: once a file, whole or not at all.

Measured (performance.md §3): pyHanko's SimpleSigner parses and checks the private key at every signature and signs
twice to learn how much room a signature needs. Here the key is loaded once a process and the room is told.

A signature carries the machine's time, not the portal's: it must lie within the validity of the certificate.
"""

import asyncio
import datetime as dt
import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from .keys import Key, KeyMissing, load

FIELD = "Signature1"
_STAMP_ROOM = 16_384
"""Octets left for the token of a time-stamp authority and its certificates."""


class NotSigned(RuntimeError):
    """No signature for now; whoever asked waits and asks again. The text says why, in words."""


@dataclass(frozen=True)
class Checked:
    """What a PDF's own signature says. ``intact``: not one octet differs from what was signed, and nothing was added.

    ``trusted``: the certificate leads to the root of our own key. ``stamped_at``: what a time-stamp authority vouched.
    """

    intact: bool
    trusted: bool
    signer: str
    stamped_at: dt.datetime | None


_lock = threading.Lock()
_kept: dict[tuple[object, ...], Key] = {}


def _aside(act: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """pyHanko begins an event loop of its own. Where one runs in this thread already (an asynchronous server, a test
    beside a browser) Python forbids a second, and the act has a thread to itself, in the same language."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return act(*args, **options)
    language = translation.get_language()

    def spoken() -> Any:
        with translation.override(language):
            return act(*args, **options)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(spoken).result()


def sign(pdf: bytes) -> bytes:
    """The PDF with our signature over all of it, time-stamped where an authority is set.

    Raises NotSigned while key or authority cannot be had, ValueError for a file that is signed already: what is
    signed stays as it is, and what must change is a new file.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415  loaded when first needed
    from pyhanko.sign import signers  # noqa: PLC0415
    from pyhanko.sign.fields import SigSeedSubFilter  # noqa: PLC0415

    from .timestamps import Authority, TimeStampMissing  # noqa: PLC0415

    key = _key()
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    if any(True for _field in writer.prev.embedded_signatures):
        raise ValueError("the file is signed already")
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256", name=key.name,
        location=settings.PORTAL_OWNER_NAME,
    )  # fmt: skip
    authority = Authority() if settings.PORTAL_TSA_URL else None
    room = 2 * (key.room + (_STAMP_ROOM if authority else 0))  # written as hexadecimal digits
    try:
        signer = signers.PdfSigner(meta, signer=key.signer, timestamper=authority)
        out = _aside(signer.sign_pdf, writer, bytes_reserved=room)
    except TimeStampMissing as error:
        raise NotSigned(str(error)) from error
    return bytes(out.getbuffer())


def signer_name() -> str:
    """Whose signature it is, as the certificate of the key says. Raises NotSigned without a key."""
    return _key().name


def check(pdf: bytes) -> Checked | None:
    """What the file's own signature says; None for a file without a readable one. Raises NotSigned without a key."""
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415  loaded when first needed
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    context = ValidationContext(trust_roots=list(_key().roots), allow_fetching=False)
    try:
        found = list(PdfFileReader(io.BytesIO(pdf)).embedded_signatures)
        if not found:
            return None
        status = _aside(validate_pdf_signature, found[0], context)
    except (PdfError, ValueError):
        return None
    stamp = status.timestamp_validity
    return Checked(
        intact=status.intact
        and status.valid
        and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        and len(found) == 1,
        trusted=bool(status.trusted),
        signer=status.signing_cert.subject.native.get("common_name", ""),
        stamped_at=stamp.timestamp if stamp is not None and stamp.intact and stamp.valid else None,
    )


def _key() -> Key:
    """The key of this process, valid today: loaded once, and anew when the settings or the file change."""
    try:
        with _lock:
            called = Key.called()
            if called not in _kept:
                _kept.clear()
                _kept[called] = load()
            key = _kept[called]
    except KeyMissing as error:
        raise NotSigned(str(error)) from error
    today = dt.datetime.now(dt.UTC)
    if not key.begins <= today <= key.ends:
        raise NotSigned(_("The signing certificate is valid from %(begins)s to %(ends)s only.") % {
            "begins": key.begins.date().isoformat(), "ends": key.ends.date().isoformat(),
        })  # fmt: skip
    return key
