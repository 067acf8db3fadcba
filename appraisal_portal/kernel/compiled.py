"""A queryset put together once: a question that is asked again and again with other keys.

To build a queryset with a dozen conditions takes the ORM longer than PostgreSQL needs to answer it, and PostgreSQL
plans it anew each time. Here it is built once a process with marks where the keys belong, and prepared once a
connection. What it asks stays said in one place, by the querysets.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.db import connection

from appraisal_portal.kernel import prepared

_MARK = -7_310_000_000
"""Marks count down from here; no row has such a key, and no literal of ours is such a number."""
_NOBODY = -1


class Question:
    """``make`` builds the queryset, or with ``model`` the SQL, from keys (whole numbers) and collections of keys, given
    in place; it is called once for each shape of them. A collection is filled up to the next power of two, so that
    there are few shapes. ``around``: SQL that asks further, the queryset at its ``{}``."""

    def __init__(self, make: Callable[..., Any], around: str = "{}", *, model: Any = None) -> None:
        self.make, self.around, self.model = make, around, model
        self._shapes: dict[tuple[int | None, ...], tuple[str, str]] = {}

    def __call__(self, *keys: int | Collection[int]) -> list[tuple[Any, ...]]:
        """The rows of the answer."""
        with connection.cursor() as cursor:
            prepared.execute(cursor, *self.message(cursor, *keys))
            return cursor.fetchall()

    def message(self, cursor: Any, *keys: int | Collection[int]) -> tuple[dict[str, str], str]:
        """What :func:`prepared.execute` is given to ask it, alone or beside other questions."""
        given = [key if isinstance(key, int) else _filled(key) for key in keys]
        shape = tuple(None if isinstance(key, int) else len(key) for key in given)
        if shape not in self._shapes:
            self._shapes[shape] = self._compiled(cursor, shape)
        name, prepare = self._shapes[shape]
        values = [str(value) for key in given for value in ([key] if isinstance(key, int) else key)]
        return {name: prepare}, f"EXECUTE {name} ({', '.join(values)})" if values else f"EXECUTE {name}"

    def _compiled(self, cursor: Any, shape: tuple[int | None, ...]) -> tuple[str, str]:
        place, marked = 0, []
        for size in shape:
            marks = [_MARK - (place := place + 1) for _one in range(1 if size is None else size)]
            marked.append(marks[0] if size is None else marks)
        made = self.make(*marked)
        sql = made if self.model else self.around.format(cursor.mogrify(*made.query.sql_with_params()))
        for one in range(1, place + 1):
            if str(_MARK - one) not in sql:
                raise ValueError(f"{self.make.__qualname__} does not ask for key {one}.")
            sql = sql.replace(str(_MARK - one), f"${one}")
        name = prepared.name_for(self.model or made.model)
        kinds = f"({', '.join(['bigint'] * place)})" if place else ""
        return name, f"PREPARE {name} {kinds} AS {sql}"


def array(keys: Collection[int]) -> str:
    """Keys as an array of SQL whose length the planner knows."""
    return f"ARRAY[{', '.join(map(str, keys))}]::bigint[]"


def _filled(keys: Collection[int]) -> list[int]:
    found = [int(key) for key in keys]
    size = 1 << (len(found) - 1).bit_length() if found else 0
    return found + [_NOBODY] * (size - len(found))
