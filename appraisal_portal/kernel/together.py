"""Many small questions to the database in one round trip.

A rule that looks at ten tables of one object asks ten times through the ORM, and building, sending and planning each
query costs more than answering it. Here the SQL of each question is put together once per process, prepared once per
connection, and all go out as one message; the answers are ordinary model instances. Each statement still sees what is
committed when it begins, as if it went alone.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection, models

from appraisal_portal.kernel import prepared, references
from appraisal_portal.kernel.models import NumberSeries

_KEY = re.compile(r"%\((\w+)\)s")


class _Question:
    """A statement with its name; what it asks is ``sql``, keys as ``%(name)s``."""

    sql: Any
    name: Any

    @cached_property
    def keys(self) -> list[str]:
        """The keys the statement asks for."""
        return list(dict.fromkeys(_KEY.findall(self.sql)))

    @cached_property
    def to_prepare(self) -> str:
        """PREPARE …"""
        text = _KEY.sub(lambda found: f"${self.keys.index(found[1]) + 1}", self.sql)
        kinds = f"({', '.join(['bigint'] * len(self.keys))})" if self.keys else ""
        return f"PREPARE {self.name} {kinds} AS {text}"

    def to_execute(self, keys: Mapping[str, str]) -> str:
        """EXECUTE …, the keys as literals."""
        given = f"({', '.join(keys[name] for name in self.keys)})" if self.keys else ""
        return f"EXECUTE {self.name} {given}"

    def made(self, rows: Iterable[tuple[Any, ...]]) -> list[Any]:
        """What the rows of the answer become."""
        raise NotImplementedError


@dataclass(frozen=True)
class Rows(_Question):
    """The rows of one model that ``where`` names: SQL over its own table, keys (whole numbers or None) as ``%(name)s``.

    In the model's order where its own columns say it, else by key. Columns in ``without`` are read when somebody asks.
    ``lock``: the rows are locked until the transaction ends. ``along``: foreign keys whose rows come in the same
    answer, as with ``select_related`` ("line", then "line__committee"), and which of their columns beside the key;
    none named: all of them.
    """

    model: type[models.Model]
    where: str
    without: tuple[str, ...] = ()
    lock: bool = False
    along: Mapping[str, tuple[str, ...]] | None = None

    @cached_property
    def fields(self) -> "list[models.Field[Any, Any]]":
        """What is read, in the order of the columns."""
        return [field for field in self.model._meta.concrete_fields if field.name not in self.without]

    @cached_property
    def sql(self) -> str:
        """The statement."""
        meta, quoted = self.model._meta, connection.ops.quote_name
        columns = ", ".join(quoted(str(field.column)) for field in self.fields)
        order = ", ".join(self._ordered(name) for name in self._order)
        end = " FOR UPDATE" if self.lock else ""
        # S608: names of our own tables and columns; keys are passed apart.
        own = f"SELECT {columns} FROM {quoted(meta.db_table)} WHERE {self.where}"  # noqa: S608
        if not self.along:
            return f"{own} ORDER BY {order}{end}"
        wanted, joined = ["r0.*"], ""
        for place, (at, field, _fields) in enumerate(self._joined, start=1):
            table, key = field.related_model._meta.db_table, field.target_field.column
            wanted += [f"r{place}.{quoted(str(column.column))}" for column in _fields]
            joined += f" LEFT JOIN {quoted(table)} r{place} ON r{place}.{quoted(key)} = r{at}.{quoted(field.column)}"
        return f"SELECT {', '.join(wanted)} FROM ({own}{end}) AS r0{joined} ORDER BY {order}"  # noqa: S608

    @cached_property
    def _joined(self) -> "list[tuple[int, Any, list[models.Field[Any, Any]]]]":
        """For each of ``along``: which of the tables has the foreign key (0: the own), the key, what is read there."""
        found: list[tuple[int, Any, list[models.Field[Any, Any]]]] = []
        along = self.along or {}
        for path, names in along.items():
            before, _, name = path.rpartition("__")
            at = list(along).index(before) + 1 if before else 0
            model: Any = found[at - 1][1].related_model if at else self.model
            key = model._meta.get_field(name)
            columns = key.related_model._meta.concrete_fields
            found.append((at, key, [c for c in columns if not names or c.primary_key or c.name in names]))
        return found

    @cached_property
    def _order(self) -> list[str]:
        meta = self.model._meta
        asked = [re.sub(r"^(-?)pk$", rf"\1{meta.pk.name}", str(name)) for name in meta.ordering or ()]
        own = {field.name for field in meta.concrete_fields if not field.is_relation}
        return asked if asked and all(name.removeprefix("-") in own for name in asked) else [meta.pk.name]

    def _ordered(self, name: str) -> str:
        field: Any = self.model._meta.get_field(name.removeprefix("-"))
        place = "r0." if self.along else ""
        return f"{place}{connection.ops.quote_name(field.column)}{' DESC' if name.startswith('-') else ''}"

    @cached_property
    def _converters(self) -> list[tuple[int, Any]]:
        found = []
        for place, field in enumerate([*self.fields, *(column for *_at, fields in self._joined for column in fields)]):
            expression = field.get_col(field.model._meta.db_table)
            asked = [*connection.ops.get_db_converters(expression), *expression.get_db_converters(connection)]
            found += [(place, (convert, expression)) for convert in asked]
        return found

    @cached_property
    def _parts(self) -> list[tuple[type[models.Model], list[str], int, int]]:
        """Model, columns by attribute, and where they stand in a row of the answer: the own, then each of ``along``."""
        parts = [(self.model, self.fields), *((field.related_model, fields) for _at, field, fields in self._joined)]
        found, end = [], 0
        for model, fields in parts:
            start, end = end, end + len(fields)
            found.append((model, [field.attname for field in fields], start, end))
        return found

    @cached_property
    def name(self) -> str:
        """The name the statement is prepared under."""
        return prepared.name_for(self.model)

    def made(self, rows: Iterable[tuple[Any, ...]]) -> list[Any]:
        """The instances."""
        found = []
        for row in rows:
            values = list(row)
            for place, (convert, expression) in self._converters:
                values[place] = convert(values[place], expression, connection)
            (model, names, _start, end), *others = self._parts
            made: list[Any] = [model.from_db(connection.alias, names, values[:end])]
            for (at, field, _fields), (model, names, start, end) in zip(self._joined, others, strict=True):
                there = made[at] is not None and getattr(made[at], field.attname) is not None
                made.append(model.from_db(connection.alias, names, values[start:end]) if there else None)
                if made[at] is not None:
                    field.set_cached_value(made[at], made[-1])
            found.append(made[0])
        return found


@dataclass(frozen=True)
class Versions(_Question):
    """One text of everything ``rows`` would read: it differs as soon as one of these rows was written anew, has come or
    gone, whatever wrote it. PostgreSQL tells a row's versions apart by place (``ctid``) and transaction (``xmin``).

    ``keys_of``: SQL that finds, in one row, what many of them are found by; ``by``: what each of its columns stands for
    in their conditions. Asked once, it spares PostgreSQL looking for the same row a dozen times.
    """

    rows: tuple[Rows, ...]
    keys_of: str = ""
    by: tuple[tuple[str, str], ...] = ()

    @cached_property
    def sql(self) -> str:
        """The statement."""
        quoted = connection.ops.quote_name
        each = " UNION ALL ".join(
            f"SELECT tableoid::text || ctid::text || xmin::text AS version "  # noqa: S608 - names of our own tables
            f"FROM {quoted(row.model._meta.db_table)} WHERE {self.condition(row.where)}"
            for row in self.rows
        )
        text = """coalesce(string_agg(version, ' ' ORDER BY version COLLATE "C"), '')"""
        keys = f"({self.keys_of}) AS k CROSS JOIN LATERAL " if self.keys_of else ""
        return f"SELECT encode(sha256(convert_to({text}, 'UTF8')), 'hex') FROM {keys}({each}) AS found"  # noqa: S608

    def condition(self, where: str) -> str:
        """The condition of a row, by the columns of ``keys_of``."""
        for asked, column in self.by:
            where = where.replace(asked, f"k.{column}")
        return where

    @cached_property
    def name(self) -> str:
        """The name the statement is prepared under."""
        return prepared.name_for(self.rows[0].model)

    def made(self, rows: Iterable[tuple[Any, ...]]) -> list[Any]:
        """The one text."""
        return [text for (text,) in rows]


@dataclass(frozen=True)
class NextKey(_Question):
    """The key of the next row of a model, taken from its sequence: nobody else gets it, and where the row is not stored
    after all it stays unused."""

    model: type[models.Model]

    @cached_property
    def sql(self) -> str:
        """The statement."""
        meta = self.model._meta
        return f"SELECT nextval(pg_get_serial_sequence('{meta.db_table}', '{meta.pk.column}'))"

    @cached_property
    def name(self) -> str:
        """The name the statement is prepared under."""
        return prepared.name_for(self.model)

    def made(self, rows: Iterable[tuple[Any, ...]]) -> list[Any]:
        """The key."""
        return [key for (key,) in rows]


@dataclass(frozen=True)
class NextNumber(_Question):
    """The next number of a series (:mod:`references`) whose period is SQL (``period``): nothing where that finds none,
    or where the series has not begun. The counter stays locked until the transaction ends, which alone keeps it.
    """

    series: str
    period: str

    @cached_property
    def sql(self) -> str:
        """The statement."""
        return references.drawing(f"'{self.series}'", self.period, "''")

    @cached_property
    def name(self) -> str:
        """The name the statement is prepared under."""
        return prepared.name_for(NumberSeries)

    def made(self, rows: Iterable[tuple[Any, ...]]) -> list[Any]:
        """The number."""
        return [number for (number,) in rows]


@dataclass(frozen=True)
class Reading:
    """What a step looks at, found by the key of its row (``%(pk)s``): ``put`` puts what was read where the relations of
    the row find it. ``few``: what is still needed when the verdict of the guards is known (``kernel/verdicts.py``).
    ``along``: of the few, what comes with the row itself (:class:`Rows`). ``keys_of``, ``by``: see :class:`Versions`.
    ``number``: drawn with the lock where a seal came along, for then a refusal is unlikely.
    """

    rows: Mapping[str, Rows]
    put: Callable[[Any, Mapping[str, list[Any]]], None]
    few: tuple[str, ...] = ()
    along: Mapping[str, tuple[str, ...]] | None = None
    keys_of: str = ""
    by: tuple[tuple[str, str], ...] = ()
    number: NextNumber | None = None

    @cached_property
    def versions(self) -> Versions:
        """The versions of everything that is read."""
        return Versions(tuple(self.rows.values()), self.keys_of, self.by)

    @property
    def drawn(self) -> dict[str, NextNumber]:
        """The number, where there is one."""
        return {"number": self.number} if self.number else {}

    def of(self, whole: bool) -> dict[str, Rows]:
        """All rows, or the ``few``."""
        return dict(self.rows) if whole else {name: self.rows[name] for name in self.few}

    def __call__(self, owner: Any) -> None:
        """Read it all anew, in one round trip."""
        self.put(owner, read(self.rows, {"pk": owner.pk}))


def read(asked: Mapping[str, _Question], keys: Mapping[str, int | None]) -> dict[str, list[Any]]:
    """The rows by the names they are asked under."""
    literals = {name: "NULL" if value is None else str(int(value)) for name, value in keys.items()}
    prepare = {rows.name: rows.to_prepare for rows in asked.values()}
    found = {}
    with connection.cursor() as cursor:
        prepared.execute(cursor, prepare, "; ".join(rows.to_execute(literals) for rows in asked.values()))
        for name, rows in asked.items():
            found[name] = rows.made(cursor.fetchall())
            cursor.nextset()
    return found


def kept(owner: Any, relation: str) -> list[Any] | None:
    """What :func:`put_under` or ``prefetch_related`` has put under ``owner.relation``; None where nobody has."""
    found = getattr(owner, "_prefetched_objects_cache", {}).get(relation)
    return None if found is None else list(found)


def put_under(owner: Any, relation: str, rows: list[Any]) -> None:
    """``owner.relation.all()`` gives these rows from now on, as after ``prefetch_related``."""
    field = owner._meta.get_field(relation).field
    found = field.model._default_manager.get_queryset()
    # As Django's own manager leaves it, without making one: the condition joins the query when somebody asks further.
    found._deferred_filter = False, (), {field.name: owner}
    found._result_cache, found._prefetch_done = rows, True
    if not hasattr(owner, "_prefetched_objects_cache"):
        owner._prefetched_objects_cache = {}
    owner._prefetched_objects_cache[relation] = found
    for row in rows:
        field.set_cached_value(row, owner)


def put_on(owner: Any, name: str, found: Iterable[Any]) -> None:
    """``owner.name`` gives the row its column names among ``found`` without a further query."""
    field = owner._meta.get_field(name)
    key = getattr(owner, field.attname)
    row = None if key is None else next((row for row in found if row.pk == key), None)
    if key is None or row is not None:
        field.set_cached_value(owner, row)
