"""A drawing of the sheet for its holder's own page; the PDF itself, with QR code and check code, is the certificate."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from appraisal_portal.kernel.rendering import chinese_date
from certificates.models import Certificate
from certificates.services import lines

# First rule, distance of the rules, room for a value, its letters, those of the name, the smallest in one line; pixels.
TOP, STEP, WIDTH, SIZE, NAME_SIZE, SMALL = 223, 42, 312, 17.5, 22.5, 13


@dataclass(frozen=True)
class Row:
    """One line of the sheet: labels, the value in one piece or two, place of the rule above and the size of letters
    at which they fit."""

    label: str
    english: str
    pieces: list[tuple[int, str]]  # place and text
    top: int
    size: float

    @property
    def y(self) -> int:
        """Place of the label."""
        return self.top + 20

    @property
    def small_y(self) -> int:
        """Place of the English label."""
        return self.top + 33

    @property
    def line_y(self) -> int:
        """Place of the rule below."""
        return self.top + STEP


def rows(printed: dict[str, str]) -> list[Row]:
    """The ten lines of a version's snapshot."""
    found = []
    for place, line in enumerate(lines.lines(printed)):
        top, most = TOP + place * STEP, NAME_SIZE if line.size == "name" else SIZE
        pieces = [(top + 27, line.value)]
        if lines.width(line.value) * SMALL > WIDTH:
            half, most = -(-len(line.value) // 2), SMALL
            pieces = [(top + 19, line.value[:half]), (top + 34, line.value[half:])]
        size = min(most, round(WIDTH / max(1, *(lines.width(piece) for _y, piece in pieces)), 1))
        found.append(Row(line.label, line.english, pieces, top, size))
    return found


def photo(certificate: Certificate) -> str:
    """Where its holder sees the photograph on it."""
    if certificate.declaration_id:
        return reverse("applications:declaration-photo", args=[certificate.declaration_id])
    if certificate.filed_row_id:
        return reverse("certificates:certificate-photo", args=[certificate.pk])
    return reverse("certificates:claim-file", args=[certificate.claim_id, "photo"]) if certificate.claim_id else ""


def issued_on(printed: dict[str, str]) -> str:
    """The day of issue as the sheet writes it."""
    return chinese_date(dt.date.fromisoformat(printed["issued_on"]))
