"""Files of a declaration: proofs, attachments of the standard's list, and the photo."""

import dataclasses
import re
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext as _
from PIL.Image import Image

from applications.models import Declaration, Material, Photo
from appraisal_portal.kernel import files, inspection
from appraisal_portal.kernel.files import UploadRefused
from appraisal_portal.kernel.portrait import Crop


def add_material(declaration: Declaration, code: str, file: Any, *, owner: Any, required_by: str = "") -> Material:
    """Take one more file for what ``code`` stands for ("achievement-7", "diploma"); ``required_by``: the item of the
    standard that demands it ("questions:q1"). Call inside ``save_section``.

    The same file sent again (a page that was answered too late, an old tab) is there already and stands once.
    Raises UploadRefused with the reason in words (type, size, too many files).
    """
    there = _sent_before(declaration, code, file)
    if there is not None:
        return there
    room_for(declaration, file.size or 0)
    upload = files.accept_upload(file, owner=owner)
    return Material.objects.create(
        declaration=declaration, code=_free_code(declaration, code), upload=upload, required_by=required_by
    )


def _sent_before(declaration: Declaration, code: str, file: Any) -> Material | None:
    """What proves this already with the same name and content."""
    found = declaration.materials.filter(
        code__regex=rf"^{re.escape(code)}(\.|$)",
        removed=False,
        superseded_by=None,
        **files.sent_as("upload", file),
    )
    return found.first()


def room_for(declaration: Declaration, size: int) -> None:
    """Raise UploadRefused when one more file of ``size`` bytes is too much for the declaration."""
    kept = declaration.materials.filter(removed=False, superseded_by=None)
    if kept.count() >= settings.PORTAL_DECLARATION_FILES:
        raise UploadRefused(
            _("A declaration holds at most {limit} files. Remove one first or join several.").format(
                limit=settings.PORTAL_DECLARATION_FILES
            )
        )
    total = (kept.aggregate(total=Sum("upload__size"))["total"] or 0) + size
    if total > settings.PORTAL_DECLARATION_BYTES:
        raise UploadRefused(
            _("All files together are larger than {limit} MB. Scan them with a lower resolution.").format(
                limit=settings.PORTAL_DECLARATION_BYTES // 1024 // 1024
            )
        )


def _free_code(declaration: Declaration, code: str) -> str:
    """ "achievement-7", then "achievement-7.2", "achievement-7.3": several files may prove one thing."""
    taken = set(declaration.materials.filter(code__startswith=code).values_list("code", flat=True))
    if code not in taken:
        return code
    number = 2
    while f"{code}.{number}" in taken:
        number += 1
    return f"{code}.{number}"


def replace_material(material: Material, file: Any, *, owner: Any) -> Material:
    """A new version of a file; the one before stays, marked as replaced. Raises UploadRefused."""
    upload = files.accept_upload(file, owner=owner)
    newer: Material = Material.objects.create(
        declaration=material.declaration,
        code=material.code,
        upload=upload,
        version=material.version + 1,
        required_by=material.required_by,
    )
    material.superseded_by = newer
    material.save(update_fields=["superseded_by"])
    return newer


def remove_material(declaration: Declaration, pk: int) -> None:
    """Take a file out of the declaration; its row stays, because snapshots may name it."""
    declaration.materials.filter(pk=pk).update(removed=True)


def set_photo(declaration: Declaration, file: Any, *, owner: Any) -> Photo:
    """The certificate photo (证件照): checked, kept, cut for the print; the one before stays as a row. Raises
    UploadRefused with every reason.
    """
    return _put_photo(declaration, files.accept_photo(file, owner=owner))


def picture_of(photo: Photo) -> Image:
    """The original of a photo, to be looked at and cut. Raises DamagedFile."""
    return inspection.decoded(files.open_upload(photo.source), photo.source.original_name)


def recrop_photo(photo: Photo, crop: Crop) -> Photo:
    """The same original cut differently; the photo before stays as a row. The same crop again changes nothing."""
    if crop == photo.crop:
        return photo
    return _put_photo(photo.declaration, files.recrop_photo(photo.source, crop))


def _put_photo(declaration: Declaration, taken: files.AcceptedPhoto) -> Photo:
    declaration.photos.filter(current=True).update(current=False)
    return Photo.objects.create(
        declaration=declaration,
        original=taken.original,
        upload=taken.printed,
        sha256=taken.printed.sha256,
        findings=taken.findings,
        **dataclasses.asdict(taken.crop),
    )


def photo_bytes(declaration: Declaration) -> bytes | None:
    """The current photo as JPEG of 358 × 441, or None. Raises DamagedFile."""
    photo = declaration.photos.filter(current=True).select_related("upload").first()
    return files.open_upload(photo.upload) if photo else None
