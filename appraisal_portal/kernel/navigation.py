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
    stands in the footer of every page instead. Small ``order`` stands left. Where one role acts for bodies of different
    kinds, ``words`` gives the label for this user ("" leaves the entry out)."""

    url_name: str
    label: str | Promise
    roles: tuple[str, ...] = ()
    order: int = 100
    public: bool = False
    footer: bool = False
    words: Callable[[Any], str | Promise] | None = None


@dataclass(frozen=True)
class NavLink:
    """An entry ready to draw; ``current`` is true for the one the page belongs to, ``more`` for one that stands behind
    the others under “More”."""

    url: str
    label: str | Promise
    current: bool = False
    more: bool = False


_ROWS = ("-list", "-queue", "-desk")
_NOTHING = (0, False, 0)
_items: dict[str, NavItem] = {}
_first: dict[str, tuple[str, ...]] = {}
_also: dict[str, tuple[str, ...]] = {}


def register(*items: NavItem) -> None:
    """Add entries; the same URL name registered again replaces the earlier entry."""
    for item in items:
        _items[item.url_name] = item


def arrange(first: Mapping[str, tuple[str, ...]], also: Mapping[str, tuple[str, ...]]) -> None:
    """``first``: what each role finds in the row itself, by URL name and in this order; its other entries stand under
    “More”. ``also``: which pages belong to an entry besides its own, by how their names begin. Called by the one app
    that sees them all."""
    _first.update(first)
    _also.update(also)


def public_links(path: str, page: str = "") -> list[NavLink]:
    """The entries of the public column; touches neither session nor user."""
    return _links((item for item in _items.values() if item.public), path, page)


def footer_links(path: str, page: str = "") -> list[NavLink]:
    """Statements and help, the same for everybody."""
    return _links((item for item in _items.values() if item.footer), path, page)


def links_for(user: Any, path: str, page: str = "") -> list[NavLink]:
    """The entries of the user's acting role; a visitor, or somebody without any role, gets the public column.
    ``page``: the full name of what the address leads to."""
    if not user.is_authenticated:
        return public_links(path, page)
    roles = [item for item in _items.values() if item.roles and user.acts_as(*item.roles)]
    own = [replace(item, label=item.words(user)) if item.words else item for item in roles]
    own = [item for item in own if item.label]
    first = next((names for role, names in _first.items() if user.acts_as(role)), None)
    return _links(own, path, page, first) if own else public_links(path, page)


@functools.cache
def _address(url_name: str, _urlconf: str) -> str:
    """The address of an entry, looked up once: twenty of them stand on every page."""
    return reverse(url_name)


def _fit(item: NavItem, url: str, path: str, page: str) -> tuple[int, bool, int]:
    """How well the page belongs to the entry: by its name (a list owns the pages named like it: "reviews:meeting-list"
    has "reviews:meeting-room"), before what belongs to it besides, before an address that the path begins with, as much
    begins with "/office/"."""
    own = item.url_name.rsplit("-", 1)[0] + "-" if item.url_name.endswith(_ROWS) else item.url_name
    named = max(
        (len(begin), begin == own) for begin in ("", own, *_also.get(item.url_name, ())) if page.startswith(begin)
    )
    return (*named, len(url) if path == url or (url != "/" and path.startswith(url)) else 0)


def _links(items: Iterable[NavItem], path: str, page: str, first: tuple[str, ...] | None = None) -> list[NavLink]:
    """In order, the one the page belongs to marked as current; a single entry is not worth hiding."""
    in_order = sorted(items, key=lambda item: (item.order, item.url_name))
    hidden: list[NavItem] = []
    if first is not None:
        hidden = [item for item in in_order if item.url_name not in first]
        shown = [item for item in in_order if item.url_name in first]
        in_order = [*sorted(shown, key=lambda item: first.index(item.url_name)), *hidden]
    addresses = [_address(item.url_name, settings.ROOT_URLCONF) for item in in_order]
    fits = [_fit(item, url, path, page) for item, url in zip(in_order, addresses, strict=True)]
    best = max(fits, default=_NOTHING)
    current = fits.index(best) if best > _NOTHING else None
    return [
        NavLink(url, item.label, place == current, len(hidden) > 1 and item in hidden)
        for place, (url, item) in enumerate(zip(addresses, in_order, strict=True))
    ]
