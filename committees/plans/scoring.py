"""The quantitative self-scoring sheet of a standard (量化自评表): its schema, the reader, the sum.

``StandardVersion.self_scoring`` is a list of groups: ``code``, ``text``, ``text_en``, ``max`` (points of the group, its
weight), ``performance`` (only where true: the group of performance, 业绩) and ``rows``; a row: ``code``, ``text``,
``text_en``, ``hint``, ``counted`` (Counted), ``each`` (points a unit), ``unit``, ``max`` (points at most), ``evidence``
(whether points need a proof). An older list of rows {"code", "text", "max", "each"} without groups is one group without
a name. Entries of an applicant: number as text by code of the row; "1" is yes. Points are decimals, never floats; the
sum is the server's.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .questions import code_faults, empty, in_language, number, plain

ZERO = Decimal(0)


class Counted(TextChoices):
    """How a row gives points."""

    COUNT = "count", gettext_lazy("number times points each")
    POINTS = "points", gettext_lazy("points entered directly")
    YES_NO = "yes_no", gettext_lazy("full points for yes")


def of_most(points: Decimal, most: Decimal) -> str:
    """Points beside the points there are."""
    return _("{points} of {most}").format(points=plain(points), most=plain(most))


@dataclass(frozen=True)
class Row:
    """An indicator of the sheet; fields as in the schema above."""

    code: str
    text: str
    maximum: str
    each: str = ""
    counted: str = Counted.COUNT
    unit: str = ""
    text_en: str = ""
    hint: str = ""
    evidence: bool = True

    @property
    def label(self) -> str:
        """In the reader's language."""
        return in_language(self.text, self.text_en)

    @property
    def most(self) -> Decimal:
        """Points at most."""
        return number(self.maximum) or ZERO

    @property
    def most_words(self) -> str:
        """The same, written plainly."""
        return plain(self.most)

    @property
    def counted_words(self) -> str:
        """How it is counted, in words."""
        if self.counted == Counted.COUNT:
            most = plain(self.most)
            if in_language("zh", "en") == "en" or not self.unit:  # what is counted has a Chinese name only (篇, 项)
                return _("{each} points each, at most {most}").format(each=self.each, most=most)
            return _("{each} points for each {unit}, at most {most}").format(each=self.each, unit=self.unit, most=most)
        if self.counted == Counted.YES_NO:
            return _("{most} points for yes").format(most=plain(self.most))
        return _("points entered, at most {most}").format(most=plain(self.most))

    def points(self, value: Any) -> Decimal:
        """What an entry is worth, never more than the maximum and never less than nothing."""
        found = number(value) if not empty(value) else None
        if found is None or found <= 0:
            return ZERO
        if self.counted == Counted.YES_NO:
            return self.most
        return min(self.most, found * (number(self.each) or ZERO) if self.counted == Counted.COUNT else found)

    def shown(self, value: Any) -> str:
        """An entry in words."""
        if empty(value):
            return ""
        if self.counted == Counted.YES_NO:
            return _("yes") if number(value) else _("no")
        unit = self.unit if self.counted == Counted.COUNT else _("points")
        return f"{value} {unit}".strip()

    def faults(self, value: Any) -> Iterator[str]:
        """Everything that is wrong with an entry that is handed in, in words."""
        if empty(value):
            return
        found = number(value)
        if found is None or found < 0:
            yield _("“{text}”: enter a number from 0 on.").format(text=self.label)
        elif self.counted == Counted.COUNT and found != found.to_integral_value():
            yield _("“{text}”: enter a whole number.").format(text=self.label)
        elif self.counted == Counted.YES_NO and found not in (0, 1):
            yield _("“{text}”: choose yes or no.").format(text=self.label)
        elif self.counted == Counted.POINTS and found > self.most:
            yield _("“{text}”: at most {most} points.").format(text=self.label, most=plain(self.most))

    def own_faults(self) -> Iterator[tuple[str, str]]:
        """(field of the editor, words) for everything that is wrong with the row itself."""
        yield from code_faults(self.code)
        if not self.text.strip():
            yield "text", _("Name the indicator.")
        if self.counted not in Counted.values:
            yield "counted", _("Choose how the points are counted.")
        if number(self.maximum) is None or self.most <= 0:
            yield "maximum", _("Write the points at most, a number above 0.")
        each = number(self.each) if self.each else None
        if self.counted == Counted.COUNT and (each is None or each <= 0):
            yield "each", _("Write the points for each unit, a number above 0.")
        if self.counted != Counted.COUNT and self.each:
            yield "each", _("Only “number times points each” has points for each unit.")
        if each is not None and number(self.maximum) is not None and each > self.most:
            yield "each", _("One unit gives more points than the maximum.")

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        found = {"text_en": self.text_en, "hint": self.hint, "unit": self.unit, "each": self.each}
        return {
            "code": self.code,
            "text": self.text,
            "counted": str(self.counted),
            "max": self.maximum,
            "evidence": self.evidence,
            **{name: value for name, value in found.items() if value},
        }


@dataclass(frozen=True)
class Group:
    """Indicators of one kind with their weight in points."""

    code: str
    text: str
    maximum: str
    rows: tuple[Row, ...] = ()
    text_en: str = ""
    performance: bool = False

    @property
    def label(self) -> str:
        """In the reader's language."""
        return in_language(self.text, self.text_en)

    @property
    def most(self) -> Decimal:
        """Points at most."""
        return number(self.maximum) or ZERO

    @property
    def most_words(self) -> str:
        """The same, written plainly."""
        return plain(self.most)

    def points(self, entries: Mapping[str, Any]) -> Decimal:
        """The sum of its rows, capped."""
        return min(self.most, sum((row.points(entries.get(row.code)) for row in self.rows), ZERO))

    def own_faults(self) -> Iterator[tuple[str, str]]:
        """(field of the editor, words) for everything that is wrong with the group itself; its sum is another's."""
        if not self.text.strip():
            yield "text", _("Name the group.")
        if number(self.maximum) is None or self.most <= 0:
            yield "maximum", _("Write the points at most, a number above 0.")

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        more: dict[str, Any] = {"text_en": self.text_en} if self.text_en else {}
        if self.performance:
            more["performance"] = True
        rows = [row.stored() for row in self.rows]
        return {"code": self.code, "text": self.text, **more, "max": self.maximum, "rows": rows}


@dataclass(frozen=True)
class Sheet:
    """The whole sheet; false when the standard has none."""

    groups: tuple[Group, ...] = ()

    def __bool__(self) -> bool:
        return any(group.rows for group in self.groups)

    @property
    def rows(self) -> list[Row]:
        """All rows, in order."""
        return [row for group in self.groups for row in group.rows]

    @property
    def most(self) -> Decimal:
        """Points of the whole sheet at most."""
        return sum((group.most for group in self.groups), ZERO)

    @property
    def most_words(self) -> str:
        """The same, written plainly."""
        return plain(self.most)

    def total(self, entries: Mapping[str, Any]) -> Decimal:
        """Points of all groups, each capped."""
        return sum((group.points(entries) for group in self.groups), ZERO)

    def sum_faults(self) -> Iterator[str]:
        """Groups without rows, or whose rows together do not give the points of the group."""
        for group in self.groups:
            rows = sum((row.most for row in group.rows), ZERO)
            if not group.rows:
                yield _("“{group}” has no indicator yet.").format(group=group.label)
            elif rows != group.most:
                yield _("“{group}”: its indicators add up to {rows} points, the group has {most}.").format(
                    group=group.label, rows=plain(rows), most=plain(group.most)
                )

    def main_faults(self) -> Iterator[str]:
        """Performance (业绩) is the main weight: one group bears the mark and weighs more than every other one."""
        marked = [group for group in self.groups if group.performance]
        if self and not marked:
            yield _("Mark the group of performance; it must weigh more than every other group.")
        elif len(marked) > 1:
            named = _(", ").join(f"“{group.label}”" for group in marked)
            yield _("Only one group can be the group of performance; marked are {groups}.").format(groups=named)
        elif marked:
            [main] = marked
            heavy = [each for each in self.groups if each is not main and each.most >= main.most]
            if heavy:
                text = _("“{group}” is the group of performance: its {most} points must exceed those of {others}.")
                named = _(", ").join(f"“{each.label}”" for each in heavy)
                yield text.format(group=main.label, most=main.most_words, others=named)


def row_of(row: Mapping[str, Any]) -> Row:
    """A stored row, older ones included."""
    text = {name: str(row.get(name) or "") for name in ("code", "text", "text_en", "hint", "unit", "max", "each")}
    return Row(
        text["code"],
        text["text"],
        text["max"],
        text["each"],
        str(row.get("counted") or (Counted.COUNT if text["each"] else Counted.POINTS)),
        text["unit"],
        text["text_en"],
        text["hint"],
        bool(row.get("evidence", True)),
    )


def read(stored: Iterable[Mapping[str, Any]]) -> Sheet:
    """The column of a version, with or without groups."""
    groups, loose = [], []
    for entry in stored:
        if "rows" in entry:
            rows = tuple(row_of(row) for row in entry["rows"])
            names = [str(entry.get(name) or "") for name in ("code", "text", "max")]
            english, main = str(entry.get("text_en") or ""), bool(entry.get("performance"))
            groups.append(Group(*names, rows, english, main))  # type: ignore[misc]
        elif entry.get("code"):
            loose.append(row_of(entry))
    if loose:
        together = plain(sum((row.most for row in loose), ZERO))
        groups.append(Group("all", _("Indicators"), together, tuple(loose)))
    return Sheet(tuple(groups))
