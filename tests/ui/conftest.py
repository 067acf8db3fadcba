"""The gallery stands beside the portal's own pages for these tests only."""

from typing import Any

import pytest


@pytest.fixture
def gallery(settings: Any) -> None:
    """Addresses of the gallery."""
    settings.ROOT_URLCONF = "tests.ui.urls"
