"""Certificates as they will look before numbers are released (放行前预览). Nothing is stored, no number reserved."""

from collections.abc import Container, Iterable

from appraisal_portal.kernel import files
from certificates import rules
from certificates.models import IssueItem
from certificates.services import issuing, seals, sources


def unprintable(item: IssueItem) -> str:
    """Why its words cannot be printed, in words; empty when they can. No file is read."""
    return " ".join(str(problem) for problem in rules.printable(sources.drawn(sources.words(item))))


def obstacle(item: IssueItem) -> str:
    """Why no certificate could be made of it as it stands, in words; empty when one can. Reads its photograph."""
    if found := unprintable(item):
        return found
    try:
        sources.photo(item)
    except (files.DamagedFile, ValueError) as error:
        return str(error)
    return ""


def obstacles(items: Iterable[IssueItem], near: Container[int]) -> dict[int, str]:
    """Those of a batch that have one, by key. Photographs are read of those near at hand, by key: a page of them, for
    a thousand take seconds."""
    found = ((item.pk, obstacle(item) if item.pk in near else unprintable(item)) for item in items)
    return {pk: why for pk, why in found if why}


def sheet(item: IssueItem) -> bytes:
    """The sheet as it would be printed today: watermarked, without number, QR code, check code and signature.

    Raises RenderingRefused, DamagedFile or ValueError with the reason it could not be.
    """
    return issuing.draw_preview(sources.words(item), sources.photo(item), seal=seals.picture_of(seals.in_use()))
