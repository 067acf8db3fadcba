"""What changed between two contents that two people decide on, named and valued as people read it."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from os.path import commonprefix
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from appraisal_portal.kernel import identity, masking

MOST = 5
"""Changes that a refusal names; the page shows the whole content."""
LONG, AROUND = 60, 12
"""A longer value is told in a sentence by where it differs, with so many characters before and after."""
NAMES: dict[str, str | Promise] = {
    "answers": pgettext_lazy("content", "Answers"),
    "authority": pgettext_lazy("content", "Authority"),
    "ban": pgettext_lazy("content", "Ban"),
    "certificate": pgettext_lazy("content", "Certificate"),
    "changes": pgettext_lazy("content", "Changes"),
    "code": pgettext_lazy("content", "Code"),
    "contact": pgettext_lazy("content", "Contact"),
    "content": pgettext_lazy("content", "Content"),
    "decisions": pgettext_lazy("content", "Decisions"),
    "declaration": pgettext_lazy("content", "Declaration"),
    "declarations": pgettext_lazy("content", "Declarations"),
    "document": pgettext_lazy("content", "Document"),
    "evidence": pgettext_lazy("content", "Evidence"),
    "file": pgettext_lazy("content", "File"),
    "files": pgettext_lazy("content", "Files"),
    "from_year": pgettext_lazy("content", "Barred from"),
    "ground": pgettext_lazy("content", "Ground"),
    "heard_how": pgettext_lazy("content", "How the person was heard"),
    "id_number": pgettext_lazy("content", "ID number"),
    "items": pgettext_lazy("content", "Items"),
    "externalresult.authority": pgettext_lazy("content", "Who decided"),
    "issuedocument.title": pgettext_lazy("content", "Heading"),
    "line": pgettext_lazy("content", "Line of the plan"),
    "minutes": pgettext_lazy("content", "Minutes"),
    "opinion": pgettext_lazy("content", "Opinion"),
    "outage": pgettext_lazy("content", "Outage"),
    "papers": pgettext_lazy("content", "Papers"),
    "people": pgettext_lazy("content", "People"),
    "person": pgettext_lazy("content", "Person"),
    "photo": pgettext_lazy("content", "Photograph"),
    "picture": pgettext_lazy("content", "Picture"),
    "posts": pgettext_lazy("content", "Posts and structure"),
    "reports": pgettext_lazy("content", "Reports of results"),
    "review_year": pgettext_lazy("content", "Review year"),
    "snapshot": pgettext_lazy("content", "Roster"),
    "statement": pgettext_lazy("content", "Statement of the person"),
    "subfield": pgettext_lazy("content", "Subfield"),
    "to_year": pgettext_lazy("content", "Barred until"),
    "unit_responsible": pgettext_lazy("content", "Unit responsible"),
    "unit_statement": pgettext_lazy("content", "Statement of the unit"),
}
"""Words for entries that are no fields, or fields that no form shows; a field with words of its own has those,
unless it is named here with its model."""
CELLS: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "gender": gettext_lazy("Gender"),
    "birth_date": gettext_lazy("Date of birth"),
    "id_kind": gettext_lazy("Kind of document"),
    "id_number": gettext_lazy("ID number"),
    "employer": gettext_lazy("Work unit"),
    "series": gettext_lazy("Series"),
    "specialty": gettext_lazy("Specialty"),
    "title": gettext_lazy("Title"),
    "level": gettext_lazy("Level"),
    "acquired_by": gettext_lazy("Channel"),
    "committee": gettext_lazy("Committee"),
    "qualified_on": gettext_lazy("Qualified on"),
    "phone": gettext_lazy("Telephone"),
    "remark": gettext_lazy("Remark"),
}
"""Words for the cells of a row that is about a person and names each cell."""
MASKS: dict[str, Callable[[str], str]] = {"id_number": identity.mask, "phone": masking.mask_phone}
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Difference:
    """One entry that differs; ``before`` or ``after`` is None where it did not exist; equal: the path says it all."""

    path: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        if self.before is None:
            said = _("added: {value}") if self.after else _("added")
        elif self.after is None:
            said = _("gone: {value}") if self.before else _("gone")
        elif self.before == self.after:
            return self.path
        else:
            was, now = _apart(self.before, self.after)
            return f"{self.path}{_(': ')}{was or '—'} → {now or '—'}"
        return f"{self.path}{_(': ')}{said.format(value=self.after or self.before)}"


def _apart(before: str, after: str) -> tuple[str, str]:
    """Both values; of long texts only where they part, with a few characters around."""
    if max(len(before), len(after)) <= LONG:
        return before, after
    head = len(commonprefix([before, after]))
    tail = len(commonprefix([before[head:][::-1], after[head:][::-1]]))
    start, left = max(head - AROUND, 0), max(tail - AROUND, 0)
    parts = [value[start : len(value) - left] for value in (before, after)]
    was, now = (f"{'…' * (start > 0)}{part}{'…' * (left > 0)}" for part in parts)
    return was, now


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{path} › {key}" if path else key)
    elif isinstance(value, list):
        for place, inner in enumerate(value, 1):
            yield from _flat(inner, f"{path} {place}")
    else:
        yield path, "" if value is None else str(value)


def differences(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[Difference]:
    """Entries that differ between two canonical contents (either may be None), in the order of the later one."""
    old, new = dict(_flat(before or {})), dict(_flat(after or {}))
    names = [*new, *(name for name in old if name not in new)]
    return [Difference(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def between(model: type[models.Model], before: Any, after: Any, about: str = "") -> list[Difference]:
    """What two canonical contents of a model's rows say differently, in words; equal entries are not looked up."""
    old, new = _unlike(before or {}, after or {}), _unlike(after or {}, before or {})
    return differences(in_words(model, old, about), in_words(model, new, about))


def _unlike(content: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The entries of a content that do not stand in the other one; of a list the rows."""
    found: dict[str, Any] = {}
    for name, value in content.items():
        beside = other.get(name)
        if isinstance(value, list) and isinstance(beside, list):
            rows = {json.dumps(row, sort_keys=True) for row in beside}
            found[name] = [row for row in value if json.dumps(row, sort_keys=True) not in rows]
        elif value != beside:
            found[name] = value
    return found


def _field(model: type[models.Model], name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def label(model: type[models.Model], name: str) -> str | None:
    """What people call an entry of the model's content; None for one that has no words yet. The name Django makes of a
    field that was given none is not translated, so it counts as none."""
    own = getattr(_field(model, name), "verbose_name", None)
    words = NAMES.get(f"{model._meta.model_name}.{name}") or (own if isinstance(own, Promise) else NAMES.get(name))
    return None if words is None else capfirst(str(words))


def in_words(model: type[models.Model], content: dict[str, Any] | None, about: str = "") -> dict[str, Any]:
    """A canonical content with words for names, codes, keys of other rows and hashes. Lists become entries by their
    first column, so that a row that only moved has not changed; ``about``: the model that column is a key of."""
    codes = {**(_codes_about(apps.get_model(about)) if about else {}), **_codes(model)}
    found: dict[str, Any] = {}
    for name, value in (content or {}).items():
        field = _field(model, name)
        related = field.related_model if isinstance(field, models.ForeignKey | models.ManyToManyField) else None
        if isinstance(value, list):
            first = related or (apps.get_model(about) if about else None)
            found[label(model, name) or name] = dict(_entry(row, first, codes) for row in value)
        elif isinstance(value, dict):
            found[label(model, name) or name] = {key: _plain(inner, None, codes) for key, inner in value.items()}
        else:
            found[label(model, name) or name] = _plain(value, related, codes)
    return found


def _codes(model: type[models.Model]) -> dict[str, str]:
    """The words of all choices of a model and of the rows that belong to it."""
    belonging = [relation.related_model for relation in model._meta.related_objects if relation.one_to_many]
    return {
        str(code): str(words)
        for each in (*belonging, model)
        for field in each._meta.concrete_fields
        for code, words in field.flatchoices
    }


def _codes_about(model: type[models.Model]) -> dict[str, str]:
    """The words of all choices of a model that rows of a content are about, and of what its rows point at."""
    pointed = [field.related_model for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    fields = [field for each in (*pointed, model) for field in each._meta.concrete_fields]
    return {str(code): str(words) for field in fields for code, words in field.flatchoices}


def _entry(row: Any, first: type[models.Model] | None, codes: dict[str, str]) -> tuple[str, str | dict[str, str]]:
    cells = row if isinstance(row, list) else [row]
    if len(cells) == 2 and isinstance(cells[1], dict):
        return _plain(cells[0], first, codes), _cells(cells[1], codes)
    rest = [_plain(cell, None, codes) for cell in cells[1:]]
    return _plain(cells[0], first, codes), " · ".join(cell for cell in rest if cell)


def _cells(row: dict[str, Any], codes: dict[str, str]) -> dict[str, str]:
    """The cells of a row by their words, numbers of people masked."""
    return {str(CELLS.get(name, name)): MASKS.get(name, str)(_plain(value, None, codes)) for name, value in row.items()}


def _plain(value: Any, related: type[models.Model] | None, codes: dict[str, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return " · ".join(str(inner) for inner in value.values() if isinstance(inner, str) and inner)
    if isinstance(value, list):
        return " · ".join(_plain(inner, None, codes) for inner in value)
    text = str(value)
    if related is not None and text.isascii() and text.isdigit() and len(text) <= 18:
        row = related._base_manager.filter(pk=int(text)).first()
        return text if row is None else str(row)
    if _HASH.fullmatch(text):
        return _("file {start}…").format(start=text[:8])
    return codes.get(text, text)
