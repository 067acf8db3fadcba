"""Is every text of the portal in the Chinese catalogue, with Chinese punctuation? CI runs it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appraisal_portal.kernel import texts


class Command(BaseCommand):
    """``python manage.py check_texts``: ends with an error that lists what is missing, fuzzy, empty,
    unused or badly pointed."""

    help = "Compare the texts of the sources with the Chinese catalogue."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each complaint on a line of its own."""
        found = texts.complaints()
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"{len(found)} texts need work")
        self.stdout.write("Every text is translated.")
