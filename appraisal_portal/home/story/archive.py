"""The archive book of a meeting, as the office orders it and the worker makes it. The caller travels in time."""

from typing import Any

from appraisal_portal.kernel import outbox
from committees.reviews.models import ArchiveBook, Meeting
from committees.reviews.services import archive_book
from committees.reviews.workflow.archive_book import ARCHIVE_BOOK


def made(meeting: Meeting, clerk: Any) -> ArchiveBook:
    """Ordered by the clerk and made at once."""
    book = archive_book.new_book(meeting, clerk)
    record = ARCHIVE_BOOK.fire(book, "order", actor=clerk)
    deliver(record)
    book.refresh_from_db()
    return book


def deliver(record: Any) -> None:
    """What the worker does with an order."""
    outbox.deliver("reviews.archive_book", f"{record._meta.db_table}:{record.pk}")
