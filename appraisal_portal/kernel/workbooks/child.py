"""The limited process that opens a workbook from outside (xlsx). It has the standard library, no file, no network.

``reader`` starts it with ``python -I -S``. Limits come as one line of JSON on standard input with the bytes behind it;
the answer is JSON on standard output, in codes, not in words.
"""

import gc
import json
import resource
import struct
import sys
import zipfile
import zlib
from typing import Any
from xml.parsers import expat

from .book import Book
from .package import Package, Refused
from .sheet import read_sheet

BROKEN = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, struct.error, EOFError, LookupError, ValueError, OverflowError,
    NotImplementedError, RuntimeError, OSError,
)  # fmt: skip
"""What damaged bytes make the standard library raise; every one of them means "not a whole workbook"."""


def read(data: bytes, limits: dict[str, int], wanted: str = "") -> dict[str, Any]:
    """The sheet of that name, else the first visible one; a refusal is an answer, too."""
    try:
        book = Book(Package(data, limits))
        name, path = book.sheet(wanted)
        cells = read_sheet(book, path)
    except Refused as refused:
        return {"refused": refused.code, "words": refused.words}
    except MemoryError:
        return {"refused": "text", "words": {}}
    except BROKEN:
        return {"refused": "damaged", "words": {}}
    return {"sheet": name, "rows": cells.rows, "faults": cells.faults, "merged": cells.merged}


def _limit_process(limits: dict[str, int]) -> None:
    """Whatever the bytes do: so much memory, so many seconds, no file of any size."""
    for what, limit in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["seconds"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))


def main() -> None:
    """One line of JSON, then the bytes; the answer on standard output."""
    gc.disable()  # the process lives for one workbook
    asked = json.loads(sys.stdin.buffer.readline())
    _limit_process(asked["limits"])
    answer = read(sys.stdin.buffer.read(), asked["limits"], asked["sheet"])
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))
