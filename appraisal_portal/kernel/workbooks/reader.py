"""Reading a workbook somebody sends (xlsx): by a limited process, with every refusal and every fault in words.

The child has 1 GB of memory and 60 seconds (trust.md §5.2); whatever happens to it, the caller gets a sentence.
"""

import json
import logging
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.kernel.inspection import UploadRefused

from .sheet import letters

logger = logging.getLogger(__name__)
_ROOT = Path(__file__).parents[3]
_START = "import sys; sys.path.insert(0, sys.argv[1]); from appraisal_portal.kernel.workbooks.child import main; main()"


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most: zip members, bytes inflated, ratio, rows, columns; of the process memory and seconds."""

    members: int = 200
    inflated: int = 20_000_000
    ratio: int = 100
    rows: int = 5_000
    columns: int = 40
    memory: int = 1 << 30
    seconds: int = 60


ROSTER = Limits()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at one place of a sheet. ``row`` from 1 as Excel shows it, ``column`` in letters."""

    sheet: str
    row: int
    column: str
    words: str

    def __str__(self) -> str:
        return _("Sheet “{sheet}”, row {row}, column {column}: {words}").format(**asdict(self))


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows as (number, values): text ``str``, number ``int`` or ``float``, a day ``{"day": "2026-01-31"}``, None."""

    name: str
    rows: list[tuple[int, list[Any]]]
    faults: list[Fault]
    merged: list[str]


_REFUSED: dict[str, str | Promise] = {
    "not_xlsx": gettext_lazy("This is not an Excel workbook (.xlsx)."),
    "old_format": gettext_lazy("This is the old Excel format (.xls). Open it and save it as “Excel workbook (.xlsx)”."),
    "encrypted": gettext_lazy("The workbook is locked with a password. Save it without one."),
    "macros": gettext_lazy("The workbook holds macros. Save it as “Excel workbook (.xlsx)” without macros."),
    "external": gettext_lazy("The workbook is linked to other files or data. Break the links and save it again."),
    "embedded": gettext_lazy("The workbook holds embedded objects. Remove them and save it again."),
    "doctype": gettext_lazy("The workbook holds a document type definition, which no table needs."),
    "names": gettext_lazy("The workbook's inner file names are not those of Excel. Save it again with Excel or WPS."),
    "members": gettext_lazy("The workbook holds more than {limit} inner files."),
    "inflated": gettext_lazy("Unpacked the workbook is larger than {limit} MB."),
    "ratio": gettext_lazy("The workbook is packed more than {limit} times: it is not an ordinary table."),
    "text": gettext_lazy("The workbook holds more text than a table of this kind can have."),
    "rows": gettext_lazy("Cell {place} is filled: at most {limit} rows are read."),
    "columns": gettext_lazy("Cell {place} is filled: at most {limit} columns are read."),
    "sheet": gettext_lazy("There is no sheet “{wanted}”. The workbook has: {found}."),
    "damaged": gettext_lazy("The workbook is damaged or incomplete. Save it again with Excel or WPS."),
}
_FAULTS: dict[str, str | Promise] = {
    "formula": gettext_lazy("A formula. Type the value itself."),
    "error": gettext_lazy("An error value of Excel. Type the value itself."),
    "long": gettext_lazy("The text is longer than a cell holds."),
    "digits": gettext_lazy("A long number: Excel has lost digits. Format the column as text and type it again."),
    "day": gettext_lazy("This number is no day."),
}


def read(data: bytes, *, sheet: str = "", limits: Limits = ROSTER) -> Sheet:
    """The sheet of that name, else the first visible one. Raises UploadRefused with the reason in words."""
    if len(data) > settings.PORTAL_ROSTER_BYTES:
        limit = settings.PORTAL_ROSTER_BYTES // 1024 // 1024
        raise UploadRefused(_("The workbook is larger than {limit} MB.").format(limit=limit))
    answer = _answer(data, sheet, limits)
    if "refused" in answer:
        raise UploadRefused(str(_REFUSED[answer["refused"]]).format(**answer["words"]))
    name = answer["sheet"]
    faults = [Fault(name, row, letters(column), str(_FAULTS[code])) for code, row, column in answer["faults"]]
    return Sheet(name, [(number, values) for number, values in answer["rows"]], faults, answer["merged"])


def _answer(data: bytes, sheet: str, limits: Limits) -> dict[str, Any]:
    asked = json.dumps({"limits": asdict(limits), "sheet": sheet}).encode() + b"\n"
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _START, str(_ROOT)],
            input=asked + data, capture_output=True, check=True, timeout=2 * limits.seconds, env={},
        )  # fmt: skip
        found: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        stderr = getattr(error, "stderr", None) or b""
        logger.warning(
            "reading a workbook of %d bytes ended with %s %s", len(data), type(error).__name__, stderr[-500:]
        )
        return {"refused": "damaged", "words": {}}
    return found


def wider(**limits: int) -> Limits:
    """The limits of a roster with some of them changed."""
    return replace(ROSTER, **limits)
