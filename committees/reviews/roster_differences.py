"""What two contents of 3-1, 3-2 and 3-3 say differently: persons added or gone, and each field with both its values."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.kernel import differences as in_words
from appraisal_portal.kernel import documents, identity
from committees.reviews.querysets.conflict import known_among

LETTER_WORDS = {
    "committee": gettext_lazy("Committee"),
    "office": gettext_lazy("Committee office"),
    "year": gettext_lazy("Year"),
    "channel": gettext_lazy("Channel"),
    "level": gettext_lazy("Level"),
    "titles": gettext_lazy("Title"),
    "specialties": gettext_lazy("Specialty"),
    "applied_on": gettext_lazy("Applied for on"),
    "meets_on": gettext_lazy("Day of the meeting"),
    "meets_at": gettext_lazy("beginning"),
    "place": gettext_lazy("Place"),
    "method": gettext_lazy("Method"),
    "n_declared": gettext_lazy("persons examined"),
    "n_qualified": gettext_lazy("persons qualified"),
    "n_disqualified": gettext_lazy("persons not qualified"),
    "n_members": gettext_lazy("Members of the committee"),
    "n_expected": gettext_lazy("Members expected to attend"),
    "contact": gettext_lazy("Contact"),
    "phone": gettext_lazy("Telephone"),
}
"""What the facts of the letter are called on a page."""


ADDED, REMOVED, CHANGED, LETTER, ORDER, KEPT = "added", "removed", "changed", "letter", "order", "kept"
KINDS = {
    REMOVED: gettext_lazy("no longer listed"),
    ADDED: gettext_lazy("newly listed"),
    CHANGED: gettext_lazy("changed"),
    LETTER: gettext_lazy("letter 3-1"),
    ORDER: gettext_lazy("order of the rows"),
    KEPT: gettext_lazy("A person you keep away from"),
}
"""What a line of the comparison is about."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One line: ``kind`` of :data:`KINDS`, the person (``name``, ``number`` of the declaration), ``what`` field, and
    what it said ``before`` and ``after``; document numbers masked. ``case`` is the key of the declaration."""

    kind: str
    name: str = ""
    number: str = ""
    what: str = ""
    before: str = ""
    after: str = ""
    case: int | None = None

    @property
    def words(self) -> str:
        """The kind in words."""
        return str(KINDS[self.kind])

    def __str__(self) -> str:
        if self.kind == LETTER:
            return _("3-1, {what}: {was} → {now}").format(what=self.what, was=self.before, now=self.after)
        if self.kind == REMOVED:
            return _("3-2, no longer listed: {name} ({number})").format(name=self.name, number=self.number)
        if self.kind == ADDED:
            return _("3-2, newly listed: {name} ({number})").format(name=self.name, number=self.number)
        if self.kind == ORDER:
            return _("3-2: the order")
        if self.kind == KEPT:
            return _("3-2: {what}").format(what=self.words)
        what = _("{what}: {was} → {now}").format(what=self.what, was=self.before, now=self.after)
        what = what if self.before != self.after else self.what
        return _("3-2, {name} ({number}): {what}").format(name=self.name, number=self.number, what=what)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """The letter first, then who is gone, who came, what changed of the others, last the order."""
    for key, value in after["letter"].items():
        if before["letter"].get(key) != value:
            yield Difference(LETTER, "", "", str(LETTER_WORDS[key]), _plain(before["letter"].get(key)), _plain(value))
    old = {row["declaration"]: row for row in before["roster"]}
    new = {row["declaration"]: row for row in after["roster"]}
    for pk, row in old.items():
        if pk not in new:
            yield Difference(REMOVED, row["name"], row["number"], case=pk)
    for pk, row in new.items():
        if pk not in old:
            yield Difference(ADDED, row["name"], row["number"], case=pk)
    for pk, row in new.items():
        if pk in old:
            yield from _of_person(old[pk], row)
    if list(old) != list(new) and set(old) == set(new):
        yield Difference(ORDER)


def told_to(user: Any, lines: Iterable[Difference]) -> Iterator[Difference]:
    """The lines as this reader may know them: of whom an office's reader keeps away from only that something differs,
    in one line for all (P12).
    """
    found = list(lines)
    known = known_among(user, {line.case for line in found if line.case is not None})
    yield from (line for line in found if line.case is None or line.case in known)
    if any(line.case is not None and line.case not in known for line in found):
        yield Difference(KEPT)


def of_rosters(meeting: Any, before: Any, after: Any, reader: Any) -> Iterator[in_words.Difference]:
    """The lines in which the rosters differ that two contents of a meeting's decision name by their hashes."""
    hashes = [str((content or {}).get("snapshot")) for content in (before, after)]
    kept = {row.sha256: row.content for row in meeting.snapshots.filter(sha256__in=hashes)}
    if hashes[0] == hashes[1] or not all(sha256 in kept for sha256 in hashes):
        return
    lines = differences(kept[hashes[0]], kept[hashes[1]])
    said = {ADDED: (_("not listed"), _("listed")), REMOVED: (_("listed"), _("not listed"))}
    for line in told_to(reader, (one for one in lines if one.kind != LETTER)):
        who = _("{name} ({number})").format(name=line.name, number=line.number)
        if line.kind in said:
            yield in_words.Difference(f"3-2 › {who}", *said[line.kind])
        elif line.kind == CHANGED:
            yield in_words.Difference(f"3-2 › {who} › {line.what}", line.before, line.after)
        else:
            yield in_words.Difference(str(line), "", "")


def _of_person(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    columns: Any = documents.registry["3-2"].columns
    found = False
    for column in columns:
        was, now = old.get(column.key), new.get(column.key)
        if column.key == "seq" or was == now:
            continue
        found = True
        if column.key == "id_number":
            was, now = identity.mask(str(was)), identity.mask(str(now))
        about = new["name"], new["number"]
        yield Difference(CHANGED, *about, column.title, _plain(was), _plain(now), new["declaration"])
    if not found and old.get("snapshot_sha256") != new.get("snapshot_sha256"):
        yield Difference(CHANGED, new["name"], new["number"], _("material"), case=new["declaration"])


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return _(", ").join(map(str, value))
    return "—" if value in (None, "") else str(value)
