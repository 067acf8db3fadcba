"""`manage.py load_register`: series, titles, committees and scopes from the data files; repeatable."""

from typing import Any

from django.core.management.base import BaseCommand

from committees.plans.services import load_register


class Command(BaseCommand):
    """Load the register."""

    help = "Load series, titles, committees and scopes (系列、职称、评委会、评审范围) from committees/plans/data/."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what was made."""
        loaded = load_register()
        for word, counts in (("made", loaded.made), ("changed", loaded.changed)):
            for kind, count in sorted(counts.items()):
                self.stdout.write(f"{word}: {count} {kind}")
        if not loaded.made and not loaded.changed:
            self.stdout.write("nothing to do: the register is loaded")
