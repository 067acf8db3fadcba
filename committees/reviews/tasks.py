"""Sweeps and deliveries of this stage: lists whose last day has passed, ballot boxes whose time is up, archive books.

Nothing waits for them: ``period_over`` never reads the status, and the pages of a meeting seal what is due themselves.
"""

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock, documents, files, outbox, sweeps
from appraisal_portal.kernel.access import SYSTEM
from appraisal_portal.kernel.models import Outbox
from appraisal_portal.kernel.workflow import Refused
from committees.reviews.models import ArchiveBook, ArchiveBookRecord, ResultPublicity
from committees.reviews.services import archive_book, ballot_box
from committees.reviews.workflow.archive_book import ARCHIVE_BOOK
from committees.reviews.workflow.results import RESULT_PUBLICITY


@sweeps.register("reviews.close_publicity")
def close_publicity() -> int:
    """Close what is over; safe to repeat, for whoever comes second finds it closed."""
    closed = 0
    due = ResultPublicity.objects.filter(status="running", provisional=False, ends_on__lt=clock.today())
    for publicity in due.order_by("ends_on", "pk"):
        try:
            RESULT_PUBLICITY.fire(publicity, "close", actor=SYSTEM)
        except Refused:
            continue
        closed += 1
    return closed


@sweeps.register("reviews.ballot_boxes")
def ballot_boxes() -> int:
    """Seal what is due."""
    return ballot_box.settle()


@sweeps.register("reviews.ballot_keys", at_web_start=True)
def ballot_keys() -> int:
    """Destroy what a crash left: keys of rounds that are over, or never came to be."""
    return ballot_box.destroy_old_keys()


@outbox.handler("reviews.archive_book", _("Archive books"))
def make_archive_book(row: Outbox) -> None:
    """Make an ordered book; what stands against it ends the order in words."""
    book = ArchiveBook.objects.select_related("meeting__committee", "ordered_by").get(pk=row.payload["subject"])
    if book.status != ArchiveBook.Status.ORDERED:
        return
    try:
        content, sha256 = archive_book.content_for(book)
        ARCHIVE_BOOK.fire(book, "make", actor=SYSTEM, content=content, sha256=sha256)
    except (Refused, files.DamagedFile) as error:
        ARCHIVE_BOOK.fire(book, "fail", actor=SYSTEM, reason=documents.why_not_made(error))


@outbox.handler("reviews.archive_check", _("Checks of archive books"))
def check_archive_book(row: Outbox) -> None:
    """Read every file of a book again."""
    asked = ArchiveBookRecord.objects.select_related("subject__meeting__committee").get(pk=row.payload["record"])
    archive_book.check(asked.subject, asked=asked)
