"""Entries of the navigation."""


def register() -> None:
    """Filled with the pages."""
