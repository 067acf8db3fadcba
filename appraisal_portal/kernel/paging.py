"""Pages of long lists that cost the same however long the list is."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator

REACH = 5_000
"""So many rows can be paged through. Nobody reads a hundred pages; a filter or the other order shows what is behind."""


class Reachable(Paginator):  # type: ignore[type-arg]  # the class cannot be subscripted
    """Pages of the first :data:`REACH` rows. ``known``: how many there are in all, where somebody has counted them
    already; else they are counted up to the reach."""

    def __init__(self, rows: Any, per_page: int, known: int | None) -> None:
        super().__init__(rows, per_page)
        self.known = known

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        return int(rows[: REACH + 1].count()) if self.known is None else self.known

    @cached_property
    def count(self) -> int:  # type: ignore[override]
        """Rows that can be reached."""
        return min(self._counted, REACH)

    @property
    def beyond(self) -> bool:
        """Whether there are more."""
        return self._counted > REACH

    @property
    def total(self) -> int | None:
        """All rows, None when nobody knows."""
        return None if self.known is None and self.beyond else self._counted
