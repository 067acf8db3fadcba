"""The main navigation, filled by the apps: each registers its entries in ``AppConfig.ready()``,
nobody edits a template.

Example::

    navigation.register(NavItem("applications:declaration-list", _("My declarations"), roles=("applicant",), order=10))
"""

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class NavItem:
    """One entry. ``roles``: acting roles that see it when logged in; ``public``: also shown to visitors; ``footer``:
    stands in the
    footer of every page instead. Small ``order`` stands left. Where one role acts for bodies of different kinds,
    ``words`` gives the label for this user ("" leaves the entry out)."""

    url_name: str
    label: str | Promise
    roles: tuple[str, ...] = ()
    order: int = 100
    public: bool = False
    footer: bool = False
    words: Callable[[Any], str | Promise] | None = None


@dataclass(frozen=True)
class NavLink:
    """An entry ready to draw; ``current`` is true for the one the address lies under, ``more`` for one that stands
    behind the others under “More”."""

    url: str
    label: str | Promise
    current: bool = False
    more: bool = False


_items: dict[str, NavItem] = {}
_first: dict[str, tuple[str, ...]] = {}


def register(*items: NavItem) -> None:
    """Add entries; the same URL name registered again replaces the earlier entry."""
    for item in items:
        _items[item.url_name] = item


def arrange(first: Mapping[str, tuple[str, ...]]) -> None:
    """What each role finds in the row itself, by URL name and in this order; its other entries stand under “More”.
    Called by the one app that sees them all."""
    _first.update(first)


def public_links(path: str) -> list[NavLink]:
    """The entries of the public column; touches neither session nor user."""
    return _links((item for item in _items.values() if item.public), path)


def footer_links(path: str) -> list[NavLink]:
    """Statements and help, the same for everybody."""
    return _links((item for item in _items.values() if item.footer), path)


def links_for(user: Any, path: str) -> list[NavLink]:
    """The entries of the user's acting role; a visitor, or somebody without any role, gets the public column."""
    if not user.is_authenticated:
        return public_links(path)
    roles = [item for item in _items.values() if item.roles and user.acts_as(*item.roles)]
    own = [replace(item, label=item.words(user)) if item.words else item for item in roles]
    own = [item for item in own if item.label]
    first = next((names for role, names in _first.items() if user.acts_as(role)), None)
    return _links(own, path, first) if own else public_links(path)


@functools.cache
def _address(url_name: str, _urlconf: str) -> str:
    """The address of an entry, looked up once: twenty of them stand on every page."""
    return reverse(url_name)


def _links(items: Iterable[NavItem], path: str, first: tuple[str, ...] | None = None) -> list[NavLink]:
    """In order, the entry with the longest address that the path begins with marked as current; a single entry is not
    worth hiding."""
    in_order = sorted(items, key=lambda item: (item.order, item.url_name))
    hidden: list[NavItem] = []
    if first is not None:
        hidden = [item for item in in_order if item.url_name not in first]
        shown = [item for item in in_order if item.url_name in first]
        in_order = [*sorted(shown, key=lambda item: first.index(item.url_name)), *hidden]
    addresses = [_address(item.url_name, settings.ROOT_URLCONF) for item in in_order]
    under = [url for url in addresses if path == url or (url != "/" and path.startswith(url))]
    current = max(under, key=len, default=None)
    return [
        NavLink(url, item.label, url == current, len(hidden) > 1 and item in hidden)
        for url, item in zip(addresses, in_order, strict=True)
    ]
