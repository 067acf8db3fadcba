"""`manage.py list_documents`: every registered paper with its kind, paper size, number series and basis."""

from typing import Any

from django.core.management.base import BaseCommand

from appraisal_portal.kernel import documents


class Command(BaseCommand):
    """Prints the register of papers as a Markdown table, sorted by code."""

    help = "List the registered statutory papers."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the table."""
        self.stdout.write("| code | title | kind | paper | numbered | who reads | basis |")
        self.stdout.write("|---|---|---|---|---|---|---|")
        for code in sorted(documents.registry):
            row = documents.registry[code]
            series = row.number_series.series if row.number_series else ""
            self.stdout.write(
                f"| {code} | {row.title} | {row.kind} | {row.paper} | {series} | {row.readers.name} | {row.basis} |"
            )
