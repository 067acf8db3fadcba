"""The personal archive (个人业绩库): kept by the person, verified by the unit, used in declarations."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Achievement, ArchivedAchievement, ArchiveFile, Declaration, Material
from applications.rules.archive import FIELDS, files_sha256, same_claim
from applications.services import drafts
from applications.services.files import room_for
from appraisal_portal.kernel import clock, files
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem


@dataclass(frozen=True)
class Known:
    """What the clerk reads beside an achievement: when, by whom and against which file its entry was verified.

    ``same``: claim and files are still those; otherwise it needs checking anew.
    """

    entry: ArchivedAchievement
    same: bool


def _uploads(declaration: Any) -> dict[int, list[Any]]:
    """Achievement number → stored files that prove it now."""
    found: dict[int, list[Any]] = {}
    current = declaration.materials.filter(superseded_by=None, removed=False, code__startswith="achievement-")
    for material in current.select_related("upload"):
        number = material.code.partition(".")[0].removeprefix("achievement-")
        if number.isdigit():
            found.setdefault(int(number), []).append(material.upload)
    return found


def keep(
    person: Any, values: dict[str, Any], *, entry: ArchivedAchievement | None = None, file: Any = None, owner: Any
) -> ArchivedAchievement:
    """Write an entry: a new one, an unverified one changed in place, or a new version of a verified one, which stays.

    Raises UploadRefused, NotAllowed (somebody else's) and Blocked (there is a newer version).
    """
    with transaction.atomic():
        if entry is not None:
            entry = ArchivedAchievement.objects.select_for_update(of=("self",)).get(pk=entry.pk)
            if entry.person_id != person.pk:
                raise NotAllowed(_("This entry belongs to somebody else."))
            if hasattr(entry, "next"):
                raise Blocked(Problem(_("There is a newer version of this entry. Please change that one.")))
        before = entry if entry is not None and entry.verified_at else None
        row = ArchivedAchievement(person=person, previous=before) if entry is None or before else entry
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        if before is not None:
            _take(row, [kept.upload for kept in before.files.select_related("upload")])
        if file and not row.files.filter(**files.sent_as("upload", file)).exists():
            _take(row, [files.accept_upload(file, owner=owner)])
    return row


def drop_file(entry: ArchivedAchievement, pk: int) -> None:
    """Take a file out of an entry that is not verified; the stored file stays, declarations may use it."""
    if entry.verified_at is None:
        entry.files.filter(pk=pk).delete()


def _take(entry: ArchivedAchievement, uploads: Iterable[Any]) -> None:
    for upload in uploads:
        ArchiveFile.objects.get_or_create(entry=entry, upload=upload)


def save_back(achievement: Achievement) -> ArchivedAchievement:
    """The archive entry of a declaration's row: the linked one, or a new one, or a new version where it differs."""
    with transaction.atomic():
        row = Achievement.objects.select_for_update(of=("self",)).select_related("archived").get(pk=achievement.pk)
        return _entry_for(row, _uploads(row.declaration).get(row.pk, []))


def _entry_for(row: Achievement, uploads: list[Any]) -> ArchivedAchievement:
    linked = _newest(row.archived) if row.archived else None
    there = [kept.upload for kept in linked.files.select_related("upload")] if linked else []
    if linked is not None and same_claim(linked, row) and _hash(there) == _hash(uploads):
        entry = linked
    else:
        entry = ArchivedAchievement.objects.create(
            person_id=row.declaration.applicant_id,
            previous=linked,
            **{name: getattr(row, name) for name in FIELDS},
        )
        _take(entry, uploads)
    if row.archived_id != entry.pk:
        Achievement.objects.filter(pk=row.pk).update(archived=entry)
    return entry


def _newest(entry: ArchivedAchievement) -> ArchivedAchievement:
    while hasattr(entry, "next"):
        entry = entry.next
    return entry


def _hash(uploads: Iterable[Any]) -> str:
    return files_sha256(upload.sha256 for upload in uploads)


def verify_all(declaration: Any, *, actor: Any) -> None:
    """The unit has found every achievement true: each stands in the archive, verified against these files.

    An entry verified before with the same claim and files stays as it is; a changed one gets a new version.
    """
    uploads = _uploads(declaration)
    for row in declaration.achievements.select_related("archived"):
        if not row.title:
            continue
        found = uploads.get(row.pk, [])
        entry = _entry_for(row, found)
        if entry.verified_at is None:
            entry.verified_by_id, entry.verified_unit_id = actor.pk, declaration.unit_id
            entry.verified_at, entry.verified_sha256 = clock.now(), _hash(found)
            entry.save()


def known_of(declaration: Any) -> dict[str, Known]:
    """Item code → what the archive knows of it; two queries whatever the number of rows."""
    rows = declaration.achievements.filter(archived__verified_at__isnull=False).select_related(
        "archived__verified_by", "archived__verified_unit"
    )
    uploads = _uploads(declaration) if rows else {}
    return {
        f"achievements:{row.pk}": Known(
            row.archived,
            same_claim(row.archived, row) and row.archived.verified_sha256 == _hash(uploads.get(row.pk, [])),
        )
        for row in rows
    }


def add_to_declaration(
    declaration: Declaration, entries: Iterable[ArchivedAchievement], version: int, *, user: Any
) -> Declaration:
    """Use entries in a declaration: a row with its own copy and the same stored files. Those used already are left out.

    Raises what ``drafts.save_section`` raises, and UploadRefused where there is no room for the files.
    """
    chosen = list(entries)

    def write(locked: Declaration) -> None:
        used = set(locked.achievements.values_list("archived_id", flat=True))
        for entry in chosen:
            if entry.person_id != locked.applicant_id:
                raise NotAllowed(_("This entry belongs to somebody else."))
            if entry.pk in used:
                continue
            row = Achievement.objects.create(
                declaration=locked, archived=entry, **{name: getattr(entry, name) for name in FIELDS}
            )
            for number, kept in enumerate(entry.files.select_related("upload"), start=1):
                room_for(locked, kept.upload.size)
                code = f"achievement-{row.pk}" + (f".{number}" if number > 1 else "")
                Material.objects.create(declaration=locked, code=code, upload=kept.upload)

    return drafts.save_section(declaration, "achievements", version, user=user, write=write)
