"""What the first run needs before anything is installed; standard library only."""

from __future__ import annotations

from collections.abc import Sequence


def settings_module(argv: Sequence[str]) -> str:
    """The settings a command runs under when the environment names none."""
    return "appraisal_portal.settings.test" if argv[1:2] == ["test"] else "appraisal_portal.settings.dev"


def prepare(argv: Sequence[str]) -> None:
    """Make the environment of the commands that a newcomer types."""
