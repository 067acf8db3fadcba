"""``docs/acceptance.md`` names tests that exist."""

import re

from django.conf import settings

NAMED = re.compile(r"`(?:(tests/[\w/]*)?(test_\w+\.py))?(?:::(test_\w+?)(?:…)?)?`")


def test_every_named_test_exists() -> None:
    folder, text, found = "", "", 0
    for path, file, name in NAMED.findall((settings.BASE_DIR / "docs" / "acceptance.md").read_text()):
        if file:
            folder = path or folder
            text = (settings.BASE_DIR / folder / file).read_text()
        if name:
            assert f"def {name}" in text, f"{folder}{file}::{name}"
            found += 1
    assert found > 40
