#!/usr/bin/env python3
"""Django's command line; the commands of the first run make their environment before Django is imported."""

import os
import sys

from appraisal_portal import bootstrap


def main() -> None:
    """Prepare what the command needs (nothing, for most), then hand over to Django."""
    bootstrap.prepare(sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", bootstrap.settings_module(sys.argv))
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - not installed before the first run

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
