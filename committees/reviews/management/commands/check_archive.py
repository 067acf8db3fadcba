"""Read every file of the archive books again and name what differs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from committees.reviews.models import ArchiveBook
from committees.reviews.services import archive_book


class Command(BaseCommand):
    """``manage.py check_archive [number …]``: all books, or those; ends with 1 when something differs."""

    help = "Reads every file of the archive books again and names what differs; all books, or those of the numbers."

    def add_arguments(self, parser: CommandParser) -> None:
        """Numbers of books."""
        parser.add_argument("books", nargs="*", type=int)

    def handle(self, *args: Any, books: list[int], **options: Any) -> None:
        """One line a book, one a difference."""
        found = ArchiveBook.objects.filter(status="made").select_related("meeting__committee").order_by("pk")
        if books:
            found = found.filter(pk__in=books)
            missing = set(books) - set(found.values_list("pk", flat=True))
            if missing:
                raise CommandError(f"no such book: {', '.join(map(str, sorted(missing)))}")
        bad = 0
        for book in found:
            check = archive_book.check(book)
            bad += len(check.differences)
            self.stdout.write(f"{book.pk} {book}: {check.documents} documents, {len(check.differences)} differences")
            for row in check.differences:
                self.stdout.write(f"  {row['what']} {row['no']} {row['of']} {row['name']}")
        if bad:
            raise CommandError(f"{bad} differences")
