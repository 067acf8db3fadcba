"""The questions a standard asks beyond the form 2-1 (标准的提问): their schema, what is wrong with one or an answer.

The one schema of ``StandardVersion.questions``; the editor writes it, form, checks and print read it through
``asked.read``. Pure: no row, no request. Evidence stands in ``asked``, the self-scoring sheet in ``scoring``.

A question: ``code`` (short, unique, never changed once answered), ``topic``, ``text``, ``text_en``, ``kind``,
``required``, ``hint``, ``unit``, ``min``, ``max``, ``choices`` [{"text", "text_en"}], ``columns`` [text]. ``min`` and
``max`` bound the number or the day itself, else the characters of a text, the answers ticked, the rows of a table.
An older row {"code", "text", "hint"} is a required long text. {"years_in_title": n} is no question but a condition.

Answers by code, as JSON: text, whole number, decimal and day are text ("12.5", "2026-03-01"), yes or no is a boolean,
one of a list is its Chinese text, several a list of them, a table a list of rows of text.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

CODE = re.compile(r"[a-z][a-z0-9_]{0,19}")
RESERVED = frozenset({"representative", "way", "photo", "entrustment"})
"""Codes of files the form itself asks for."""
MOST_COLUMNS, MOST_FILES, MOST_CHARACTERS = 5, 10, 5000
LENGTHS = {"text": 200, "long": 2000}
"""Characters at most where the question does not say."""


class Kind(TextChoices):
    """How a question is answered."""

    TEXT = "text", gettext_lazy("short text")
    LONG = "long", gettext_lazy("long text")
    INTEGER = "integer", gettext_lazy("whole number")
    DECIMAL = "decimal", gettext_lazy("number with decimals")
    DATE = "date", gettext_lazy("day")
    YES_NO = "yes_no", gettext_lazy("yes or no")
    CHOICE = "choice", gettext_lazy("one of a list")
    CHOICES = "choices", gettext_lazy("several of a list")
    TABLE = "table", gettext_lazy("table")


NUMBERS, LISTS = (Kind.INTEGER, Kind.DECIMAL), (Kind.CHOICE, Kind.CHOICES)


def in_language(text: str, english: str) -> str:
    """The English words for a reader of English where there are some; the Chinese text counts."""
    return english if english and (get_language() or "").startswith("en") else text


def number(value: Any) -> Decimal | None:
    """A finite number written plainly, or None."""
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < Decimal(10) ** 12 else None


def plain(value: Decimal) -> str:
    """A number without exponent and trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(value: Any) -> dt.date | None:
    """A day written as 2026-03-01, or None."""
    try:
        return dt.date.fromisoformat(str(value).strip())
    except ValueError:
        return None


def empty(value: Any) -> bool:
    """Whether nothing has been answered."""
    if isinstance(value, list):
        return all(empty(inner) for inner in value)
    return not isinstance(value, bool) and not str(value if value is not None else "").strip()


@dataclass(frozen=True)
class Choice:
    """One answer of a list; ``text`` is what is stored."""

    text: str
    text_en: str = ""

    @property
    def label(self) -> str:
        """In the reader's language."""
        return in_language(self.text, self.text_en)


@dataclass(frozen=True)
class Question:
    """A question of the standard; fields as in the schema above."""

    code: str
    text: str
    kind: str = Kind.LONG
    topic: str = ""
    text_en: str = ""
    required: bool = True
    hint: str = ""
    unit: str = ""
    minimum: str = ""
    maximum: str = ""
    choices: tuple[Choice, ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The question in the reader's language, with the unit of its number."""
        text = in_language(self.text, self.text_en)
        return _("{text} ({unit})").format(text=text, unit=self.unit) if self.unit else text

    @property
    def kind_words(self) -> str:
        """How it is answered, with the list or the columns."""
        words = str(dict(Kind.choices).get(self.kind, self.kind))
        if self.kind in LISTS:
            words = _("{kind}: {parts}").format(kind=words, parts=" / ".join(c.label for c in self.choices))
        if self.kind == Kind.TABLE:
            words = _("{kind}: {parts}").format(kind=words, parts=" / ".join(self.columns))
        return words

    @property
    def bounds_words(self) -> str:
        """Smallest and largest in words; empty where there is neither."""
        if not (self.minimum or self.maximum):
            return ""
        span = f"{self.minimum} – {self.maximum}"
        dated = self.kind == Kind.DATE
        if not self.maximum:
            span = (_("not before {bound}") if dated else _("at least {bound}")).format(bound=self.minimum)
        if not self.minimum:
            span = (_("not after {bound}") if dated else _("at most {bound}")).format(bound=self.maximum)
        names = {
            Kind.TEXT: _("characters: {span}"),
            Kind.LONG: _("characters: {span}"),
            Kind.CHOICES: _("answers ticked: {span}"),
            Kind.TABLE: _("rows: {span}"),
        }
        return names.get(Kind(self.kind), "{span}").format(span=span)

    def shown(self, value: Any) -> str:
        """An answer in words."""
        if empty(value):
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            if value and isinstance(value[0], list):
                return "\n".join(" · ".join(str(cell) for cell in row) for row in value)
            labels = {choice.text: choice.label for choice in self.choices}
            return _(", ").join(labels.get(each, str(each)) for each in value)
        if self.kind == Kind.CHOICE:
            return {choice.text: choice.label for choice in self.choices}.get(value, str(value))
        return str(value)

    def faults(self, value: Any) -> Iterator[str]:
        """Everything that is wrong with an answer that is handed in, in words."""
        if empty(value):
            if self.required:
                yield _("Answer the question: {text}").format(text=self.label)
            return
        if not self._possible(value):
            yield _("“{text}”: this is no possible answer. Please answer again.").format(text=self.label)
            return
        if self.kind == Kind.TABLE:
            for place, row in enumerate(value, 1):
                if any(empty(cell) for cell in row):
                    yield _("“{text}”: row {number} is not complete.").format(text=self.label, number=place)
        size, least, most = self._size(value), self._bound(self.minimum), self._bound(self.maximum)
        if most is None and self.kind in LENGTHS:
            most = Decimal(LENGTHS[self.kind])
        if least is not None and size < least:
            yield self._beyond(_at_least(self.kind), least, size)
        if most is not None and size > most:
            yield self._beyond(_at_most(self.kind), most, size)

    def _beyond(self, words: str, bound: Any, size: Any) -> str:
        bound, size = (plain(each) if isinstance(each, Decimal) else str(each) for each in (bound, size))
        return words.format(text=self.label, bound=bound, size=size)

    def _possible(self, value: Any) -> bool:
        if self.kind == Kind.YES_NO:
            return isinstance(value, bool)
        known = {choice.text for choice in self.choices}
        if self.kind == Kind.CHOICES:
            return isinstance(value, list) and all(isinstance(each, str) and each in known for each in value)
        if self.kind == Kind.TABLE:
            return isinstance(value, list) and all(
                isinstance(row, list) and len(row) == len(self.columns) for row in value
            )
        if not isinstance(value, str):
            return False
        if self.kind == Kind.CHOICE:
            return value in known
        if self.kind in NUMBERS:
            found = number(value)
            return found is not None and (self.kind == Kind.DECIMAL or found == found.to_integral_value())
        return day(value) is not None if self.kind == Kind.DATE else True

    def _size(self, value: Any) -> Any:
        if self.kind in NUMBERS:
            return number(value)
        if self.kind == Kind.DATE:
            return day(value)
        return Decimal(len(value) if isinstance(value, (str, list)) else 0)

    def _bound(self, text: str) -> Any:
        return day(text) if self.kind == Kind.DATE else number(text) if text else None

    def own_faults(self) -> Iterator[tuple[str, str]]:
        """(field of the editor, words) for everything that is wrong with the question itself."""
        yield from code_faults(self.code)
        if not self.text.strip():
            yield "text", _("Write the question.")
        if self.kind not in Kind.values:
            yield "kind", _("Choose how the question is answered.")
            return
        texts = [choice.text for choice in self.choices]
        if self.kind in LISTS and len(texts) < 2:
            yield "choices", _("A list needs at least two answers, one a line.")
        if self.kind not in LISTS and texts:
            yield "choices", _("Only “one of a list” and “several of a list” have answers to choose from.")
        if len(texts) != len(set(texts)):
            yield "choices", _("An answer stands in the list twice.")
        if self.kind == Kind.TABLE and not 1 <= len(self.columns) <= MOST_COLUMNS:
            yield "columns", _("A table needs one to {most} columns, one a line.").format(most=MOST_COLUMNS)
        if self.kind != Kind.TABLE and self.columns:
            yield "columns", _("Only a table has columns.")
        if self.unit and self.kind not in NUMBERS:
            yield "unit", _("Only a number has a unit.")
        yield from self._bound_faults()

    def _bound_faults(self) -> Iterator[tuple[str, str]]:
        if self.kind in (Kind.YES_NO, Kind.CHOICE):
            if self.minimum or self.maximum:
                yield "minimum", _("This kind of question has no smallest and no largest value.")
            return
        counted = self.kind not in (*NUMBERS, Kind.DATE)
        bounds = {}
        for name, text in (("minimum", self.minimum), ("maximum", self.maximum)):
            if not text:
                continue
            bound = self._bound(text)
            whole = not isinstance(bound, Decimal) or bound == bound.to_integral_value()
            if bound is None:
                words = _("Write a day like 2026-03-01.") if self.kind == Kind.DATE else _("Write a number.")
                yield name, words
            elif (self.kind == Kind.INTEGER or counted) and not whole:
                yield name, _("Write a whole number.")
            elif counted and not 0 <= bound <= MOST_CHARACTERS:
                yield name, _("Write a number from 0 to {most}.").format(most=MOST_CHARACTERS)
            else:
                bounds[name] = bound
        if len(bounds) == 2 and bounds["minimum"] > bounds["maximum"]:
            yield "minimum", _("The smallest value is larger than the largest.")
        if self.kind == Kind.CHOICES and bounds.get("minimum", 0) > len(self.choices):
            yield "minimum", _("The list has fewer answers than have to be ticked.")

    def stored(self) -> dict[str, Any]:
        """As JSON; what is empty is left out, so that an older row and its new writing differ in nothing else."""
        found = {
            "code": self.code,
            "topic": self.topic,
            "text": self.text,
            "text_en": self.text_en,
            "kind": str(self.kind),
            "required": self.required,
            "hint": self.hint,
            "unit": self.unit,
            "min": self.minimum,
            "max": self.maximum,
            "choices": [{"text": choice.text, "text_en": choice.text_en} for choice in self.choices],
            "columns": list(self.columns),
        }
        return {name: value for name, value in found.items() if value or name in ("required", "hint")}


def _at_least(kind: str) -> str:
    words = {
        Kind.TEXT: _("“{text}”: write at least {bound} characters; there are {size}."),
        Kind.LONG: _("“{text}”: write at least {bound} characters; there are {size}."),
        Kind.CHOICES: _("“{text}”: tick at least {bound} answers."),
        Kind.TABLE: _("“{text}”: fill in at least {bound} rows."),
        Kind.DATE: _("“{text}”: not before {bound}."),
    }
    return words.get(Kind(kind), _("“{text}”: at least {bound}."))


def _at_most(kind: str) -> str:
    words = {
        Kind.TEXT: _("“{text}”: write at most {bound} characters; there are {size}."),
        Kind.LONG: _("“{text}”: write at most {bound} characters; there are {size}."),
        Kind.CHOICES: _("“{text}”: tick at most {bound} answers."),
        Kind.TABLE: _("“{text}”: fill in at most {bound} rows."),
        Kind.DATE: _("“{text}”: not after {bound}."),
    }
    return words.get(Kind(kind), _("“{text}”: at most {bound}."))


def code_faults(code: str) -> Iterator[tuple[str, str]]:
    """(field, words) for a short name that cannot be used."""
    if not CODE.fullmatch(code):
        yield "code", _("A short name begins with a small letter and has small letters, digits and _ only, at most 20.")
    elif code in RESERVED:
        yield "code", _("The form uses “{code}” itself. Choose another short name.").format(code=code)


def text_of(row: Mapping[str, Any], name: str) -> str:
    """A text of a stored row; empty where there is none."""
    return str(row.get(name) or "")


def _choice(row: Any) -> Choice:
    return Choice(text_of(row, "text"), text_of(row, "text_en")) if isinstance(row, Mapping) else Choice(str(row))


def question_of(row: Mapping[str, Any]) -> Question:
    """A stored question, older rows included."""
    return Question(
        code=text_of(row, "code"),
        text=text_of(row, "text"),
        kind=text_of(row, "kind") or Kind.LONG,
        topic=text_of(row, "topic"),
        text_en=text_of(row, "text_en"),
        required=bool(row.get("required", True)),
        hint=text_of(row, "hint"),
        unit=text_of(row, "unit"),
        minimum=text_of(row, "min"),
        maximum=text_of(row, "max"),
        choices=tuple(_choice(each) for each in row.get("choices") or ()),
        columns=tuple(str(each) for each in row.get("columns") or ()),
    )
