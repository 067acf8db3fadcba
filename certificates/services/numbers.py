"""Certificate numbers (证书编号): 22 characters, gap-free per year and committee, check character (domain.md §4)."""

from typing import Any

from django.conf import settings
from django.db import transaction

from appraisal_portal.kernel import clock, references
from certificates.models import IssueItem

_LEVEL = {"senior": "1", "associate_senior": "2", "intermediate": "3", "assistant": "4", "technician": "5"}
_MANNER = {"preliminary": "2", "confirmation": "3", "transfer": "4", "special": "5", "exam": "6",
           "autonomous": "7", "archive": "8"}  # fmt: skip
"""How the title was acquired; everything else is an appraisal. "6" (registered examinations), "7" (a unit's own
appraisal) and "8" (paper certificates from before 2018) are ours (D)."""
WITHOUT_COMMITTEE = "000"


def compose(*, year: int, level: str, channel: str, series: int, committee: str, serial: int) -> str:
    """City code + year + level + manner + series + committee + serial + check character (ISO 7064 MOD 11-2).

    Raises ValueError when the serial needs more than four digits: the year of a committee is full.
    """
    if not 0 < serial < 10_000:
        raise ValueError(f"serial {serial} does not fit four digits")
    body = (
        f"{settings.PORTAL_CITY_CODE}{year:04d}{_LEVEL[level]}{_MANNER.get(channel, '1')}"
        f"{series:02d}{committee:0>3}{serial:04d}"
    )
    return body + references.check_character(body)


@transaction.atomic
def reserve(item: IssueItem) -> str:
    """Give the item its number, once; one that a failed item of the year and committee left behind goes first."""
    locked = IssueItem.objects.select_for_update().get(pk=item.pk)
    if locked.number:
        return locked.number
    parts = _parts(item)  # as the caller has read it: nothing of this changes once a certificate is ordered
    serial = _left_behind(parts["year"], parts["committee"])
    if serial is None:
        serial = references.next_number("certificate", parts["year"], parts["committee"])
    locked.number = compose(serial=serial, **parts)
    locked.save(update_fields=["number"])
    return locked.number


def _parts(item: IssueItem) -> dict[str, Any]:
    """What a number is composed of but the serial: of the claim, the filed row, or document and declaration."""
    claim, declaration, filed = item.claim, item.declaration, item.filed_row
    if filed is not None:
        return {
            "year": clock.local(filed.batch.decided_at).year,
            "level": filed.title.level,
            "channel": "autonomous",
            "series": filed.title.series.number,
            "committee": WITHOUT_COMMITTEE,
        }
    if claim is not None:
        return {
            "year": clock.local(claim.decided_at).year,
            "level": claim.title.level,
            "channel": claim.kind,
            "series": claim.title.series.number,
            "committee": WITHOUT_COMMITTEE,
        }
    return {
        "year": item.batch.issue_document.dated.year,
        "level": declaration.title.level,
        "channel": declaration.route,
        "series": declaration.series.number,
        "committee": declaration.committee.code,
    }


def _left_behind(year: int, committee: str) -> int | None:
    """The serial of a failed item; taken from it. Serials are compared by place, for level and series may differ."""
    failed: Any = (
        IssueItem.objects.select_for_update(skip_locked=True)
        .filter(status=IssueItem.Status.FAILED, number__startswith=f"{settings.PORTAL_CITY_CODE}{year:04d}")
        .order_by("number")
    )
    for item in failed:
        if item.number[14:17] == f"{committee:0>3}":
            serial = int(item.number[17:21])
            item.number = None
            item.save(update_fields=["number"])
            return serial
    return None
