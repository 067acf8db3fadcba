"""Statements a connection prepares once: what goes on everywhere, and writing rows.

The ORM puts an INSERT or UPDATE together anew for each row, and PostgreSQL plans it anew. Here both happen once; the
values go through the same fields (``pre_save``, ``get_db_prep_save``), so what is stored is what ``save()`` stores. No
signals are sent: it is for the rows every transition writes, to which nobody listens.
"""

import itertools
from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DatabaseError, connection, models

_numbers = itertools.count(1)
_prepared: "WeakKeyDictionary[Any, set[str] | None]" = WeakKeyDictionary()


def name_for(model: type[models.Model]) -> str:
    """A name for one more statement about a table, unique in the process."""
    return f"{model._meta.db_table}_{next(_numbers)}"[-63:]


def execute(cursor: Any, prepare: dict[str, str], message: str, values: Sequence[Any] | None = None) -> None:
    """Send ``message``, behind the statements of ``prepare`` (name: PREPARE …) the connection has not got yet.

    The cursor then stands at the first answer to ``message``.
    """
    there = _there(cursor)
    new = [name for name in prepare if name not in there]
    # Beside values a percent sign of theirs would be read as a place for one.
    first = [prepare[name] if values is None else prepare[name].replace("%", "%%") for name in new]
    try:
        cursor.execute("; ".join([*first, message]), values)
    except DatabaseError:
        _prepared[connection.connection] = None  # it may have broken off before, between or after preparing
        raise
    there.update(new)
    for _name in new:
        cursor.nextset()


def _there(cursor: Any) -> set[str]:
    """What the connection has prepared; PREPARE is not undone by a rollback, so after an error the server is asked."""
    there = _prepared.setdefault(connection.connection, set())
    if there is None:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        there = _prepared[connection.connection] = {name for (name,) in cursor.fetchall()}
    return there


class _Insert:
    """The INSERT of one model; ``keyed``: with the key it has, else the database gives one; ``many``: a list for each
    column, what is there stays."""

    def __init__(self, model: type[models.Model], *, many: bool = False, keyed: bool = False) -> None:
        self.name, self.many = name_for(model), many
        self.table, self.key = model._meta.db_table, model._meta.pk
        fields = model._meta.local_concrete_fields
        self.fields: list[models.Field[Any, Any]] = [f for f in fields if keyed or f is not self.key]
        self.message = f"EXECUTE {self.name} ({', '.join(['%s'] * len(self.fields))})"

    @cached_property
    def to_prepare(self) -> str:
        """PREPARE …"""
        quoted = connection.ops.quote_name
        columns = ", ".join(quoted(str(field.column)) for field in self.fields)
        end = "[]" if self.many else ""
        kinds = ", ".join(f"{field.db_type(connection)}{end}" for field in self.fields)
        places = ", ".join(f"${place}" for place, _field in enumerate(self.fields, start=1))
        rest = (
            f"SELECT * FROM unnest({places}) ON CONFLICT DO NOTHING"  # noqa: S608 - places only
            if self.many
            else f"VALUES ({places}) RETURNING {quoted(str(self.key.column))}"
        )
        # S608: names of our own table and columns; values are passed apart.
        return f"PREPARE {self.name} ({kinds}) AS INSERT INTO {quoted(self.table)} ({columns}) {rest}"

    def values(self, row: models.Model) -> list[Any]:
        """What ``save()`` would send."""
        return [field.get_db_prep_save(field.pre_save(row, True), connection) for field in self.fields]


class _Update:
    """The UPDATE of some columns of one row."""

    def __init__(self, model: type[models.Model], names: tuple[str, ...]) -> None:
        self.name = name_for(model)
        self.table, self.key = model._meta.db_table, model._meta.pk
        self.fields: list[models.Field[Any, Any]] = [f for f in model._meta.concrete_fields if f.attname in names]
        self.message = f"EXECUTE {self.name} (%s, {', '.join(['%s'] * len(self.fields))})"

    @cached_property
    def to_prepare(self) -> str:
        """PREPARE …"""
        quoted = connection.ops.quote_name
        kinds = str(self.key.rel_db_type(connection))
        kinds += "".join(f", {field.db_type(connection)}" for field in self.fields)
        columns = ", ".join(f"{quoted(str(f.column))} = ${place}" for place, f in enumerate(self.fields, start=2))
        # S608: names of our own table and columns; values are passed apart.
        return (
            f"PREPARE {self.name} ({kinds}) AS UPDATE {quoted(self.table)} SET {columns} "  # noqa: S608
            f"WHERE {quoted(str(self.key.column))} = $1"
        )

    def values(self, row: models.Model) -> list[Any]:
        """The key and what ``save()`` would send."""
        return [row.pk, *(field.get_db_prep_save(field.pre_save(row, False), connection) for field in self.fields)]


_insert = cache(_Insert)
_update = cache(_Update)


def insert(row: Any) -> Any:
    """Store a new row and give it its key. Raises IntegrityError like ``save()``; the same row is returned."""
    model: type[models.Model] = type(row)
    statement = _insert(model)
    with connection.cursor() as cursor:
        execute(cursor, {statement.name: statement.to_prepare}, statement.message, statement.values(row))
        (row.pk,) = cursor.fetchone()
    row._state.adding, row._state.db = False, connection.alias
    return row


def insert_new(rows: Sequence[models.Model]) -> None:
    """Store rows of one model, those aside that a unique constraint knows already. They get no keys."""
    statement = _insert(type(rows[0]), many=True)
    columns = [list(column) for column in zip(*(statement.values(row) for row in rows), strict=True)]
    with connection.cursor() as cursor:
        execute(cursor, {statement.name: statement.to_prepare}, statement.message, columns)


def write(row: models.Model, names: Sequence[str], new: Sequence[Any]) -> None:
    """Write these columns of a stored row (see :func:`update`) and store new rows, in one message and this order; a new
    row that has a key already keeps it."""
    statements: list[tuple[_Insert | _Update, list[Any]]] = []
    if names:
        change = _update(type(row), tuple(names))
        statements.append((change, change.values(row)))
    for one in new:
        model: type[models.Model] = type(one)
        insertion = _insert(model, keyed=one.pk is not None)
        statements.append((insertion, insertion.values(one)))
    prepare = {statement.name: statement.to_prepare for statement, _values in statements}
    message = "; ".join(statement.message for statement, _values in statements)
    with connection.cursor() as cursor:
        execute(cursor, prepare, message, [value for _statement, values in statements for value in values])
        if names:
            if cursor.rowcount != 1:
                raise DatabaseError(f"{row._meta.label} {row.pk} is not there any more")
            cursor.nextset()
        for one in new:
            (one.pk,) = cursor.fetchone()
            one._state.adding, one._state.db = False, connection.alias
            cursor.nextset()


def update(row: models.Model, names: Sequence[str]) -> None:
    """Write these columns (by attribute) of a stored row. Raises DatabaseError when the row is gone.

    A statement is prepared for each set of columns: for callers that write few different sets, as transitions do.
    """
    write(row, names, ())
