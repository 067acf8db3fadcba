"""The table of the archive book: ordered by the office, made by the worker, checked by office or supervisor."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import documents
from appraisal_portal.kernel.access import IS_SYSTEM
from appraisal_portal.kernel.workflow import NEW, SAME, Act, Tell, Transition, Workflow
from committees.reviews.access import archive_book as access
from committees.reviews.models import ArchiveBook, ArchiveBookRecord
from committees.reviews.models.archive_book import PDF, XLSX
from committees.reviews.rules import archive_book as rules

_CLOSED = (rules.results_locked, rules.all_reported, rules.nothing_open)


def _who_ordered(book: ArchiveBook) -> Iterable[Any]:
    return [book.ordered_by]


def _write(book: ArchiveBook, act: Act) -> None:
    book.content, book.sha256, book.made_at = act.data["content"], act.data["sha256"], act.at
    book.index_pdf = documents.make(PDF, book, actor=book.ordered_by, version=book.version)
    book.index_xlsx = documents.make(XLSX, book, actor=book.ordered_by, version=book.version)


ARCHIVE_BOOK = Workflow(
    ArchiveBook,
    ArchiveBookRecord,
    Transition(
        "order", _("Make the archive book"), (NEW,), ArchiveBook.Status.ORDERED, access.orders_books,
        guards=_CLOSED, after_commit=("reviews.archive_book",),
    ),
    Transition(
        "make", _("Made"), (ArchiveBook.Status.ORDERED,), ArchiveBook.Status.MADE, IS_SYSTEM,
        guards=_CLOSED, apply=_write, keep=("sha256",),
        tells=(
            Tell(_who_ordered, _("Ready: {obj}"), _("The archive book is ready: index, table and JSON with every "
                 "hash."), who="who ordered it"),
        ),
    ),
    Transition(
        "fail", _("Not made"), (ArchiveBook.Status.ORDERED,), ArchiveBook.Status.FAILED, IS_SYSTEM, needs_reason=True,
        tells=(
            Tell(_who_ordered, _("Not made: {obj}"), _("The archive book could not be made: {reason}"),
                 action_needed=True, who="who ordered it"),
        ),
    ),
    Transition(
        "check", _("Check every hash"), (ArchiveBook.Status.MADE,), SAME, access.checks,
        after_commit=("reviews.archive_check",),
        explanation=_("Every file is read again and compared with the book; the result appears on its page."),
    ),
)  # fmt: skip
