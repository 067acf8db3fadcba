"""The limited process that opens a PDF from outside: its text and what its own signature says. It writes no file.

``uploaded`` starts it with ``python -I``. Limits come as one line of JSON on standard input with the bytes behind it;
the answer is JSON on standard output.
"""

import io
import json
import resource
import sys

TEXT = 20_000


def signature(data: bytes) -> str:
    """none | intact | altered | extended (something was added after the signing). Whose it is, is not asked: the
    bytes are compared with those we issued."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415  only where there is one
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    found = list(PdfFileReader(io.BytesIO(data)).embedded_signatures)
    if not found:
        return "none"
    status = validate_pdf_signature(found[0], ValidationContext(trust_roots=[], allow_fetching=False))
    if not (status.intact and status.valid):
        return "altered"
    whole = len(found) == 1 and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return "intact" if whole else "extended"


def text(data: bytes) -> str:
    """What stands on the first page, without blanks."""
    import pypdf  # noqa: PLC0415  after the limits

    return "".join(pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text().split())[:TEXT]


def main() -> None:
    """Two answers; one that could not be found is empty."""
    limits = json.loads(sys.stdin.buffer.readline())
    for what, limit in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["seconds"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))
    data, answer = sys.stdin.buffer.read(), {}
    for name, read in (("text", text), ("signature", signature)):
        try:
            answer[name] = read(data)
        except Exception:  # noqa: BLE001 - hostile bytes are met in many ways; each means that nothing can be said
            answer[name] = ""
    sys.stdout.buffer.write(json.dumps(answer).encode())
