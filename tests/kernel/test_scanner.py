"""ClamAV through a stand-in that speaks its protocol: clean, infected, out of order, not there."""

import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile

from appraisal_portal.kernel import files, scanner
from appraisal_portal.kernel.models import Outbox, Upload
from tests.kernel.test_files import pdf

BAD = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
Clamd = Callable[..., Path]


class Session(socketserver.StreamRequestHandler):
    """One INSTREAM command: reads the parts, answers by what is in them."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        seen = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            seen += self.rfile.read(size)
        fixed: bytes | None = self.server.answer  # type: ignore[attr-defined]
        found = b"stream: Eicar-Test-Signature FOUND\0" if BAD in seen else b"stream: OK\0"
        self.wfile.write(found if fixed is None else fixed)


@pytest.fixture
def clamd(tmp_path: Path, settings: Any) -> Iterator[Clamd]:
    """Start a stand-in; ``answer`` instead of its verdict."""
    running: list[socketserver.UnixStreamServer] = []

    def start(answer: bytes | None = None) -> Path:
        path = tmp_path / f"clamd{len(running)}.ctl"
        server = socketserver.UnixStreamServer(str(path), Session)
        server.answer = answer  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        running.append(server)
        settings.PORTAL_CLAMD = str(path)
        return path

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def test_clean_and_infected(clamd: Clamd, tmp_path: Path) -> None:
    clamd()
    fine, bad = tmp_path / "a", tmp_path / "b"
    fine.write_bytes(b"x" * 300_000)
    bad.write_bytes(b"x" * scanner.PART + BAD)
    assert (scanner.clamd(fine), scanner.clamd(bad)) == ("clean", "infected")


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OKAY\0", b"\xff\xfe\0"])
def test_anything_but_a_clear_word_is_unscanned(clamd: Clamd, tmp_path: Path, answer: bytes) -> None:
    clamd(answer)
    path = tmp_path / "a"
    path.write_bytes(b"x")
    assert scanner.clamd(path) == "unscanned"


@pytest.mark.parametrize("address", ["/nowhere/clamd.ctl", "127.0.0.1:1", "nonsense"])
def test_a_scanner_that_is_not_there_is_unscanned(settings: Any, tmp_path: Path, address: str) -> None:
    settings.PORTAL_CLAMD = address
    path = tmp_path / "a"
    path.write_bytes(b"x")
    assert scanner.clamd(path) == "unscanned"


@pytest.mark.django_db
class TestUploads:
    @pytest.fixture
    def owner(self) -> Any:
        return get_user_model().objects.create(username="applicant")

    def accept(self, owner: Any, data: bytes) -> Upload:
        return files.accept_upload(SimpleUploadedFile("a.pdf", data), owner=owner)

    def hidden(self) -> bytes:
        """A whole PDF with the test signature in a comment."""
        return pdf().replace(b"%PDF-1.3\n", b"%PDF-1.3\n%" + BAD + b"\n", 1)

    def test_an_infected_file_is_refused_and_not_stored(self, owner: Any, clamd: Clamd) -> None:
        clamd()
        assert self.accept(owner, pdf()).scan == "clean"
        with pytest.raises(files.UploadRefused, match="virus scanner"):
            self.accept(owner, self.hidden())
        assert Upload.objects.count() == 1

    def test_taken_while_the_scanner_is_down_judged_when_it_is_back(
        self, owner: Any, clamd: Clamd, settings: Any
    ) -> None:
        settings.PORTAL_CLAMD = "/nowhere/clamd.ctl"
        fine, bad = self.accept(owner, pdf()), self.accept(owner, self.hidden())
        assert (fine.scan, bad.scan) == ("unscanned", "unscanned")
        assert files.sweep_unscanned() == 0
        clamd()
        assert files.sweep_unscanned() == 2
        assert files.sweep_unscanned() == 0
        fine.refresh_from_db()
        bad.refresh_from_db()
        assert (fine.scan, bad.scan) == ("clean", "infected")
        assert Outbox.objects.filter(key__contains=f"infected:{bad.pk}").count() == 1
        assert files.damaged() == []
        with pytest.raises(files.DamagedFile):
            files.open_upload(bad)
