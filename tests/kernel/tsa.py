"""A time-stamp authority of its own on a loopback port, that can be good, slow, silent or somebody else."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from asn1crypto import keys, tsp, x509
from cryptography.hazmat.primitives import serialization
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from appraisal_portal.kernel.signing.demonstration import Authority


class Stamps:
    """What answers: `root` in PEM; `mood` "good", "slow" (a second) or "rubbish"."""

    def __init__(self, mood: str = "good") -> None:
        made = Authority(signer="演示时间戳 Demonstration stamps", stamps=True)
        self.mood, self.asked = mood, 0
        self.root = made.root.public_bytes(serialization.Encoding.PEM)
        der = serialization.Encoding.DER
        key = made.key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        self._stamper = DummyTimeStamper(
            x509.Certificate.load(made.certificate.public_bytes(der)), keys.PrivateKeyInfo.load(key)
        )

    def answer(self, asked: bytes) -> bytes:
        self.asked += 1
        if self.mood == "slow":
            time.sleep(1)
        if self.mood == "rubbish":
            return b"<html>502</html>"
        return self._stamper.request_tsa_response(tsp.TimeStampReq.load(asked)).dump()


@contextmanager
def serving(stamps: Stamps) -> Iterator[str]:
    """The address where it answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = stamps.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            try:
                self.wfile.write(said)
            except OSError:
                return  # whoever asked has given up

        def log_message(self, *_args: object) -> None:
            """Nothing on the terminal."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def root_file(stamps: Stamps, folder: Path) -> str:
    """The file that says whom to believe."""
    path = folder / "tsa-root.pem"
    path.write_bytes(stamps.root)
    return str(path)
