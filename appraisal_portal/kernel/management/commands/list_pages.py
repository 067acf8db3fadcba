"""Every page of the site with the access it declares: the permission list a bureau can read."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from appraisal_portal.kernel.checks import declared_access, url_patterns


class Command(BaseCommand):
    """Print path, name and access, one page a line."""

    help = "List every URL with its declared access."

    def handle(self, *args: Any, **options: Any) -> None:
        """Sorted by path."""
        with translation.override("en"):
            for path, name, callback in sorted(url_patterns(), key=lambda entry: entry[0]):
                self.stdout.write(f"/{path}\t{name}\t{declared_access(callback)}")
