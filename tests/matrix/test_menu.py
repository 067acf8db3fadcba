"""On every page of every role one entry of the menu is marked, and the right one (``menu.toml``).

``MATRIX_WRITE=1 pytest tests/matrix/test_menu.py`` writes the table anew; a person reads every changed line.
"""

import os
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import resolve

from appraisal_portal.home.menu import ALSO
from appraisal_portal.kernel import navigation
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.checks import declared_access, url_patterns
from tests.matrix.test_pages import committed, spelled
from tests.matrix.world import RELATED

TABLE = Path(__file__).with_name("menu.toml")
NOWHERE = {
    "applications:archive-file", "home:no-role", "home:roles", "kernel:export", "kernel:export-progress",
    "reviews:entrustment-paper",
}  # fmt: skip
"""Files and pages opened from several places."""
OWN = {"applications:my-list", "certificates:certificate-list", "reviews:call-up-list", "reviews:outcome-list"}
"""One's own lists, open to everybody: whoever acts in a role without such an entry finds none marked."""


def acting(role: str) -> Any:
    """Somebody acting in that role, a forwarder in a county bureau."""
    body = SimpleNamespace(kind="county_bureau" if role == "forwarder" else "", pk=1)
    return SimpleNamespace(
        is_authenticated=True, acts_as=lambda *roles: role in roles, acting_organisation_id=1,
        acting=SimpleNamespace(role=role, organisation=body, organisation_id=1),
    )  # fmt: skip


def marked() -> dict[str, dict[str, list[str]]]:
    """Page → the entries marked ("" for none) → roles; of every page that somebody opens and not everybody."""
    found: dict[str, dict[str, list[str]]] = {}
    for path, name, view in sorted(url_patterns(), key=lambda pattern: pattern[1]):
        if declared_access(view) is PUBLIC:
            continue
        seen = spelled(committed("get")[name])
        for role in RELATED:
            if seen[role] == 200:
                links = navigation.links_for(acting(role), "/" + re.sub("<[^>]+>", "1", path), name)
                current = " ".join(resolve(link.url).view_name for link in links if link.current)
                found.setdefault(name, {}).setdefault(current, []).append(role)
    return found


def spoken(entries: dict[str, list[str]]) -> dict[str, str]:
    """As it stands in the table."""
    return {entry: " ".join(roles) for entry, roles in entries.items()}


def differs(name: str, entry: str) -> bool:
    """Whether the page is named otherwise than its entry; all others need no line."""
    return name.rsplit("-", 1)[0] != entry.rsplit("-", 1)[0]


@pytest.mark.skipif("MATRIX_WRITE" not in os.environ, reason="writes the table; read it before committing it")
def test_write_the_table() -> None:
    lines = ["# Page = {entry marked = roles}, where the page is not named like its entry: see test_menu.py."]
    for name, entries in marked().items():
        if said := {entry: roles for entry, roles in spoken(entries).items() if entry and differs(name, entry)}:
            pairs = ", ".join(f'"{entry}" = "{roles}"' for entry, roles in said.items())
            lines.append(f'"{name}" = {{{pairs}}}')
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_one_entry_is_marked_and_the_right_one() -> None:
    literal, found = tomllib.loads(TABLE.read_text(encoding="utf-8")), marked()
    assert len(found) > 250
    for name, entries in found.items():
        for entry in entries:
            assert entry or name in NOWHERE | OWN, name
            assert " " not in entry, (name, entry)
        said = {entry: roles for entry, roles in spoken(entries).items() if entry and differs(name, entry)}
        assert said == literal.get(name, {}), name
    assert set(literal) <= set(found)


def test_no_page_is_nowhere_without_need() -> None:
    found = marked()
    assert set(ALSO) <= set(navigation._items)
    assert {name for name in NOWHERE | OWN if "" not in found[name]} == set()
