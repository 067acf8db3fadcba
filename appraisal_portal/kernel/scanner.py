"""ClamAV over its socket (病毒扫描): the file is sent to ``clamd`` and its word decides.

``PORTAL_CLAMD`` names it: a socket's path (``/run/clamav/clamd.ctl``) or ``host:port``. What is not answered is
"unscanned": stored, readable by its owner alone, asked again by the sweep until the scanner is back.
"""

import logging
import socket
import struct
from pathlib import Path

from django.conf import settings

from appraisal_portal.kernel.models import Upload

log = logging.getLogger(__name__)

PART = 64 * 1024
ANSWER = 4096  # a verdict is a line


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        client.settimeout(settings.PORTAL_CLAMD_SECONDS)
        try:
            client.connect(address)
        except OSError:
            client.close()
            raise
        return client
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=settings.PORTAL_CLAMD_SECONDS)


def clamd(path: Path) -> str:
    """ "clean", "infected" or, when clamd does not answer in time, refuses or fails, "unscanned"."""
    try:
        answer = _ask(settings.PORTAL_CLAMD, path)
    except (OSError, ValueError) as error:
        log.warning("virus scanner does not answer (%s); %s stays unscanned", error, path.name)
        return Upload.Scan.UNSCANNED
    if answer.endswith(" FOUND"):
        log.warning("virus scanner: %s in %s", answer, path.name)
        return Upload.Scan.INFECTED
    if answer == "stream: OK":
        return Upload.Scan.CLEAN
    log.warning("virus scanner: %s for %s", answer, path.name)
    return Upload.Scan.UNSCANNED


def _ask(address: str, path: Path) -> str:
    """The INSTREAM command: parts with their length before them, an empty one at the end."""
    with _connect(address) as client, path.open("rb") as file:
        client.sendall(b"zINSTREAM\0")
        while part := file.read(PART):
            client.sendall(struct.pack("!L", len(part)) + part)
        client.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < ANSWER:
            got = client.recv(ANSWER)
            if not got:
                break
            answer += got
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
