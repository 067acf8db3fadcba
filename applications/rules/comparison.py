"""What changed, side by side, in words: for applicant, unit and office (对照)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from applications.rules.corrections import NEW, Change, split
from applications.rules.items import asked_as
from applications.rules.words import SECTIONS, field_label, shown
from appraisal_portal.kernel import identity, masking

_MASKED = {"id_number": identity.mask, "phone": masking.mask_phone}
_NAMES = (
    "title",
    "name",
    "text",
    "school",
    "unit_name",
    "content",
    "year",
    "asked",
)  # what names a row: the first that is filled in
_HIDDEN = frozenset({"pk", "id_kind", "asked"})
_NOTHING: tuple[object, ...] = (None, "", [], {})


@dataclass(frozen=True)
class FileShown:
    """A file by name and hash; ``upload`` is its number where it may still be opened; ``picture``: to be looked at."""

    name: str
    sha256: str
    upload: Any = None
    picture: bool = False

    @property
    def short(self) -> str:
        """The first characters of the hash, enough to tell two files apart."""
        return self.sha256[:12]


@dataclass(frozen=True)
class Side:
    """One field before and after; files where it is about files."""

    label: str
    before: str = ""
    after: str = ""
    files_before: tuple[FileShown, ...] = ()
    files_after: tuple[FileShown, ...] = ()
    same: bool = False


@dataclass(frozen=True)
class Compared:
    """One changed thing for the page: ``kind`` added, changed or removed, its fields, the reason it was asked for."""

    code: str
    label: str
    kind: str
    kind_words: str
    sides: tuple[Side, ...]
    reasons: tuple[str, ...] = ()
    again: bool = False  # to be confirmed and publicised again


def name_of(section: str, row: Any) -> str:
    """ "Education: 浙江大学": section and what names the row."""
    words = str(SECTIONS.get(section, section))
    said = next((str(row[name]) for name in _NAMES if row.get(name)), "") if isinstance(row, Mapping) else ""
    return _("{section}: {what}").format(section=words, what=said) if said else words


def label_of(change: Change, attachments: Mapping[str, str]) -> str:
    """Name of a change, with the fields where only some of a block differ; ``attachments``: their names by code."""
    if change.section == "attachments":
        what = attachments.get(change.key, change.key)
        return _("{section}: {what}").format(section=SECTIONS["attachments"], what=what)
    if change.key:
        return name_of(change.section, change.before or change.after)
    words = str(SECTIONS.get(change.section, change.section))
    fields = _(", ").join(field_label(change.section, name) for name in sorted(change.fields))
    return _("{section}: {what}").format(section=words, what=fields) if change.section != "photo" else words


def label_of_item(item: Any) -> str:
    """Name of what a slip names: section and field by their code in the reader's language, between them what names the
    row, in the words of the standard or as it was typed."""
    section, key, field = split(item.item)
    words = str(SECTIONS.get(section, section))
    if key == NEW:
        return _("{section}: a further entry").format(section=words)
    named = (asked_as(item.slip.declaration, section, key) or item.named) if key else ""
    whole = _("{section}: {what}").format(section=words, what=named) if named else words
    if not field:
        return whole
    return _("{section}: {what}").format(section=whole, what=field_label(section, field))


_KINDS = {"added": lambda: _("added"), "removed": lambda: _("removed"), "changed": lambda: _("changed")}


def compared(
    found: Iterable[Change],
    reasons: Mapping[str, str],
    again: Sequence[Change],
    uploads: Mapping[str, Any],
    attachments: Mapping[str, str],
) -> list[Compared]:
    """Changes for the page; ``reasons``: item code → why it was asked for; ``uploads``: hash of a file → its number;
    ``attachments``: code of an attachment → its name."""
    return [
        Compared(
            change.code,
            label_of(change, attachments),
            change.kind,
            _KINDS[change.kind](),
            tuple(_sides(change, uploads)),
            tuple(reason for code, reason in reasons.items() if _concerns(code, change)),
            change in again,
        )
        for change in found
    ]


def _concerns(code: str, change: Change) -> bool:
    section, key, field = split(code)
    if section != change.section or (field and field not in change.fields):
        return False
    return not key or key == change.key or (key == NEW and change.before is None)


def _sides(change: Change, uploads: Mapping[str, Any]) -> list[Side]:
    if change.section == "photo":
        files = [
            (FileShown(_("Photograph"), sha, uploads.get(sha), picture=True),) if sha else ()
            for sha in (change.before, change.after)
        ]
        return [Side(_("Photograph"), files_before=files[0], files_after=files[1])]
    if change.section == "attachments":
        return [
            Side(_("Files"), files_before=_files(change.before, uploads), files_after=_files(change.after, uploads))
        ]
    before, after = change.before or {}, change.after or {}
    shown_names = [name for name in {**before, **after} if name not in _HIDDEN]
    if not change.key:  # of a long block only what differs
        shown_names = [name for name in shown_names if name in change.fields]
    sides = []
    for name in shown_names:
        old, new = before.get(name), after.get(name)
        label = field_label(change.section, name)
        if name == "files":
            if old or new:
                sides.append(
                    Side(label, files_before=_files(old, uploads), files_after=_files(new, uploads), same=old == new)
                )
        elif old not in _NOTHING or new not in _NOTHING:
            sides.append(
                Side(label, _words(change.section, name, old), _words(change.section, name, new), same=old == new)
            )
    return sides


def _files(found: Any, uploads: Mapping[str, Any]) -> tuple[FileShown, ...]:
    return tuple(FileShown(row["name"], row["sha256"], uploads.get(row["sha256"])) for row in found or ())


def _words(section: str, name: str, value: Any) -> str:
    if value in _NOTHING:
        return ""
    if isinstance(value, Mapping):
        return "\n".join(str(each) for each in value.values())
    if isinstance(value, list):
        return "\n".join(
            " ".join(str(v) for k, v in row.items() if k not in ("pk", "files") and v)
            if isinstance(row, Mapping)
            else " · ".join(str(cell) for cell in row)
            if isinstance(row, list)
            else str(row)
            for row in value
        )
    mask = _MASKED.get(name)
    return mask(str(value)) if mask else shown(section, name, value)
