"""The kernel's sentences are compared in English, the language they are written in."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Whatever the catalogue says in Chinese."""
    with translation.override("en"):
        yield
