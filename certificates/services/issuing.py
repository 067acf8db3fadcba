"""Making a certificate: check, reserve the number, draw the sheet, then store everything in one transaction.

One item, one unit of work. A repeat finds the item issued and does nothing; a sheet that cannot be drawn names its
reason and the rest of the batch goes on; one that cannot be signed for now waits and is tried again (P18).
"""

import datetime as dt
from typing import Any

import segno
from django.conf import settings
from django.db import transaction
from django.db.models import F

from appraisal_portal.kernel import clock, documents, files, outbox, rendering, signing
from appraisal_portal.kernel.access import SYSTEM
from appraisal_portal.kernel.workflow import Refused
from certificates import rules
from certificates.models import CertificateVersion, IssueBatch, IssueItem
from certificates.services import lines, numbers, seals, secrets, sources
from certificates.workflow import CERTIFICATE, ISSUE_BATCH

CODE = "certificate"


def issue(item_pk: int) -> None:
    """Issue the certificate of one item, of a released batch, an approved claim or accepted results. Safe to repeat; a
    failure is stored in the item with its name. Not inside a transaction: nobody waits for its locks while it draws."""
    item = IssueItem.objects.select_related(
        "batch__issue_document",
        "report_item__photo",
        "declaration__applicant",
        "declaration__title",
        "declaration__series",
        "declaration__committee",
        "claim__person",
        "claim__title__series",
        "filed_row__person",
        "filed_row__title__series",
        "filed_row__photo",
        "filed_row__batch__plan__delegation__unit",
    ).get(pk=item_pk)
    if item.status not in IssueItem.OPEN:
        return
    try:
        _ask_no_more_for_now()
        photo = sources.photo(item)
        _check_printable(sources.snapshot(item, ""))  # before a number is reserved
        seal = seals.in_use()
        printed = {**sources.snapshot(item, numbers.reserve(item)), **seals.named(seal)}
        token, code = secrets.new_token(), secrets.new_check_code()
        sheet = signing.sign(draw(printed, photo, token=token, code=code, seal=seals.picture_of(seal)))
        _store(item, printed, sheet, token=token, code=code)
    except _Pause as error:
        IssueItem.objects.filter(pk=item.pk, status__in=IssueItem.OPEN).update(
            status=IssueItem.Status.UNSIGNED, error=str(error)
        )
    except signing.NotSigned as error:
        IssueItem.objects.filter(pk=item.pk, status__in=IssueItem.OPEN).update(
            status=IssueItem.Status.UNSIGNED, error=str(error), tried_at=clock.now()
        )
    except (Refused, rendering.RenderingRefused, files.DamagedFile, ValueError) as error:
        IssueItem.objects.filter(pk=item.pk, status__in=IssueItem.OPEN).update(
            status=IssueItem.Status.FAILED, error=str(error)
        )
    if item.batch is not None:
        finish(item.batch)


def draw(printed: dict[str, str], photo: bytes, *, token: str, code: str, seal: bytes | None) -> bytes:
    """The sheet as PDF/A: photograph, ten fields, QR code with the address of its check; the bureau's own seal, where
    there is one."""
    address = f"{settings.PORTAL_SITE_URL}/c/{token}/"
    qr = segno.make(address, error="m").svg_inline(scale=1, border=0, omitsize=True, dark="#1b2430")
    return _rendered(printed, photo, seal, {"qr": qr, "address": address, "code": code}, tagged=True)


def draw_preview(printed: dict[str, str], photo: bytes, *, seal: bytes | None) -> bytes:
    """The same sheet across which "preview" is written: what only an issued one has (number, QR code, check code, name
    of the key) is left open."""
    return _rendered(printed, photo, seal, {"preview": True}, tagged=False)


def _rendered(
    printed: dict[str, str], photo: bytes, seal: bytes | None, more: dict[str, Any], *, tagged: bool
) -> bytes:
    context = {
        **printed,
        **more,
        "lines": list(lines.lines(printed)),
        "says": lines.says(printed),
        "seal": seal is not None,
        "issued_on": dt.date.fromisoformat(printed["issued_on"]),
        "corrected_on": dt.date.fromisoformat(printed["corrected_on"]) if "corrected_on" in printed else None,
        "verify_address": f"{settings.PORTAL_SITE_URL}/certificates/verify/",
        "sample": settings.PORTAL_SAMPLE_MARK,
    }
    return rendering.render_pdf(
        "documents/certificate.html",
        context,
        images={"photo": photo, "seal": seal} if seal else {"photo": photo},
        stylesheets=("documents/certificate.css",),
        tagged=tagged,
    )


class _Pause(RuntimeError):
    """Somebody asked for a signature a moment ago and got none; the text says why."""


def _ask_no_more_for_now() -> None:
    """Two hundred certificates do not each wait ten seconds for an authority that is down."""
    pause = clock.now() - dt.timedelta(seconds=settings.PORTAL_TSA_PAUSE_SECONDS)
    tried = IssueItem.objects.filter(status=IssueItem.Status.UNSIGNED, tried_at__gt=pause).first()
    if tried is not None:
        raise _Pause(tried.error)


def sign_waiting() -> int:
    """Try one of the unsigned items; if it is signed now, order all others again. Returns how many were ordered."""
    waiting = IssueItem.objects.filter(status=IssueItem.Status.UNSIGNED)
    first = waiting.order_by("pk").first()
    if first is None:
        return 0
    issue(first.pk)
    first.refresh_from_db()
    if first.status == IssueItem.Status.UNSIGNED:
        return 0
    with transaction.atomic():
        rows = list(waiting.select_for_update(skip_locked=True))
        waiting.filter(pk__in=[row.pk for row in rows]).update(status=IssueItem.Status.WAITING, tries=F("tries") + 1)
        for row in rows:
            outbox.put("certificates.issue", f"certificates_issueitem:{row.pk}:{row.tries + 1}", {"item": row.pk})
    return len(rows)


def finish(batch: IssueBatch) -> None:
    """Close the batch when nothing waits; whoever looks last does it, the sweep otherwise."""
    if batch.items.filter(status__in=IssueItem.OPEN).exists():
        return
    batch.refresh_from_db()
    if batch.status == IssueBatch.Status.ISSUING:
        try:
            ISSUE_BATCH.fire(batch, "finish", actor=SYSTEM)
        except Refused:
            return  # another worker was faster


def _check_printable(printed: dict[str, str]) -> None:
    found = list(rules.printable(sources.drawn(printed)))
    if found:
        raise Refused(*found)


@transaction.atomic
def _store(item: IssueItem, printed: dict[str, str], sheet: bytes, *, token: str, code: str) -> None:
    # The lock of the item decides between two workers; the second finds it issued and its sheet is left unreferenced.
    locked = IssueItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if locked.status not in IssueItem.OPEN:
        return
    certificate = sources.certificate(item, printed)
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
        signed_at=clock.now(),
    )
    locked.status, locked.error = IssueItem.Status.ISSUED, ""
    locked.save(update_fields=["status", "error"])
