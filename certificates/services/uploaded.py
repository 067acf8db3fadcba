"""The check of a certificate by its file (PDF): whether it is one that was issued, and if not what was altered.

The file stays in memory and is kept nowhere. A genuine one is found by its SHA-256 alone; only any other is opened, in
a limited process.
"""

import hashlib
import json
import logging
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from certificates.models import CertificateVersion
from certificates.services import lookup, secrets

LIMITS = {"memory": 1024 * 1024 * 1024, "seconds": 5}
PUBLIC = ("name", "title", "specialty", "level", "committee", "number", "document_number")
"""Fields that are compared: those every check shows. A difference in another would answer guesses."""

_ROOT = Path(__file__).parents[2]
_START = "import sys; sys.path.insert(0, sys.argv[1]); from certificates.services.sheet_child import main; main()"
_TOKEN = re.compile(rf"/c/([A-Z2-7]{{{secrets.TOKEN_LENGTH}}})/")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checked:
    """``verdict``: of the certificate the file is, or claims to be; None when it is none of ours, or so damaged that
    nothing leads to one any more.

    ``genuine``: octet by octet the file that was issued. Otherwise ``signature`` (none, intact, altered, extended, or
    empty when it cannot be read) and ``missing``: the public fields of the certificate that the file does not show.
    """

    verdict: lookup.Verdict | None
    genuine: bool = False
    signature: str = ""
    missing: tuple[str, ...] = ()


def examine(data: bytes) -> Checked:
    """What is to be said of a file somebody has been given."""
    digest = hashlib.sha256(data).hexdigest()
    versions = CertificateVersion.objects.filter(document__sha256=digest, document__code="certificate")
    issued = versions.values_list("token_sha256", flat=True).first()
    if issued is not None:
        return Checked(lookup.by_token_hash(issued), genuine=True)
    if not data.startswith(b"%PDF-"):
        return Checked(None)
    read = _opened(data)
    token = _TOKEN.search(read["text"])
    verdict = lookup.by_token(token.group(1)) if token else None
    if verdict is None:
        return Checked(None, signature=read["signature"])
    missing = tuple(key for key in PUBLIC if "".join(getattr(verdict, key).split()) not in read["text"])
    return Checked(verdict, signature=read["signature"], missing=missing)


def _opened(data: bytes) -> dict[str, str]:
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _START, str(_ROOT)],
            input=json.dumps(LIMITS).encode() + b"\n" + data,
            capture_output=True, check=True, timeout=2 * LIMITS["seconds"], env={},
        )  # fmt: skip
        found: dict[str, str] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        logger.warning("reading a certificate of %d bytes ended with %s", len(data), type(error).__name__)
        return {"text": "", "signature": ""}
    return found
