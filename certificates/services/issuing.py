"""Making a certificate: check, reserve the number, draw the sheet, then store everything in one transaction.

One item, one unit of work. A repeat finds the item issued and does nothing; a sheet that cannot be drawn names its
reason and the rest of the batch goes on.
"""

import datetime as dt

import segno
from django.conf import settings
from django.db import transaction

from appraisal_portal.kernel import documents, files, rendering
from appraisal_portal.kernel.access import SYSTEM
from appraisal_portal.kernel.workflow import Refused
from certificates import rules
from certificates.models import CertificateVersion, IssueBatch, IssueItem
from certificates.services import numbers, secrets, sources
from certificates.workflow import CERTIFICATE, ISSUE_BATCH

CODE = "certificate"


def issue(item_pk: int) -> None:
    """Issue the certificate of one item, of a released batch, an approved claim or accepted results. Safe to repeat; a
    failure is stored in the item with its name."""
    item = IssueItem.objects.select_related(
        "batch__issue_document",
        "report_item__photo",
        "declaration",
        "claim__person",
        "claim__title__series",
        "filed_row__person",
        "filed_row__title__series",
        "filed_row__photo",
        "filed_row__batch__plan__delegation__unit",
    ).get(pk=item_pk)
    if item.status != IssueItem.Status.WAITING:
        return
    try:
        photo = sources.photo(item)
        _check_printable(sources.snapshot(item, ""))  # before a number is reserved
        printed = sources.snapshot(item, numbers.reserve(item))
        token, code = secrets.new_token(), secrets.new_check_code()
        sheet = draw(printed, photo, token=token, code=code)
        _store(item, printed, sheet, token=token, code=code)
    except (Refused, rendering.RenderingRefused, files.DamagedFile, ValueError) as error:
        IssueItem.objects.filter(pk=item.pk, status=IssueItem.Status.WAITING).update(
            status=IssueItem.Status.FAILED, error=str(error)
        )
    if item.batch is not None:
        finish(item.batch)


def draw(printed: dict[str, str], photo: bytes, *, token: str, code: str) -> bytes:
    """The sheet as PDF/A: picture, ten fields, QR code with the address of its check."""
    address = f"{settings.PORTAL_SITE_URL}/c/{token}/"
    qr = segno.make(address, error="m").svg_inline(scale=1, border=0, omitsize=True, dark="#1b2430")
    context = {
        **printed,
        "qualified_on": dt.date.fromisoformat(printed["qualified_on"]),
        "issued_on": dt.date.fromisoformat(printed["issued_on"]),
        "qr": qr,
        "address": address,
        "verify_address": f"{settings.PORTAL_SITE_URL}/certificates/verify/",
        "code": code,
        "sample": settings.PORTAL_SAMPLE_MARK,
    }
    return rendering.render_pdf(
        "documents/certificate.html",
        context,
        images={"photo": photo},
        stylesheets=("documents/certificate.css",),
        tagged=True,
    )


def finish(batch: IssueBatch) -> None:
    """Close the batch when nothing waits; whoever looks last does it, the sweep otherwise."""
    if batch.items.filter(status=IssueItem.Status.WAITING).exists():
        return
    batch.refresh_from_db()
    if batch.status == IssueBatch.Status.ISSUING:
        try:
            ISSUE_BATCH.fire(batch, "finish", actor=SYSTEM)
        except Refused:
            return  # another worker was faster


def _check_printable(printed: dict[str, str]) -> None:
    found = list(rules.printable(printed[key] for key in ("name", "employer", "specialty", "title", "committee")))
    if found:
        raise Refused(*found)


@transaction.atomic
def _store(item: IssueItem, printed: dict[str, str], sheet: bytes, *, token: str, code: str) -> None:
    # The lock of the item decides between two workers; the second finds it issued and its sheet is left unreferenced.
    locked = IssueItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if locked.status != IssueItem.Status.WAITING:
        return
    certificate = sources.certificate(locked, printed)
    CERTIFICATE.fire(certificate, "issue", actor=SYSTEM)
    stored = documents.store(
        CODE, f"{printed['number']}", "pdf", sheet, printed, actor=SYSTEM, number=printed["number"]
    )
    CertificateVersion.objects.create(
        certificate=certificate,
        snapshot=printed,
        document=stored,
        token_sha256=secrets.token_hash(token),
        lookup_hmac=secrets.lookup_hmac(printed["number"], printed["name"], code),
    )
    locked.status = IssueItem.Status.ISSUED
    locked.save(update_fields=["status"])
