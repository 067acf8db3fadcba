"""What changed between two contents that two people decide on, named and valued as people read it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

MOST = 5
"""Changes that a refusal names; the page shows the whole content."""
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
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Difference:
    """One entry that differs; ``before`` or ``after`` is None where it did not exist."""

    path: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        if self.before is None:
            said = _("added: {value}") if self.after else _("added")
        elif self.after is None:
            said = _("gone: {value}") if self.before else _("gone")
        else:
            return f"{self.path}{_(': ')}{self.before or '—'} → {self.after or '—'}"
        return f"{self.path}{_(': ')}{said.format(value=self.after or self.before)}"


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
    codes = _codes(model)
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


def _entry(row: Any, first: type[models.Model] | None, codes: dict[str, str]) -> tuple[str, str]:
    cells = row if isinstance(row, list) else [row]
    rest = [_plain(cell, None, codes) for cell in cells[1:]]
    return _plain(cells[0], first, codes), " · ".join(cell for cell in rest if cell)


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
