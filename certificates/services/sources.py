"""What a certificate says and whose it is, by where it comes from: a reported declaration, a registered claim, or a
unit's own results."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from appraisal_portal.kernel import clock, files, identity, signing
from certificates.models import Certificate, Claim, IssueItem
from committees.autonomous.models import FiledRow
from committees.plans.models import Channel

NOTHING = "—"
"""Printed where a registered certificate says nothing of its own (unit, specialty)."""


def photo(item: IssueItem) -> bytes:
    """The photograph as JPEG. Raises ValueError without one, DamagedFile."""
    if item.claim is not None:
        return files.open_upload(item.claim.photo)
    if item.filed_row is not None:
        return files.open_upload(item.filed_row.photo)
    if item.report_item.photo is None:
        raise ValueError(_("There is no photograph."))
    return files.open_stored(item.report_item.photo)


def item_of(certificate: Certificate) -> IssueItem:
    """The work that issued a certificate: whose photograph it was."""
    return IssueItem.objects.select_related("report_item__photo", "claim", "filed_row__photo").get(
        number=certificate.number, status=IssueItem.Status.ISSUED
    )


def words(item: IssueItem) -> dict[str, str]:
    """What a certificate issued today would say, as text; the identity number only masked. "source" decides the words
    around it."""
    with translation.override("zh-hans"):  # the sheet is Chinese, whatever language the worker speaks
        if item.claim is not None:
            said = _of_claim(item.claim)
        elif item.filed_row is not None:
            said = _of_filed(item.filed_row)
        else:
            said = _of_declaration(item)
    return {**said, "issuing_body": settings.PORTAL_OWNER_NAME, "issued_on": clock.today().isoformat()}


def snapshot(item: IssueItem, number: str) -> dict[str, str]:
    """Everything that is printed. Raises signing.NotSigned without a key: the sheet names it."""
    return {**words(item), "number": number, "signed_by": signing.signer_name()}


def drawn(printed: dict[str, str]) -> list[str]:
    """What of it is drawn in somebody's own words: each character needs a glyph."""
    return [printed[key] for key in ("name", "employer", "specialty", "title", "committee")]


def certificate(item: IssueItem, printed: dict[str, str]) -> Certificate:
    """The row to be issued, not stored yet."""
    row = Certificate(
        number=printed["number"],
        qualified_on=dt.date.fromisoformat(printed["qualified_on"]),
        issuing_body=printed["issuing_body"],
        issued_on=dt.date.fromisoformat(printed["issued_on"]),
    )
    if item.claim is not None:
        row.source = row.acquired_by = item.claim.kind
        row.claim, row.person, row.title = item.claim, item.claim.person, item.claim.title
    elif item.filed_row is not None:
        row.source, row.acquired_by = Certificate.Source.FILED, Channel.AUTONOMOUS
        row.filed_row, row.person, row.title = item.filed_row, item.filed_row.person, item.filed_row.title
    else:
        declaration: Any = item.declaration
        row.declaration, row.person, row.title = declaration, declaration.applicant, declaration.title
        row.acquired_by, row.committee = declaration.route, declaration.committee
    return row


def _of_declaration(item: IssueItem) -> dict[str, str]:
    row, declaration = item.report_item.data_3_6, item.declaration
    return {
        "source": Certificate.Source.ISSUED,
        "name": row["name"],
        "id_masked": identity.mask(row["id_number"]),
        "employer": row["employer"],
        "series": row["series"],
        "title": row["title"],
        "specialty": row["specialty"],
        "level": str(declaration.title.get_level_display()),
        "acquired_by": str(declaration.get_route_display()),
        "committee": row["committee"],
        "qualified_on": row["qualified_on"],
        "document_number": str(item.batch.issue_document.number),
    }


def _of_claim(claim: Claim) -> dict[str, str]:
    """Authority and number of the certificate that is held stand where others name committee and approval."""
    employment = claim.person.employments.filter(status="confirmed").order_by("-starts_on", "-pk").first()
    return {
        "source": claim.kind,
        "name": claim.person.name,
        "id_masked": claim.person.masked_id_number,
        "employer": employment.unit.name if employment else NOTHING,
        "series": claim.title.series.name,
        "title": claim.title.name,
        "specialty": claim.specialty or (claim.subfield.name if claim.subfield else NOTHING),
        "level": str(claim.title.get_level_display()),
        "acquired_by": str(claim.get_kind_display()),
        "committee": claim.authority,
        "qualified_on": claim.obtained_on.isoformat(),
        "document_number": claim.exam_number,
    }


def _of_filed(row: FiledRow) -> dict[str, str]:
    """The unit appraised, the bureau's record stands where others name the approval."""
    unit = row.batch.plan.delegation.unit
    return {
        "source": Certificate.Source.FILED,
        "name": row.person.name,
        "id_masked": row.person.masked_id_number,
        "employer": unit.name,
        "series": row.title.series.name,
        "title": row.title.name,
        "specialty": row.specialty,
        "level": str(row.title.get_level_display()),
        "acquired_by": str(Channel.AUTONOMOUS.label),
        "committee": unit.name,
        "qualified_on": row.passed_on.isoformat(),
        "document_number": str(row.batch.number),
    }
