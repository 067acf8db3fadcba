"""The gallery stands beside the portal's own pages for these tests only."""

from pathlib import Path
from typing import Any

import pytest

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture
def gallery(settings: Any) -> None:
    """Addresses and templates of the gallery."""
    settings.ROOT_URLCONF = "tests.ui.urls"
    first = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**first, "DIRS": [*first["DIRS"], TEMPLATES]}]
