"""The zip directory of a workbook from outside, judged before a byte is inflated, and its XML as a stream.

Standard library only: this runs in the limited process (``child``), where nothing of the portal is loaded.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from xml.parsers import expat

CHUNK = 64 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FORBIDDEN = (
    (re.compile(r"vbaProject|vbaData|macrosheets/|\.xlm$", re.IGNORECASE), "macros"),
    (re.compile(r"/externalLinks/|/connections\.xml$|/queryTables/", re.IGNORECASE), "external"),
    (re.compile(r"/embeddings/|/activeX/|/ctrlProps/|oleObject", re.IGNORECASE), "embedded"),
)


class Refused(Exception):
    """The whole file is not taken: ``code`` and what belongs into the sentence."""

    def __init__(self, code: str, **words: Any) -> None:
        self.code, self.words = code, words
        super().__init__(code)


def refuse_doctype(*_args: Any) -> None:
    """No document of this kind has a DTD; entities, bombs and outside references all begin with one."""
    raise Refused("doctype")


class Package:
    """The zip directory, judged before a byte is inflated; every inflated byte counts."""

    def __init__(self, data: bytes, limits: dict[str, int]) -> None:
        self.limits, self.left = limits, limits["inflated"]
        if data.startswith(OLE):
            raise Refused("encrypted" if ENCRYPTED in data else "old_format")
        if not data.startswith(b"PK"):
            raise Refused("not_xlsx")
        self.zip = zipfile.ZipFile(io.BytesIO(data))
        self.members: dict[str, zipfile.ZipInfo] = {}
        self._judge_directory()

    def _judge_directory(self) -> None:
        rows = self.zip.infolist()
        if len(rows) > self.limits["members"]:
            raise Refused("members", limit=self.limits["members"])
        if sum(row.file_size for row in rows) > self.limits["inflated"]:
            raise Refused("inflated", limit=self.limits["inflated"] // 1_000_000)
        for row in rows:
            name = row.orig_filename.replace("\\", "/")
            if name.startswith("/") or ":" in name or ".." in name.split("/") or "\0" in name:
                raise Refused("names")
            if row.flag_bits & 0x1:
                raise Refused("encrypted")
            if name.lower() in self.members:
                raise Refused("names")
            if row.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Refused("damaged")
            for pattern, code in _FORBIDDEN:
                if pattern.search(f"/{name}"):
                    raise Refused(code)
            self.members[name.lower()] = row

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.members

    def chunks(self, name: str) -> Iterator[bytes]:
        """The inflated bytes of a member; the declared size may lie, so they are counted."""
        row = self.members[name.lower()]
        seen = 0
        with self.zip.open(row) as stream:
            while chunk := stream.read(CHUNK):
                seen += len(chunk)
                self.left -= len(chunk)
                if self.left < 0:
                    raise Refused("inflated", limit=self.limits["inflated"] // 1_000_000)
                if seen > self.limits["ratio"] * row.compress_size + CHUNK:
                    raise Refused("ratio", limit=self.limits["ratio"])
                yield chunk

    def parse(self, name: str, start: Callable[..., None], text: Callable[[str], Any] | None = None) -> None:
        """Stream a member through expat. ``start(name, attributes)`` gets names without their prefix."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = refuse_doctype
        parser.EntityDeclHandler = refuse_doctype
        parser.buffer_text = True

        def local(tag: str, attributes: dict[str, str]) -> None:
            start(tag.rpartition(":")[2] if ":" in tag else tag, attributes)

        parser.StartElementHandler = local
        if text is not None:
            parser.CharacterDataHandler = text
        for chunk in self.chunks(name):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def elements(self, name: str, *wanted: str) -> list[tuple[str, dict[str, str]]]:
        """Elements of these names with their attributes, in order."""
        found: list[tuple[str, dict[str, str]]] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag in wanted:
                found.append((tag, attributes))

        self.parse(name, start)
        return found
