"""What a correction slip opens, what has changed under it, and what follows from that. Pure functions over contents.

A code names one thing: a section ("hours"), a row ("education:12"), a field ("person.current_post"), the files of a
row ("achievements:7.files"), files of the standard's list ("attachments:diploma"), a further row ("achievements:new").
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from appraisal_portal.kernel.approvals import canonical

Content = Mapping[str, Any]

NEW = "new"
ROW_SECTIONS = (
    "education", "title", "hours", "experience", "achievements", "assessments", "relief", "questions",
    "self_scoring",
)  # fmt: skip
"""Sections of rows by number, of the standard's own by code; "experience" holds two lists, its rows are "work-5" and
"training-5"."""
PUBLICISED: dict[str, frozenset[str] | None] = {
    "application": frozenset({"title", "subfield", "specialty", "level", "route"}),
    "education": frozenset({"level", "degree", "mode", "school", "major", "finished_on"}),
    "title": frozenset({"level", "name", "series", "by_exam", "obtained_on", "authority", "appointed_on"}),
    "experience": None,
    "class": None,
    "relief": None,
    "achievements": frozenset({"kind", "title", "role", "rank", "reached_on", "level", "before_title"}),
}
"""What colleagues read in the publicity inside the unit → its fields; None: all. A file is evidence, not publicised."""
CONTACT = {"person": frozenset({"phone", "email"})}
"""Says how to reach somebody and claims nothing: no signature depends on it, no check and no publicity."""
NOT_ON_THE_FORM: dict[str, frozenset[str] | None] = {
    "application": None,
    "person": frozenset({"name", "gender", "birth_date", "id_kind", "id_number", "phone", "email"}),
}
"""Kept with account, unit and plan → its fields; None: all. No page of the form writes it or could turn it back, so it
is never a change nobody asked for."""


@dataclass(frozen=True)
class Change:
    """One thing that differs: ``key`` is a row's number, the code of an attachment or empty; ``fields`` what differs.

    ``before`` and ``after`` are the row, the section or the value; None where there was or is nothing.
    """

    section: str
    key: str
    fields: frozenset[str]
    before: Any
    after: Any

    @property
    def code(self) -> str:
        """How an item or a check names it."""
        return f"{self.section}:{self.key}" if self.key else self.section

    @property
    def kind(self) -> str:
        """added, removed or changed."""
        if self.before in (None, "", []):
            return "added"
        return "removed" if self.after in (None, "", []) else "changed"

    @property
    def only_files(self) -> bool:
        """The same claim with other files: a better scan."""
        return self.section in ("photo", "attachments") or self.fields <= {"files"}


@dataclass(frozen=True)
class Consequence:
    """What changes under a slip lead to: ``publicise`` is confirmed by the unit and publicised again (重新公示),
    ``sign`` is every change 2-9 is signed again for, ``nothing`` needs neither.
    """

    publicise: tuple[Change, ...]
    sign: tuple[Change, ...]
    nothing: tuple[Change, ...]


def _rows(value: Any) -> dict[str, Mapping[str, Any]]:
    if isinstance(value, Mapping):
        return {f"{name}-{row['pk']}": row for name, rows in value.items() for row in rows}
    return {str(row["pk"]): row for row in value or ()}


def _differs(old: Content, new: Content) -> frozenset[str]:
    return frozenset(name for name in {*old, *new} if old.get(name) != new.get(name) and name != "pk")


def changes(before: Content, after: Content) -> list[Change]:
    """Everything that differs, in the order of the contents; each row, attachment or whole block once."""
    old, new = canonical(before), canonical(after)
    return [found for section in {**old, **new} for found in _of(section, old.get(section), new.get(section))]


def _of(section: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    if section in ROW_SECTIONS:
        was, now = _rows(old), _rows(new)
        for key in {**was, **now}:
            fields = _differs(was.get(key, {}), now.get(key, {}))
            if fields:
                yield Change(section, key, fields, was.get(key), now.get(key))
    elif section == "attachments":
        was, now = old or {}, new or {}
        for key in sorted({*was, *now}):
            if was.get(key) != now.get(key):
                yield Change(section, key, frozenset({"files"}), was.get(key), now.get(key))
    elif section == "photo":
        yield Change(section, "", frozenset({"files"}), old, new)
    else:
        yield Change(section, "", _differs(old or {}, new or {}), old, new)


def whole_of(code: str) -> str:
    """The item a code names or names a field of: "education:12" of "education:12.school"."""
    section, key, _field = split(code)
    return f"{section}:{key}" if key else section


def split(code: str) -> tuple[str, str, str]:
    """(section, key, field) of a code; what it does not name is empty."""
    # The code of an attachment may hold anything but ":"; only rows and blocks have fields.
    section, _colon, rest = code.partition(":")
    if section == "attachments":
        return section, rest, ""
    if rest:
        key, _dot, field = rest.partition(".")
        return section, key, field
    section, _dot, field = section.partition(".")
    return section, "", field


@dataclass(frozen=True)
class Opening:
    """What the items of a slip open for writing. ``before``: the content the slip was written over."""

    codes: frozenset[str]
    before: Content

    @classmethod
    def of(cls, codes: Iterable[str], before: Content | None = None) -> "Opening":
        """From the codes of the items."""
        return cls(frozenset(codes), before or {})

    @property
    def sections(self) -> frozenset[str]:
        """Pages of the form on which something is open."""
        return frozenset(split(code)[0] for code in self.codes)

    def whole(self, section: str, key: str = "") -> bool:
        """The whole section, or this row of it."""
        return section in self.codes or bool(key and f"{section}:{key}" in self.codes)

    def named(self, section: str, key: str) -> str:
        """How an item names the row with this key: a row added under the slip is the further one it asked for."""
        added = bool(key) and section in ROW_SECTIONS and key not in _rows(self.before.get(section))
        return NEW if added else key

    def field(self, section: str, key: str, name: str) -> bool:
        """One field, named itself or inside something that is named."""
        own = f"{section}:{key}.{name}" if key else f"{section}.{name}"
        return self.whole(section, key) or own in self.codes

    def further(self, section: str) -> bool:
        """Whether a row may be added; a section of rows that had none is named as a whole."""
        return self.whole(section, NEW)

    def allows(self, change: Change) -> bool:
        """Whether a change stays within what was named."""
        if change.section in ROW_SECTIONS and change.before is None:
            return self.further(change.section)
        if change.section in ROW_SECTIONS and change.after is None:
            return self.whole(change.section, change.key)
        elsewhere = NOT_ON_THE_FORM.get(change.section, frozenset())
        asked = frozenset() if elsewhere is None else change.fields - elsewhere
        return all(self.field(change.section, change.key, name) for name in asked)

    def beyond(self, found: Iterable[Change]) -> list[Change]:
        """Changes nobody asked for."""
        return [change for change in found if not self.allows(change)]


def part(content: Content, code: str) -> Any:
    """What an item says in a content: section, row, field, files; None where there is nothing (yet)."""
    section, key, field = split(code)
    value = content.get(section)
    if key == NEW:
        return None
    if key and section == "attachments":
        return (value or {}).get(key)
    if key:
        value = _rows(value).get(key) if section in ROW_SECTIONS else (value or {}).get(key)
    if field:
        return value.get(field) if isinstance(value, Mapping) else None
    return value


def after_of(before: Content, after: Content, code: str) -> Any:
    """What an item says once it is answered; of a further row: the rows that were added."""
    section, key, _field = split(code)
    if key == NEW:
        return [
            change.after for change in changes(before, after) if change.section == section and change.before is None
        ]
    return part(after, code)


def _publicised(change: Change) -> bool:
    if change.section not in PUBLICISED:
        return False
    fields = PUBLICISED[change.section]
    return bool(change.fields - {"files"} if fields is None else change.fields & fields)


def _claims(change: Change) -> bool:
    """Whether anything is stated differently; another scan, photo or telephone number states nothing new."""
    if change.only_files:
        return change.section == "attachments" and change.kind == "added"
    return bool(change.fields - CONTACT.get(change.section, frozenset()) - {"files"})


def only_contact(before: Content, after: Content) -> bool:
    """Whether nothing differs but how to reach the person."""
    return all(change.fields <= CONTACT.get(change.section, frozenset()) for change in changes(before, after))


def consequence(before: Content, after: Content) -> Consequence:
    """What follows from a correction (issue 3): a changed publicised field (education, title, history, achievements) is
    confirmed by the unit and publicised again; every changed claim is signed again on 2-9; photo, telephone and a
    better scan of the same claim need neither.
    """
    publicise, sign, nothing = [], [], []
    for change in changes(before, after):
        if _publicised(change):
            publicise.append(change)
        if change in publicise or _claims(change):
            sign.append(change)
        else:
            nothing.append(change)
    return Consequence(tuple(publicise), tuple(sign), tuple(nothing))
